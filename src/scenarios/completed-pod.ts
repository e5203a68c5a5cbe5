import { plural } from "../exposure/triage/line.ts";
import type { WorkloadReplay } from "../model/replay-report.ts";
import { assessCompletedPod } from "./assess/completed-pod.ts";
import { others, withoutSuccess } from "./assess/credential-summary.ts";
import type { Scenario } from "./scenario.ts";

/** Adversary 1: reads credentials out of pods that have completed. */
export const completedPod: Scenario = {
  number: 1,
  id: "completed-pod",
  name: "completed pod, env credential",
  summary: "Reads credentials that stand as text in pods which have finished.",
  start: "may get and list the pods of a namespace",
  objective: "credentials that stand as text in pods which finished long ago and were never deleted",
  defence: "credentials are mounted as files from a Secret; a TTL deletes each Job with its pods",
  why: [
    "A pod that has finished runs nothing, and its object still shows every literal value to whoever may get or list pods.",
    "The built-in ClusterRole `view` may, and has no right on Secrets: the value is open to more identities than a Secret is.",
    "Without a TTL or history limits the objects stay until somebody deletes them, long after their work is done.",
  ],
  prevent: [
    "Mount credentials as files from a Secret: the pod then names it, and holds no value.",
    "Set `ttlSecondsAfterFinished`: the Job goes with its pods that long after it finished.",
    "Delete what is there already, evidence first: `kubectl cronaudit cleanup cronjob/NAME -n NAMESPACE`.",
    "Rotate every value that stood there.",
  ],
  controls: ["no-value-in-object", "ttl", "history-limit", "pod-deletion", "rbac"],
  related: ["literal-env", "literal-args", "literal-annotation", "termination-message", "pods-get", "pods-list"],
  attack: [
    { id: "T1552.007", name: "Unsecured Credentials: Container API" },
    { id: "T1613", name: "Container and Resource Discovery" },
  ],
  matrix: [
    { id: "MS-TA9027", name: "Application credentials in configuration files" },
    { id: "MS-TA9029", name: "Access Kubernetes API server" },
  ],
  source:
    "Kubernetes API reference, Pod: spec and status are served to whoever reads the pod; kubectl pkg/describe (describeContainerEnvVars); pkg/controller/ttlafterfinished",
  assess: assessCompletedPod,
  summarise,
};

function summarise(workloads: readonly WorkloadReplay[]): string {
  const fallen = workloads.filter(({ outcome }) => outcome === "succeeds");
  if (fallen.length === 0) return withoutSuccess(workloads, "no credential is used");
  const reads = fallen.flatMap(({ facts }) => (facts.kind === "completed-pod" ? facts.reads : []));
  // One credential may stand in several workloads; without a fingerprint each place is one.
  const keys = new Set(reads.map(({ fingerprint, object, path }) => fingerprint ?? JSON.stringify([object, path])));
  const [step] = fallen[0]!.path;
  const who = step?.as == null ? "pods get/list" : step.actor;
  return `${plural(keys.size, "credential")} by ${who}${others(fallen.length, workloads)}`;
}
