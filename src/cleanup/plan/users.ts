import { podFinished, jobOutcome } from "../../batch/finish.ts";
import { title } from "../../batch/deletion.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import type { PodTemplate } from "../../model/workload.ts";
import { whatIsWhole } from "../../scope/seen.ts";

const SHOWN = 2;

/**
 * Who of the batch work that is still to run names the Secret, in words: its pods would not start. Where not all of that was seen
 * it says so, with the reason; null where all was seen, and nobody does.
 */
export function whoNeeds({ namespace, name }: { namespace: string; name: string }, snapshot: Snapshot): string | null {
  const { cronjobs, jobs, pods } = snapshot;
  const names = ({ secretReferences }: PodTemplate): boolean => secretReferences.some(({ secret }) => secret === name);
  const needing = [
    ...cronjobs.filter(({ job }) => names(job.template)),
    ...jobs.filter((job) => jobOutcome(job) === null && names(job.spec.template)),
    ...pods.filter((pod) => !podFinished(pod) && names(pod.template)),
  ].filter(({ meta }) => meta.namespace === namespace);
  const seen = whatIsWhole(snapshot);
  const hidden = (["cronjobs", "jobs", "pods"] as const).flatMap((resource) => seen(resource, namespace) ?? []);
  const blind = `who ${needing.length === 0 ? "" : "else "}names it was not all seen: ${hidden.join(", ")}`;
  const parts = [
    ...(needing.length === 0 ? [] : [namedBy(needing.map(title))]),
    ...(hidden.length === 0 ? [] : [blind]),
  ];
  return parts.length === 0 ? null : parts.join("; ");
}

function namedBy(titles: readonly string[]): string {
  const shown = titles.slice(0, SHOWN).join(", ");
  const more = titles.length > SHOWN ? ` and ${String(titles.length - SHOWN)} more` : "";
  const verb = titles.length === 1 ? "names it, and its" : "name it, and their";
  return `${shown}${more} ${verb} next pods will not start`;
}
