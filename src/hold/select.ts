import { matchesLabels } from "../scope/match.ts";
import type { Requirement } from "../model/selection.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { CronJob, Job } from "../model/workload.ts";
import type { HeldRecord } from "./journal.ts";

/** What of the command line chooses among holds. */
export interface Asked {
  /** `name` null: all of the kind. */
  named: readonly { kind: string; name: string | null }[];
  labels: readonly Requirement[];
}

/** Whether a hold is asked for: its object, or what controls it, is named, and the object has the labels. */
export function whatIsAsked(snapshot: Snapshot): (record: HeldRecord, asked: Asked) => boolean {
  const all: (CronJob | Job)[] = [...snapshot.cronjobs, ...snapshot.jobs];
  const byUid = new Map(all.map((one) => [one.meta.uid, one]));
  return ({ object }, { named, labels }) => {
    const found = byUid.get(object.uid ?? "");
    if (!matchesLabels(labels, found?.meta.labels ?? {})) return false;
    if (named.length === 0) return true;
    const owner = found?.kind === "Job" ? found.meta.ownerReferences.find(({ controller }) => controller) : undefined;
    const names = [object, ...(owner === undefined ? [] : [owner])];
    return named.some((one) =>
      names.some(({ kind, name }) => kind === one.kind && (one.name === null || one.name === name)),
    );
  };
}
