import { podFinished, jobOutcome } from "../../batch/finish.ts";
import { title } from "../../batch/deletion.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import type { PodTemplate } from "../../model/workload.ts";

const SHOWN = 2;

/** Who of the batch work that is still to run names the Secret, in words: its pods would not start; null where nobody seen does. */
export function whoNeeds(
  { namespace, name }: { namespace: string; name: string },
  { cronjobs, jobs, pods }: Snapshot,
): string | null {
  const names = ({ secretReferences }: PodTemplate): boolean => secretReferences.some(({ secret }) => secret === name);
  const needing = [
    ...cronjobs.filter(({ job }) => names(job.template)),
    ...jobs.filter((job) => jobOutcome(job) === null && names(job.spec.template)),
    ...pods.filter((pod) => !podFinished(pod) && names(pod.template)),
  ].filter(({ meta }) => meta.namespace === namespace);
  if (needing.length === 0) return null;
  const shown = needing.slice(0, SHOWN).map(title).join(", ");
  const more = needing.length > SHOWN ? ` and ${String(needing.length - SHOWN)} more` : "";
  const verb = needing.length === 1 ? "names it, and its" : "name it, and their";
  return `${shown}${more} ${verb} next pods will not start`;
}
