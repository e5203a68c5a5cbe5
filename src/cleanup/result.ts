import type {
  ChangeResult,
  CleanupChange,
  CleanupPlan,
  CleanupResult,
  CleanupResultItem,
  Outcome,
  TokenCheck,
} from "../model/cleanup.ts";
import type { ChangeDone, ChosenItem, Done, EvidenceFile, Verdict } from "../model/journal.ts";
import type { Time } from "../model/object.ts";
import { changeKey } from "./changes/index.ts";

const OUTCOMES: readonly Outcome[] = [
  "gone",
  "already-gone",
  "replaced",
  "going",
  "conflict",
  "refused",
  "failed",
  "unknown",
  "dry-run",
];

/** What a result is made of besides the plan. */
export interface Ran {
  chosen: readonly ChosenItem[];
  done: ReadonlyMap<string, Done>;
  verified: ReadonlyMap<string, Verdict>;
  /** Absent where nothing is changed. */
  changes?: readonly CleanupChange[];
  changed?: ReadonlyMap<string, ChangeDone>;
  evidence: EvidenceFile | null;
  /** Path of the journal. */
  journal: string | null;
  token: TokenCheck | null;
  notes: readonly string[];
  at: Time;
}

/** How many came to each end. */
export function countOutcomes(items: readonly Pick<Done, "outcome">[]): Record<Outcome, number> {
  const counts = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  for (const { outcome } of items) counts[outcome] += 1;
  return counts;
}

/** One line for each chosen object, in the order of the plan, and what the plan said of what does not end. */
export function resultOf(plan: Omit<CleanupPlan, "items">, ran: Ran): CleanupResult {
  const items = ran.chosen.map((item) => itemOf(item, ran));
  const { rotate, notEnded, otherWays } = plan.summary;
  const sum = (count: (item: CleanupResultItem) => number): number => items.reduce((all, item) => all + count(item), 0);
  const { apiVersion, metadata, complete, blindSpots } = plan;
  return {
    apiVersion,
    kind: "CleanupResult",
    metadata: { ...metadata, takenAt: ran.at },
    complete,
    blindSpots,
    notes: [...plan.notes, ...ran.notes],
    summary: {
      chosen: items.length,
      byOutcome: countOutcomes(items),
      dependentsGone: sum((item) => item.dependentsGone),
      dependentsLeft: sum((item) => item.dependentsLeft.length),
      evidence: ran.evidence,
      journal: ran.journal,
      token: ran.token,
      // What deletions leave open is no matter where none went through.
      notEnded: [...stays(items), ...tokenStays(ran.token), ...(items.some(went) ? notEnded : [])],
      rotate,
      otherWays,
    },
    changes: (ran.changes ?? []).map((change) => changeResult(change, ran)),
    items,
  };
}

function went({ outcome, dependentsGone }: CleanupResultItem): boolean {
  return ["gone", "already-gone", "replaced", "going", "dry-run"].includes(outcome) || dependentsGone > 0;
}

function changeResult({ way, object }: CleanupChange, { changed }: Ran): ChangeResult {
  const done = changed?.get(changeKey({ way, uid: object.uid }));
  return { way, object, ...(done ?? { outcome: "unknown", because: "it was not begun" }) };
}

function itemOf({ object }: ChosenItem, { done, verified }: Ran): CleanupResultItem {
  const uid = object.uid ?? "";
  const verdict = verified.get(uid);
  const { outcome, because } = verdict ?? done.get(uid) ?? { outcome: "unknown", because: "it was not begun" };
  const { dependentsGone = 0, dependentsLeft = [] } = verdict ?? {};
  return { object, outcome, because, dependentsGone, dependentsLeft };
}

function stays(items: readonly CleanupResultItem[]): string[] {
  const isLeft = ({ outcome, dependentsLeft }: CleanupResultItem): boolean =>
    !["gone", "already-gone", "replaced", "dry-run"].includes(outcome) ||
    dependentsLeft.some(({ kind }) => kind === "Pod");
  const left = items.filter(isLeft).length;
  if (left === 0) return [];
  return [
    `What ${String(left)} of ${String(items.length)} chosen objects expose goes on: they, or pods of theirs, were not seen to go.`,
  ];
}

function tokenStays(token: TokenCheck | null): string[] {
  if (token === null || token.user === null || token.refusedAfterSeconds !== null) return [];
  return token.unknownBecause !== null
    ? [`Whether the API server still accepts the token that was given is not known: ${token.unknownBecause}.`]
    : [`The API server still accepts the token that was given, as ${token.user}.`];
}

/**
 * 0: all that was chosen is gone, with all that goes along but what other owners keep, every change stands, and a token that was
 * given is refused; 3: the same, of a plan that did not see all; 2: something is not so. A dry run is judged by what the server said.
 */
export function statusOf(
  { items, changes, summary, complete }: CleanupResult,
  chosen: readonly ChosenItem[],
): 0 | 2 | 3 {
  const shared = new Set(
    chosen.flatMap(({ dependents }) => dependents.filter((one) => one.shared).map(({ object }) => object.uid)),
  );
  const isGone = ({ outcome, dependentsLeft }: CleanupResultItem): boolean =>
    ["gone", "already-gone", "dry-run"].includes(outcome) && dependentsLeft.every(({ uid }) => shared.has(uid));
  const { token } = summary;
  const isRefused = token === null || token.user === null || token.refusedAfterSeconds !== null;
  const stand = changes.every(({ outcome }) => ["done", "already", "dry-run"].includes(outcome));
  if (!isRefused || !stand || !items.every(isGone)) return 2;
  return complete ? 0 : 3;
}
