import type { Time } from "../model/object.ts";
import type { Earlier } from "../model/snapshot.ts";
import type { Found } from "./recover-findings.ts";
import type { Workload } from "./recover-present.ts";

const NAMES: Record<Workload, [one: string, many: string]> = {
  cronjobs: ["CronJob", "CronJobs"],
  jobs: ["Job", "Jobs"],
  pods: ["pod", "pods"],
};

/** How a look into the past went. */
export interface Course {
  /** The oldest resourceVersion at which all kinds could be listed, and the clock then; null where none could. */
  oldest: number | null;
  at: Time | null;
  /** For each kind, after which resourceVersion a watch gave every event. */
  reach: { resource: Workload; from: number | null }[];
  failures: string[];
  objects: Found;
  /** What was seen to be gone and was not brought back, in words. */
  left: Set<string>;
  /** Kinds that were not listed as they were. */
  unlisted: Set<Workload>;
}

/** Nothing was recovered, and this is why. */
export function notRecovered(why: string): { earlier: null; notes: string[] } {
  return { earlier: null, notes: [`deleted objects could not be recovered: ${why}`] };
}

/** What a snapshot keeps of a look into the past, and what it says about it. */
export function recoveryNotes(course: Course): { earlier: Earlier | null; notes: string[] } {
  const { oldest, at, reach, failures, objects, left, unlisted } = course;
  const { cronjobs, jobs, pods } = objects;
  const lists = { cronjobs, jobs, pods };
  const bounds = reach.map(({ resource, from }) => {
    const listed = unlisted.has(resource) ? Infinity : (oldest ?? Infinity);
    return { resource, version: Math.min(from ?? Infinity, listed) };
  });
  const known = bounds.filter(({ version }) => Number.isFinite(version));
  const unknown = bounds.filter(({ version }) => !Number.isFinite(version));
  const bound = Math.max(...known.map(({ version }) => version));
  const found = cronjobs.length + jobs.length + pods.length > 0;
  if (oldest === null && !found && !Number.isFinite(bound))
    return notRecovered(failures[0] ?? "this server gives nothing of the past");
  const everything = reach.every(({ from }) => from === 1);
  const since = everything
    ? "the server still shows all that was ever deleted"
    : Number.isFinite(bound)
      ? `${apartFrom(unknown)}the server still shows ${sinceOf(bound, oldest, at)}`
      : "how far back the server shows what was deleted is not known";
  const notes = [
    `${found ? `recovered ${inWords(objects)}` : "nothing that was deleted or changed was recovered"}: ${since}`,
    ...holes(course),
    ...[...left].map((text) => `of the past: ${text}`),
    ...failures.map((failure) => `deleted objects could not all be recovered: ${failure}`),
  ];
  const seen = [...cronjobs, ...jobs, ...pods].map(({ meta }) => Number(meta.resourceVersion));
  const version = oldest ?? (known.length > 0 ? bound : Math.min(...seen));
  return { earlier: { resourceVersion: String(version), at, ...lists }, notes };
}

function inWords({ cronjobs, jobs, pods, changed }: Found): string {
  const deleted = new Set(cronjobs.map(({ meta }) => meta.uid)).size - changed;
  const gone = [counted(pods.length, "pods"), counted(jobs.length, "jobs"), counted(deleted, "cronjobs")].flat();
  const was = changed === 0 ? [] : [`${counted(changed, "cronjobs")[0]!} as before a change`];
  return joined([...(gone.length > 0 ? [`${joined(gone)} deleted by now`] : []), ...was]);
}

function counted(count: number, resource: Workload): string[] {
  return count === 0 ? [] : [`${String(count)} ${NAMES[resource][count === 1 ? 0 : 1]}`];
}

function joined(parts: string[]): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)!}`;
}

/** How far back: etcd is compacted every five minutes unless the server is told otherwise, and then holds the last five to ten. */
function sinceOf(bound: number, oldest: number | null, at: Time | null): string {
  const version = `resourceVersion ${String(bound)}`;
  const older = at === null ? version : `${version}, which is earlier than ${at}`;
  const usual = bound === 1 ? "the first there was" : "as a rule five to ten minutes ago";
  const exact = at === null ? `${version}, ${usual}` : `about ${at} (${version})`;
  return `what was deleted since ${bound === oldest ? exact : older}, and of before that little or nothing`;
}

/** What came and went between two lists leaves no trace where no watch goes back as far as they. */
function holes({ oldest, reach, unlisted }: Course): string[] {
  if (oldest === null) return [];
  const open = reach.filter(({ resource, from }) => !unlisted.has(resource) && (from === null || from > oldest));
  if (open.length === 0) return [];
  const kinds = joined(open.map(({ resource }) => NAMES[resource][1]));
  return [
    `${kinds} that were both created and deleted since resourceVersion ${String(oldest)} may be missing: no watch gave all of that time`,
  ];
}

function apartFrom(kinds: { resource: Workload }[]): string {
  return kinds.length === 0 ? "" : `${joined(kinds.map(({ resource }) => NAMES[resource][1]))} apart, `;
}
