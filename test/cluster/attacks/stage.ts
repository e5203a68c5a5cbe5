import { randomBytes } from "node:crypto";
import { actAs, allow, ensure, must, pathOf, waitFor, type Actor } from "../../control-plane/act.ts";
import type { Machine } from "../../control-plane/machine.ts";
import type { RealNode } from "../../control-plane/node/node.ts";
import type { Answer, ControlPlane, RequestOptions } from "../../control-plane/provider.ts";
import type { Stored } from "../../control-plane/story.ts";
import { Forbidden, type Right } from "./attack.ts";
import type { World } from "./world.ts";

/** The name of the Secret that holds the canary, under the key `password`, in the stage's namespace. */
export const SECRET = "canary";

/** The ServiceAccount of the stage's namespace that may get the canary, once `reader` made it. */
export const READER = "reader";

/** Where one edge is shown: a namespace with a Secret, and a fresh account that has no rights yet. */
export interface Stage {
  plane: ControlPlane;
  /** The node whose containers can be reached into. */
  machine: Machine;
  /** Where containers really run; only attacks `onRealNode` have it (nodeOf). */
  node: RealNode | null;
  namespace: string;
  /** The name of another namespace, which is there only for attacks that make it. */
  next: string;
  /** The value to obtain; keep it out of everything that is written. */
  canary: string;
  /** The name of the attacker's ServiceAccount. */
  account: string;
  attacker: Actor;
  /** The same for the whole stage, and its own: for what is not in a namespace. */
  unique: string;
  /** A right in the stage's namespace. */
  here(verb: string, resource: string, ...names: string[]): Right;
  /** A right by a ClusterRoleBinding. */
  everywhere(verb: string, resource: string, ...names: string[]): Right;
  /** Sends a request with the attacker's own token, unless `options` say otherwise. Throws Forbidden on 403, and on any other failure an Error with the reason. */
  send(method: string, path: string, body?: unknown, options?: RequestOptions): Promise<Stored>;
}

/** A name that no other attempt uses. */
export function fresh(prefix: string): string {
  return `${prefix}-${randomBytes(4).toString("hex")}`;
}

/** Opens a stage in a namespace of its own. */
export async function openStage({ plane, machine, node }: World): Promise<Stage> {
  const unique = fresh("edge");
  const namespace = unique;
  const canary = randomBytes(12).toString("hex");
  await must(plane, "POST", pathOf("Namespace", null), { metadata: { name: namespace } });
  await waitFor("the namespace's default account", async () => {
    const account = await plane.request("GET", pathOf("ServiceAccount", namespace, "default"));
    return account.status === 200;
  });
  const metadata = { namespace, name: SECRET };
  await ensure(plane, { apiVersion: "v1", kind: "Secret", metadata, stringData: { password: canary } });
  const account = "attacker";
  const attacker = await actAs(plane, namespace, account);
  return {
    plane,
    machine,
    node,
    namespace,
    next: `${unique}-next`,
    canary,
    account,
    attacker,
    unique,
    here: (verb, resource, ...names) => ({ verb, resource, namespace, names }),
    everywhere: (verb, resource, ...names) => ({ verb, resource, namespace: null, names }),
    send: async (method, path, body, options) =>
      granted(method, path, await plane.request(method, path, body, { token: attacker.token, ...options })),
  };
}

/** The real node of the stage. Throws where it has none. */
export function nodeOf({ node }: Stage): RealNode {
  if (node === null) throw new Error("the attack needs a real node: say onRealNode");
  return node;
}

function granted(method: string, path: string, { status, body }: Answer): Stored {
  if (status === 403) throw new Forbidden(`${method} ${path}`);
  // The server's message may quote what was sent; the reason does not.
  if (status >= 300) throw new Error(`${method} ${path}: ${String(status)} ${String(body?.reason)}`);
  return body;
}

/** The path of the Secret that holds the canary. */
export function canaryPath({ namespace }: Stage): string {
  return pathOf("Secret", namespace, SECRET);
}

/** The value in a Secret as the API answers it. Throws where it is not there. */
export function valueIn(secret: Stored, key = "password"): string {
  const value = secret?.["data"]?.[key];
  if (typeof value !== "string") throw new Error(`the answer holds no Secret with the key ${key}`);
  return Buffer.from(value, "base64").toString("utf8");
}

/** Gets the canary with another token, which has to be good at once or soon: the authorizer and the authenticator read caches. */
export async function getWith(stage: Stage, token: string): Promise<string> {
  return getUntilAllowed(stage, { token });
}

/** Gets the canary as soon as the server lets one, with these options. */
export async function getUntilAllowed(stage: Stage, options: RequestOptions): Promise<string> {
  return waitFor("the canary to be readable", async (note) => {
    const { status, body } = await stage.plane.request("GET", canaryPath(stage), undefined, options);
    note(String(status));
    return status === 200 ? valueIn(body) : null;
  });
}

/** Another account of the namespace, or another subject, that may get the canary and nothing else. */
export async function reader(
  { plane, namespace }: Stage,
  subject: { kind: "User" | "Group" | "ServiceAccount"; name: string } = { kind: "ServiceAccount", name: READER },
): Promise<void> {
  if (subject.kind === "ServiceAccount" && subject.name === READER) {
    await ensure(plane, { apiVersion: "v1", kind: "ServiceAccount", metadata: { namespace, name: READER } });
  }
  const subjects = [subject.kind === "ServiceAccount" ? { ...subject, namespace } : subject];
  await allow(plane, {
    name: "read-canary",
    namespace,
    subjects,
    verbs: ["get"],
    resources: ["secrets"],
    resourceNames: [SECRET],
  });
}
