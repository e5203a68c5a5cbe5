import type { StaleItem, StaleReport, StaleState, StaleSummary } from "../model/report.ts";
import type { Selection } from "../model/selection.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { frame } from "../scope/frame.ts";
import { indexOwners } from "./owners.ts";
import { selects } from "./select.ts";
import { staleObjects } from "./stale.ts";
import { instant } from "./time.ts";

/** The kinds that the report is judged from. */
const NEEDS = ["cronjobs", "jobs", "pods"] as const;

const HOUR = 3600_000;

/**
 * What has finished, hangs or has lost its owner and is still there, with what will remove it and when.
 * Everything is judged, then what the selection names is kept; `complete` is false when a list that it needs is missing.
 */
export function staleReport(snapshot: Snapshot, selection: Selection): StaleReport {
  const owners = indexOwners(snapshot);
  const items = staleObjects(snapshot, owners, selection.all)
    .filter(({ object }) => selects(selection, object, owners))
    .map(({ item }) => item);
  return { ...frame(snapshot, NEEDS), kind: "StaleReport", summary: summarise(items, owners.takenAt), items };
}

function summarise(items: readonly StaleItem[], takenAt: number): StaleSummary {
  const byState: Record<StaleState, number> = {
    completed: 0,
    failed: 0,
    hung: 0,
    orphaned: 0,
    suspended: 0,
    "stuck-deleting": 0,
  };
  for (const { state } of items) byState[state] += 1;
  const count = (predicate: (item: StaleItem) => boolean): number => items.filter(predicate).length;
  return {
    jobs: count(({ object }) => object.kind === "Job"),
    pods: count(({ object }) => object.kind === "Pod"),
    byState,
    neverDeleted: count(({ retention }) => retention.governedBy === "none"),
    deletedWithinHour: count(({ retention }) => {
      const at = retention.overdueSeconds === null ? instant(retention.deletesAt) : null;
      return at !== null && at <= takenAt + HOUR;
    }),
  };
}
