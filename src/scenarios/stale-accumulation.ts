import { plural } from "../exposure/triage/line.ts";
import type { WorkloadReplay } from "../model/replay-report.ts";
import { others, withoutSuccess } from "./assess/credential-summary.ts";
import { spanInWords, spanOf } from "./assess/history-span.ts";
import { assessStaleAccumulation } from "./assess/stale-accumulation.ts";
import type { Scenario } from "./scenario.ts";

/** Adversary 5: rebuilds weeks of credential history from Jobs and pods that nobody deleted. */
export const staleAccumulation: Scenario = {
  number: 5,
  id: "stale-accumulation",
  name: "stale accumulation",
  summary: "Rebuilds the history of credentials from Jobs and pods that nobody deleted.",
  start: "may list the Jobs and pods of a namespace",
  objective:
    "each credential's values over time, from runs that finished weeks ago: past ones too, and when they changed",
  defence:
    "a TTL deletes each Job with its pods an hour after it finished; history limits keep few; values are in files",
  why: [
    "Each retained run holds the values of its time, and its template cannot be changed: together they are a history.",
    "Values that were rotated in one place and not in another are found in it, and so is how often and how values change.",
    "A CronJob keeps three successful and one failed run by default; Jobs without a CronJob are kept without limit.",
  ],
  prevent: [
    "Set `ttlSecondsAfterFinished: 3600`, or history limits of 0 where nobody reads finished runs.",
    "Mount credentials as files from a Secret, so that runs hold no values.",
    "Delete what has piled up, evidence first: `kubectl cronaudit cleanup --older-than 24h`.",
    "Rotate the values that stood there, in every place that takes them.",
  ],
  controls: ["no-value-in-object", "ttl", "history-limit", "pod-deletion", "rotation", "rbac"],
  related: ["lingering", "literal-env", "jobs-list", "pods-list"],
  attack: [
    { id: "T1552.007", name: "Unsecured Credentials: Container API" },
    { id: "T1613", name: "Container and Resource Discovery" },
  ],
  matrix: [
    { id: "MS-TA9027", name: "Application credentials in configuration files" },
    { id: "MS-TA9029", name: "Access Kubernetes API server" },
  ],
  source:
    "pkg/controller/ttlafterfinished; pkg/controller/cronjob (cleanupFinishedJobs); templates of Jobs and pods are immutable (pkg/apis/batch/validation, pkg/apis/core/validation)",
  assess: assessStaleAccumulation,
  summarise,
};

function summarise(workloads: readonly WorkloadReplay[]): string {
  const fallen = workloads.filter(({ outcome }) => outcome === "succeeds");
  if (fallen.length === 0) return withoutSuccess(workloads, "no credential is used");
  const each = fallen.map(({ facts }) => (facts.kind === "stale-accumulation" ? facts.histories : []));
  const rotations = each.flat().reduce((sum, one) => sum + one.rotations, 0);
  const longest = Math.max(...each.map(spanOf));
  return `${spanInWords(longest)} of history, ${plural(rotations, "rotation")}${others(fallen.length, workloads)}`;
}
