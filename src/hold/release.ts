import { refOf } from "../batch/owners.ts";
import type { HeldField, HoldChange } from "../model/hold.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { CronJob, Job } from "../model/workload.ts";
import { whatIsSeen } from "../scope/seen.ts";
import { changesTo, fieldsOf, type Fields } from "./fields.ts";
import type { HeldRecord } from "./journal.ts";
import type { HoldStep, Left } from "./plan.ts";

/** What a release does. */
export interface ReleasePlan {
  steps: HoldStep[];
  /** Nothing of the hold is left: the record is closed, and no patch is sent. */
  over: (Left & { resourceVersion: string })[];
  /** Somebody changed a field since; nothing is put back. `rest` is what still stands as the hold left it. */
  changed: (Left & { rest: HoldChange[] })[];
  gone: Left[];
  /** Not seen. */
  unknown: Left[];
}

/**
 * Patches that put back exactly what was there. Refused where a field holds neither what the hold put there nor what was
 * there before: whoever changed it meant something by it.
 */
export function planRelease(records: readonly HeldRecord[], snapshot: Snapshot): ReleasePlan {
  const plan: ReleasePlan = { steps: [], over: [], changed: [], gone: [], unknown: [] };
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
  } else if ("over" in judged) plan.over.push({ object, because: judged.over, resourceVersion });
  else plan.changed.push({ object, because: judged.changed, rest: judged.rest });
}

/** What is to be done with one record, from what the fields hold now. */
export function judgeRelease(
  { before, after }: Pick<HeldRecord, "before" | "after">,
  fields: Fields,
): { steps: HoldChange[] } | { over: string } | { changed: string; rest: HoldChange[] } {
  const names = Object.keys(after) as HeldField[];
  const is = (field: HeldField, values: Fields): boolean => (fields[field] ?? null) === (values[field] ?? null);
  const standing = names.filter((field) => is(field, after));
  const foreign = names.filter((field) => !is(field, after) && !is(field, before));
  const put = changesTo(Object.fromEntries(standing.map((field) => [field, before[field] ?? null])), fields);
  if (put.length === 0) {
    return {
      over:
        foreign.length === 0
          ? "it is as it was before"
          : `${changedText(foreign, fields)}; nothing of the hold is left`,
    };
  }
  return foreign.length === 0 ? { steps: put } : { changed: changedText(foreign, fields), rest: put };
}

function changedText(foreign: readonly HeldField[], fields: Fields): string {
  const parts = foreign.map((field) => `spec.${field} is now ${String(fields[field] ?? null)}`);
  return `changed since it was held: ${parts.join(", ")}`;
}
