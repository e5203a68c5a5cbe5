import { mendSchedule } from "../exposure/mend-schedule.ts";
import { line, quote, target } from "../exposure/steps.ts";
import type { Control, ControlId } from "../model/replay-report.ts";
import type { CronJob, Job, Pod } from "../model/workload.ts";

/** The TTL of the threat model's hardened CronJob, in seconds; a longer one lets runs pile up. */
export const SHORT_TTL = 3600;

/** What each control does, in words. */
export const CONTROLS: Readonly<Record<ControlId, string>> = {
  "no-value-in-object": "the object names a Secret or mounts it as files, and holds no value",
  ttl: "ttlSecondsAfterFinished deletes a Job with its pods so long after it finished; until then they can be read",
  "history-limit": "the CronJob keeps no finished Job, nor its pods",
  "pod-deletion": "the finished pods are deleted; the next run leaves one again",
  rbac: "no role gives the right that it takes",
  "least-privilege": "the account reads only the Secrets that its workload names",
  "no-token": "the pod gets no token of its account (automountServiceAccountToken: false)",
  "concurrency-policy": "the controller starts no second run while one is active (concurrencyPolicy)",
  "active-deadline": "activeDeadlineSeconds ends a run before the next one starts",
  digest: "the image is named by its digest, so every run gets the same",
  "pull-policy": "the node runs the image that it has and asks no registry (imagePullPolicy: Never)",
  rotation: "the value has been changed, so that the old one opens nothing",
  "optimistic-lock": "a write names the resourceVersion that was read, and is refused where another came first",
};

/** A control by its id; `what` where more than the general words are known. */
export function control(id: ControlId, how: string | null = null, what = CONTROLS[id]): Control {
  return { id, what, how };
}

/** The cleanup of a workload's finished runs, evidence first. */
export function cleanUp(workload: CronJob | Job | Pod): string {
  return `kubectl cronaudit cleanup ${target(workload)}`;
}

/** A merge patch of an object by kubectl; it says so where the API server would refuse it. */
export function patch(object: CronJob | Job | Pod, change: object): string {
  const command = `kubectl patch ${target(object)} --type=merge -p ${quote(JSON.stringify(change))}`;
  return line(command, [mendSchedule(object)]);
}

/** Sets the TTL of a CronJob's runs to come, or of a Job; null for a pod, which has none. */
export function setTtl(object: CronJob | Job | Pod, seconds: number): string | null {
  const spec = { ttlSecondsAfterFinished: seconds };
  if (object.kind === "Pod") return null;
  return patch(object, { spec: object.kind === "Job" ? spec : { jobTemplate: { spec } } });
}

/** Sets both history limits of a CronJob. */
export function setHistoryLimits(cronJob: CronJob, successful: number, failed: number): string {
  return patch(cronJob, { spec: { successfulJobsHistoryLimit: successful, failedJobsHistoryLimit: failed } });
}
