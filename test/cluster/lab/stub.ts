import type { Json } from "../../../src/model/api.ts";
import type { AdversaryId } from "../../../src/model/replay-report.ts";
import type { Lab, Place, Twin } from "../../../src/scenarios/lab/stage.ts";

/** The objects of a twin: a reader, a Secret with the canary, a grant that the hardened form lacks, and a Job that runs. */
function objects({ namespace, image, node }: Place, { name, canary, hardenings }: Twin): Json[] {
  const metadata = { name, namespace };
  const [rbac, account] = ["rbac.authorization.k8s.io", { kind: "ServiceAccount", name, namespace }];
  const spec = {
    ...{ restartPolicy: "Never", terminationGracePeriodSeconds: 1, automountServiceAccountToken: false },
    ...(node === null ? {} : { nodeName: node }),
    containers: [{ name: "main", image, command: ["true"] }],
  };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    { apiVersion: "v1", kind: "Secret", metadata, stringData: { value: canary.value } },
    ...(hardenings.includes("no-grant")
      ? []
      : [
          {
            ...{ apiVersion: `${rbac}/v1`, kind: "Role", metadata },
            rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["get"] }],
          },
          {
            ...{ apiVersion: `${rbac}/v1`, kind: "RoleBinding", metadata },
            ...{ roleRef: { apiGroup: rbac, kind: "Role", name }, subjects: [account] },
          },
        ]),
    { apiVersion: "batch/v1", kind: "Job", metadata, spec: { template: { metadata: {}, spec } } },
  ];
}

/** A lab that takes a second: its reader gets the Secret with the canary, or is refused. */
export const stubLab: Lab = {
  predicted: "rbac",
  hardenings: [{ id: "no-grant", field: "RoleBinding", control: "rbac" }],
  differs: ["a stub"],
  seconds: 5,
  objects,
  variants: [{ id: "again", what: "the default form again", hardenings: [], predicted: "succeeded" }],
  async attack(stage, twin) {
    const { namespace } = stage.place;
    const path = `/api/v1/namespaces/${namespace}/secrets/${twin.name}`;
    const secret = (await stage.find(path)) as { metadata: { uid: string }; data: { value: string } };
    const actor = await stage.actAs(
      { namespace, name: twin.name },
      { kind: "Secret", name: twin.name, uid: secret.metadata.uid },
    );
    const isHard = twin.hardenings.includes("no-grant");
    const read = async () => {
      const answer = await actor.request({ method: "GET", path }, ({ status }) => `answer ${String(status)}`);
      // The authorizer learns of a grant a moment later.
      return answer.status === 403 && !isHard ? null : answer;
    };
    const answer = (await stage.wait("the grant", 10, read)) ?? (await read())!;
    if (answer.status === 403) return { outcome: "blocked", blockedBy: "rbac", because: answer.message ?? "" };
    const value = Buffer.from((answer.body["data"] as { value: string }).value, "base64").toString();
    return twin.canary.is(value)
      ? { outcome: "succeeded", blockedBy: null, because: `read ${twin.canary.fingerprint}` }
      : { outcome: "inconclusive", blockedBy: null, because: "no canary" };
  },
};

/** The stub in each adversary's place. */
export const stubLabs: Record<AdversaryId, Lab> = {
  "completed-pod": stubLab,
  "over-permissive-account": stubLab,
  "concurrent-rotation": stubLab,
  "image-substitution": stubLab,
  "stale-accumulation": stubLab,
};
