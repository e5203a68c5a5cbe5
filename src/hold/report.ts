import type { HoldItem, HoldReport, HoldState, HoldSummary } from "../model/hold.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { frame } from "../scope/frame.ts";
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
