import type { CleanupPlan, CleanupResult, HoldReport, HoldState, Outcome } from "../../src/model/report.ts";

const counts = <Key extends string>(each: readonly Key[]): Record<Key, number> => {
  const sums: Partial<Record<Key, number>> = {};
  for (const key of each) sums[key] = (sums[key] ?? 0) + 1;
  return sums as Record<Key, number>;
};

const OUTCOMES: Outcome[] = ["gone", "going", "refused", "conflict", "already-gone", "replaced", "failed", "unknown"];

/** What could have become of a plan's deletions, with every outcome. */
export function resultOf({ apiVersion, metadata, blindSpots, notes, items, summary }: CleanupPlan): CleanupResult {
  const outcomes = items.map((_, at) => OUTCOMES[at % OUTCOMES.length]!);
  return {
    ...{ apiVersion, metadata, blindSpots, notes, kind: "CleanupResult", complete: false },
    items: items.map(({ object, dependents }, at) => ({
      object,
      outcome: outcomes[at]!,
      because: "it was refused: <b>forbidden</b>",
      dependentsGone: 0,
      dependentsLeft: dependents.map((dependent) => dependent.object),
    })),
    changes: items
      .slice(0, 1)
      .map(({ object }) => ({ way: "suspend", object, outcome: "done", because: "it was read as suspended" })),
    summary: {
      ...{ chosen: items.length, byOutcome: counts(outcomes), dependentsGone: 0, dependentsLeft: 3, token: null },
      evidence: { path: "case.evidence", sha256: "0".repeat(64) },
      journal: "case.journal",
      ...{ notEnded: summary.notEnded, rotate: summary.rotate, otherWays: summary.otherWays },
    },
  };
}

const STATES: HoldState[] = ["held", "already", "changed", "gone", "forbidden", "failed", "unknown", "cannot"];

/** What `hold` could have said of the same objects, with every state. */
export function holdOf({ apiVersion, metadata, blindSpots, notes, items }: CleanupPlan): HoldReport {
  const states = items.map((_, at) => STATES[at % STATES.length]!);
  const objects = items.map(({ object }) => object);
  return {
    ...{ apiVersion, metadata, blindSpots, notes, kind: "HoldReport", complete: false },
    items: objects.map((object, at) => ({
      ...{ object, state: states[at]!, because: "somebody changed it", heldBy: "system:admin" },
      changes: [{ field: "suspend", from: false, to: true }],
      heldSince: metadata.takenAt,
    })),
    summary: {
      ...{ action: "list", dryRun: null, byState: counts(states), startsAtOnce: objects.slice(0, 2), journal: null },
      goesAtOnce: objects.slice(0, 1).map((object) => ({
        ...{ object, deletesAt: metadata.takenAt, isBound: true, assumes: null, why: "its TTL has passed" },
      })),
      goesSoon: [],
      notHeld: [{ what: "bare-pod", why: "a pod without owner", objects, objectCount: objects.length }],
      mayDelete: {
        subjects: [{ subject: { kind: "Group", namespace: null, name: "ops" }, can: ["delete jobs"] }],
        ...{ builtIn: 3, everyone: false, complete: false },
      },
    },
  };
}
