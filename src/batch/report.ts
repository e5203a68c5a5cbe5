import type { GoesAway, ImageChange, StaleItem, StaleReport, StaleState, StaleSummary } from "../model/report.ts";
import type { Selection } from "../model/selection.ts";
import type { Resource, Snapshot } from "../model/snapshot.ts";
import { frame } from "../scope/frame.ts";
import { whatIsSeen } from "../scope/seen.ts";
import { goesAwaySoon } from "./goes-away.ts";
import { jobOutcome } from "./finish.ts";
import { imageChanges } from "./image-changes.ts";
import { indexOwners } from "./owners.ts";
import { selects } from "./select.ts";
import { staleObjects } from "./stale.ts";
import { instant } from "./time.ts";

/** The kinds that the report is judged from: without nodes it does not see which pods go because theirs is gone or leaves. */
const NEEDS = ["cronjobs", "jobs", "pods", "nodes"] as const;

/** A file of chosen objects never proves that a node is gone, so nobody is asked to add any. */
const NEEDS_OF_A_DUMP = ["cronjobs", "jobs", "pods"] as const;

const HOUR = 3600_000;

/**
 * What has finished, hangs or has lost its owner and is still there, with what will remove it and when.
 * Everything is judged, then what the selection names is kept; `complete` is false when a list that it needs is missing.
 */
export function staleReport(snapshot: Snapshot, selection: Selection): StaleReport {
  const owners = indexOwners(snapshot);
  const stale = staleObjects(snapshot, owners, selection.all).filter(({ object }) =>
    selects(selection, object, owners),
  );
  const items = stale.map(({ item }) => item);
  const listed = new Set(stale.map(({ object }) => object));
  const running = snapshot.jobs.filter(
    (job) => jobOutcome(job) === null && !listed.has(job) && selects(selection, job, owners),
  );
  const soon = goesAwaySoon(stale, running, owners, selection.all);
  const ran = snapshot.pods.filter((pod) => selects(selection, pod, owners));
  const changes = imageChanges(ran, owners);
  const { namespaces } = snapshot.metadata.scope;
  const seen = whatIsSeen(snapshot);
  const isSeen = (resource: Resource): boolean =>
    (namespaces ?? [null]).every((namespace) => seen(resource, namespace) === null);
  const summary = summarise(items, owners.takenAt, isSeen, { soon, changes });
  return {
    ...frame(snapshot, snapshot.source === "dump" ? NEEDS_OF_A_DUMP : NEEDS),
    kind: "StaleReport",
    summary,
    items,
  };
}

function summarise(
  items: readonly StaleItem[],
  takenAt: number,
  isSeen: (resource: Resource) => boolean,
  found: { soon: GoesAway[]; changes: ImageChange[] },
): StaleSummary {
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
  const sum = (figure: (item: StaleItem) => number): number => items.reduce((all, item) => all + figure(item), 0);
  // None found among objects that were not all seen is not none.
  const ofKind = (kind: "Job" | "Pod", resource: Resource): number | null => {
    const found = count(({ object }) => object.kind === kind);
    return found > 0 || isSeen(resource) ? found : null;
  };
  return {
    jobs: ofKind("Job", "jobs"),
    pods: ofKind("Pod", "pods"),
    byState,
    neverDeleted: count(({ retention }) => retention.governedBy === "none"),
    deletedWithinHour: count(({ retention }) => {
      const at = retention.overdueSeconds === null ? instant(retention.deletesAt) : null;
      return at !== null && at <= takenAt + HOUR;
    }),
    goesAwaySoon: found.soon,
    imageChanges: found.changes,
    ignored: {
      file: sum(({ ignored }) => ignored.file),
      annotation: sum(({ ignored }) => ignored.annotation),
      unconfirmed: sum(({ ignored }) => ignored.unconfirmed),
    },
  };
}
