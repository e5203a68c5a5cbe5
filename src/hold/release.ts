import { refOf } from "../batch/owners.ts";
import type { HeldField, HoldChange } from "../model/hold.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { CronJob, Job } from "../model/workload.ts";
import { whatIsSeen } from "../scope/seen.ts";
import { changesTo, fieldsOf, type Fields } from "./fields.ts";
import type { HeldRecord } from "./journal.ts";
import type { FieldOwners } from "./managers.ts";
import type { HoldStep, Left } from "./plan.ts";

/** What is not put back, and what still stands as the hold left it. */
type WithRest = Left & { rest: HoldChange[] };

/** What a release does. */
export interface ReleasePlan {
  steps: HoldStep[];
  /** Nothing of the hold is left: the record is closed, and no patch is sent. */
  over: Left[];
  /** Somebody changed a field since; nothing is put back. */
  changed: WithRest[];
  /** Whether the hold or somebody else changed it cannot be told; nothing is put back, and the record is closed. */
  unclear: WithRest[];
  gone: Left[];
  /** Not seen. */
  unknown: Left[];
}

/**
 * Patches that put back exactly what was there. Refused where a field holds neither what the hold put there nor what was
 * there before: whoever changed it meant something by it.
 */
export function planRelease(records: readonly HeldRecord[], snapshot: Snapshot): ReleasePlan {
  const plan: ReleasePlan = { steps: [], over: [], changed: [], unclear: [], gone: [], unknown: [] };
  const all: (CronJob | Job)[] = [...snapshot.cronjobs, ...snapshot.jobs];
  const byUid = new Map(all.map((one) => [one.meta.uid, one]));
  const seen = whatIsSeen(snapshot);
  for (const record of records) {
    const { object } = record;
    const found = byUid.get(object.uid ?? "");
    if (found !== undefined) {
      addTo(plan, record, found);
      continue;
    }
    const hidden = seen(object.kind === "Job" ? "jobs" : "cronjobs", object.namespace);
    if (hidden === null) plan.gone.push({ object, because: "it is gone" });
    else plan.unknown.push({ object, because: hidden });
  }
  return plan;
}

function addTo(plan: ReleasePlan, record: HeldRecord, found: CronJob | Job): void {
  const object = refOf(found);
  const { resourceVersion } = found.meta;
  const judged = judgeRelease(record, fieldsOf(found));
  if ("steps" in judged) {
    plan.steps.push({ object, resourceVersion, changes: judged.steps, because: "as it was before the hold" });
  } else if ("over" in judged) plan.over.push({ object, because: judged.over });
  else if ("unclear" in judged) plan.unclear.push({ object, because: judged.unclear, rest: judged.rest });
  else plan.changed.push({ object, because: judged.changed, rest: judged.rest });
}

/** What is to be done with one record. */
export type Judged =
  | { steps: HoldChange[] }
  | { over: string }
  | { changed: string; rest: HoldChange[] }
  | { unclear: string; rest: HoldChange[] };

/**
 * Judges one record by what the fields hold now. `owners`: whose they are by managedFields, where the object was read whole; a
 * field that somebody else set to what the hold had put there is theirs.
 */
export function judgeRelease(
  { before, after, managers, unclear }: Pick<HeldRecord, "before" | "after" | "managers" | "unclear">,
  fields: Fields,
  owners: FieldOwners = () => null,
): Judged {
  const names = Object.keys(after) as HeldField[];
  const is = (field: HeldField, values: Fields): boolean => (fields[field] ?? null) === (values[field] ?? null);
  const standing = names.filter((field) => is(field, after));
  const foreign = names.filter((field) => !is(field, after) && !is(field, before));
  const rest = changesTo(Object.fromEntries(standing.map((field) => [field, before[field] ?? null])), fields);
  const taken = rest.flatMap(({ field }) => {
    const others = owners(field)?.filter((one) => one !== managers[field]) ?? [];
    return managers[field] !== undefined && others.length > 0 ? [{ field, by: others.join(", ") }] : [];
  });
  const mine = rest.filter(({ field }) => taken.every((one) => one.field !== field));
  const changes = [
    ...foreign.map((field) => changedText(field, fields)),
    ...taken.map((one) => takenText(one, fields)),
  ];
  const changed = `changed since it was held: ${changes.join(", ")}`;
  if (mine.length === 0) {
    return { over: changes.length === 0 ? "it is as it was before" : `${changed}; nothing of the hold is left` };
  }
  if (changes.length > 0) return { changed, rest: mine };
  const doubtful = mine.filter(({ field }) => unclear.includes(field));
  return doubtful.length === 0 ? { steps: mine } : { unclear: unclearText(doubtful), rest: mine };
}

function changedText(field: HeldField, fields: Fields): string {
  return `spec.${field} is now ${String(fields[field] ?? null)}`;
}

function takenText({ field, by }: { field: HeldField; by: string }, fields: Fields): string {
  return `${changedText(field, fields)} by ${by}`;
}

function unclearText(doubtful: readonly HoldChange[]): string {
  const fields = doubtful.map(({ field }) => `spec.${field}`).join(", ");
  return `whether the hold or somebody else changed ${fields} cannot be told, so it is left as it is`;
}
