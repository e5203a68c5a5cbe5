import { actAs, must, pathOf, waitFor } from "../../control-plane/act.ts";
import type { Stored } from "../../control-plane/story.ts";
import type { Attack } from "./attack.ts";
import { accountUser, getAs } from "./impersonate.ts";
import { clearPods, FOREVER, harmless, nodeMayGet, podSpec } from "./kubelet.ts";
import { READER, reader, SECRET, type Stage } from "./stage.ts";

const AUTHENTICATION = "authentication.k8s.io";

/** The attacker's own pod. */
const OWN_POD = "own";

/** A pod on the fake node that has the Secret, so that the node may get it, and one of the attacker's. */
async function podOnNode(stage: Stage): Promise<void> {
  await clearPods(stage);
  const create = (name: string, spec: Stored) =>
    must(stage.plane, "POST", pathOf("Pod", stage.namespace), { metadata: { name, annotations: FOREVER }, spec });
  await create("victim", podSpec(stage));
  await create(OWN_POD, harmless(stage, { serviceAccountName: stage.account }));
  await waitFor("the node to be let at the Secret", () => nodeMayGet(stage));
}

function nodeUser({ plane }: Stage): string {
  return `system:node:${String(plane.node)}`;
}

function modes(): (Pick<Attack, "how" | "arrange"> & {
  mode: string;
  who: (stage: Stage) => ReturnType<Stage["here"]>;
  get: (stage: Stage) => Promise<string>;
  /** The pod that its token is bound to. */
  from?: string;
})[] {
  return [
    {
      mode: "serviceaccount",
      how: "an account that may read the Secret",
      who: (stage) => stage.here("impersonate:serviceaccount", `serviceaccounts.${AUTHENTICATION}`, READER),
      arrange: (stage) => reader(stage),
      get: (stage) => getAs(stage, accountUser(stage, READER)),
    },
    {
      mode: "user-info",
      how: "a user that may read the Secret",
      who: (stage) => stage.everywhere("impersonate:user-info", `users.${AUTHENTICATION}`, stage.unique),
      arrange: (stage) => reader(stage, { kind: "User", name: stage.unique }),
      get: (stage) => getAs(stage, stage.unique),
    },
    {
      mode: "arbitrary-node",
      how: "the node of a pod that has the Secret",
      who: (stage) =>
        stage.everywhere("impersonate:arbitrary-node", `nodes.${AUTHENTICATION}`, String(stage.plane.node)),
      arrange: podOnNode,
      get: (stage) => getAs(stage, nodeUser(stage)),
    },
    {
      mode: "associated-node",
      how: "the node that its own pod runs on, which a pod that has the Secret runs on as well",
      // The name in the question is always `*`, so a rule that names a node grants nothing.
      who: (stage) => stage.everywhere("impersonate:associated-node", `nodes.${AUTHENTICATION}`),
      arrange: podOnNode,
      from: OWN_POD,
      get: (stage) => getAs(stage, nodeUser(stage)),
    },
  ];
}

/**
 * The API server remembers for ten seconds whom it let impersonate whom, for a requester with all that its token says of
 * it (impersonation/cache.go): with a new token it has to ask the authorizer again.
 */
async function anew(stage: Stage, options: { pod?: string } = {}): Promise<Stage> {
  const { token } = await actAs(stage.plane, stage.namespace, stage.account, options);
  return { ...stage, send: (method, path, body, sent) => stage.send(method, path, body, { ...sent, token }) };
}

export const attacks: Attack[] = modes().map(({ mode, how, who, arrange, get, from }) => ({
  edge: "impersonate-constrained",
  how: `${mode}: ${how}`,
  rights: (stage) => [who(stage), stage.here(`impersonate-on:${mode}:get`, "secrets", SECRET)],
  ...(arrange ? { arrange } : {}),
  // Of what the token says, this mode compares the keys alone, and a new one does not help.
  ...(mode === "associated-node" ? { remembered: true as const } : {}),
  attack: async (stage) => get(await anew(stage, from === undefined ? {} : { pod: from })),
}));
