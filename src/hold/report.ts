import type { HoldItem, HoldReport, HoldState, HoldSummary } from "../model/hold.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { CronJob, Job } from "../model/workload.ts";
import { frame } from "../scope/frame.ts";
import { whatIsSeen } from "../scope/seen.ts";
import { changesTo, fieldsOf } from "./fields.ts";
import type { Applied } from "./apply.ts";
import type { HeldRecord } from "./journal.ts";
import type { Left } from "./plan.ts";

/** Whether everything that was to be held was seen; who may delete says for itself what it did not see. */
const NEEDS = ["cronjobs", "jobs"] as const;

/** Worst first. */
const ORDER: readonly HoldState[] = [
  "gone",
  "unknown",
  "forbidden",
  "failed",
  "changed",
  "cannot",
  "held",
  "would-hold",
  "released",
  "would-release",
  "already",
];

const BAD: ReadonlySet<HoldState> = new Set(["gone", "unknown", "forbidden", "failed", "changed", "cannot"]);

/** The report of a hold, a release or a list: items sorted by what became of them, then by place and name. */
export function holdReport(
  snapshot: Snapshot,
  items: readonly HoldItem[],
  summary: Omit<HoldSummary, "byState">,
  notes: readonly string[] = [],
): HoldReport {
  const byState = Object.fromEntries(ORDER.map((state) => [state, 0])) as Record<HoldState, number>;
  for (const { state } of items) byState[state]++;
  const { action, dryRun, ...rest } = summary;
  return {
    ...frame(snapshot, NEEDS, notes),
    kind: "HoldReport",
    summary: { action, dryRun, byState, ...rest },
    items: [...items].sort(inOrder),
  };
}

/** True where something that was chosen is not held, or not released. */
export function isWanting({ items, summary }: HoldReport): boolean {
  if (summary.action === "list") return false;
  return items.some(({ state }) => BAD.has(state) && !(summary.action === "release" && state === "gone"));
}

/** An object that was left as it is. */
export function leftItem({ object, because }: Left, state: HoldState, record: HeldRecord | undefined): HoldItem {
  return { object, state, changes: [], because, ...ofRecord(record) };
}

/** An object that was changed, or was to be. */
export function appliedItem({ step, state, because }: Applied, record: HeldRecord | undefined): HoldItem {
  return { object: step.object, state, changes: step.changes, because, ...ofRecord(record) };
}

function ofRecord(record: HeldRecord | undefined): Pick<HoldItem, "heldSince" | "heldBy"> {
  return { heldSince: record?.since ?? null, heldBy: record?.by ?? null };
}

/** What was held, as a later look shows it: somebody may have put it back, and what was about to go may have gone. */
export function verifier(snapshot: Snapshot): (item: HoldItem) => HoldItem {
  const all: (CronJob | Job)[] = [...snapshot.cronjobs, ...snapshot.jobs];
  const byUid = new Map(all.map((one) => [one.meta.uid, one]));
  const seen = whatIsSeen(snapshot);
  return (item) => {
    if (item.state !== "held") return item;
    const { uid, kind, namespace } = item.object;
    const found = byUid.get(uid ?? "");
    if (found !== undefined) return verified(item, found);
    const isSeen = seen(kind === "Job" ? "jobs" : "cronjobs", namespace) === null;
    return isSeen ? { ...item, state: "gone", because: "it was held, and is gone all the same" } : item;
  };
}

function verified(item: HoldItem, found: CronJob | Job): HoldItem {
  if (found.meta.deletionTimestamp !== null) {
    return { ...item, state: "cannot", because: "its deletion had been asked for" };
  }
  const wanted = Object.fromEntries(item.changes.map(({ field, to }) => [field, to]));
  const undone = changesTo(wanted, fieldsOf(found));
  if (undone.length === 0) return item;
  const fields = undone.map(({ field, from }) => `spec.${field} is ${String(from)} again`).join(", ");
  return { ...item, state: "changed", because: `${fields}: something puts it back` };
}

function inOrder(a: HoldItem, b: HoldItem): number {
  return (
    ORDER.indexOf(a.state) - ORDER.indexOf(b.state) ||
    compare(a.object.namespace ?? "", b.object.namespace ?? "") ||
    compare(a.object.kind, b.object.kind) ||
    compare(a.object.name, b.object.name) ||
    compare(a.object.uid ?? "", b.object.uid ?? "")
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
