import { jobOutcome, podFinished } from "../../batch/finish.ts";
import { indexOwners, refOf } from "../../batch/owners.ts";
import { selects } from "../../batch/select.ts";
import { exposureNeeds } from "../../exposure/report.ts";
import { judge } from "../../exposure/judge.ts";
import type {
  CleanupChange,
  CleanupItem,
  CleanupPlan,
  CleanupRules,
  CleanupSummary,
  EndsTogether,
} from "../../model/cleanup.ts";
import type { ExposureItem } from "../../model/report.ts";
import type { Selection } from "../../model/selection.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import type { Job, Pod } from "../../model/workload.ts";
import { frame } from "../../scope/frame.ts";
import { hides, whatIsSeen } from "../../scope/seen.ts";
import { ageOf } from "./age.ts";
import { withDependents } from "./along.ts";
import { candidatesAmong, type Candidate } from "./candidates.ts";
import { changesOf } from "./changes.ts";
import { eligible, mayStop, type Verdict } from "./eligible.ts";
import { endsOf } from "./ends.ts";
import { notEnded } from "./not-ended.ts";
import { otherWays } from "./other-ways.ts";
import { rotations } from "./rotation.ts";
import { below, dependentOf, indexOwned, ownedIn, type OwnedEvidence, type OwnedIndex } from "./tree.ts";

/** A plan as far as the evidence goes, before it is known what else its objects own. */
export interface Draft {
  snapshot: Snapshot;
  selection: Selection;
  rules: CleanupRules;
  /** The moment of the evidence, in milliseconds. */
  now: number;
  candidates: (Candidate & { verdict: Verdict })[];
  /** Where something may be deleted: only there it matters what else would go. */
  namespaces: string[];
}

/** Judges each selected object by itself; `only`: uids, where no more than these are asked for. */
export function draftPlan(
  snapshot: Snapshot,
  selection: Selection,
  rules: CleanupRules,
  only: ReadonlySet<string> | null = null,
): Draft {
  const owners = indexOwners(snapshot);
  const now = owners.takenAt;
  const isAsked = (object: Job | Pod): boolean =>
    only?.has(object.meta.uid) !== false && selects(selection, object, owners);
  const judged = candidatesAmong(snapshot, owners, isAsked, rules).map((candidate) => ({
    ...candidate,
    verdict: eligible(candidate.object, candidate.around, rules, now),
  }));
  const places = judged
    .filter(({ verdict }) => verdict.decision !== "refuse")
    .map(({ object }) => object.meta.namespace ?? "");
  return { snapshot, selection, rules, now, candidates: judged, namespaces: [...new Set(places)].sort() };
}

/** What a choice among the items of a plan ends together, by their uids. */
export type Tally = (uids: ReadonlySet<string>) => EndsTogether;

/** What a plan says of another choice than its own: what that leaves open, and what is changed with it. */
export type Narrow = (uids: ReadonlySet<string>) => { notEnded: string[]; changes: CleanupChange[] };

/** The plan: what would be deleted and why, what goes along, what that ends, and what it does not. */
export function completePlan(draft: Draft, evidence: OwnedEvidence): CleanupPlan {
  return completeWithTally(draft, evidence).plan;
}

/** The plan, and what other choices than its own end and change. */
export function completeWithTally(
  draft: Draft,
  evidence: OwnedEvidence,
): { plan: CleanupPlan; tally: Tally; narrow: Narrow } {
  const { snapshot, selection, rules } = draft;
  const all = judge(snapshot, { allReaders: selection.allReaders });
  // What reports of exposures leave out as well: what only may be a credential, and what the operator's file calls none.
  const judgement = { ...all, judged: all.judged.filter(({ item }) => isCounted(item, selection)) };
  const { context } = judgement;
  const unended = itemsOf(draft, evidence);
  const ends = endsOf(unended, judgement);
  const items = unended.map((item, index): CleanupItem => ({ ...item, ends: ends.items[index]! }));
  const cronJobOf = new Map(draft.candidates.map(({ object, around }) => [object.meta.uid, around.cronJob]));
  const owners = items.map(({ object }) => cronJobOf.get(object.uid ?? "") ?? null);
  const owned = (): OwnedIndex => indexed(snapshot, evidence);
  const grounds = { snapshot, rules, items, owners, touched: ends.touched, context, owned };
  const narrow: Narrow = (uids) => ({
    notEnded: notEnded(items, uids, ends.touched, context),
    changes: changesOf(uids, { ...grounds, unseenIn: hiding(snapshot, evidence) }),
  });
  const framed = frame(snapshot, exposureNeeds(snapshot));
  const blindSpots = [...framed.blindSpots, ...evidence.blindSpots];
  const going = items.filter(({ decision }) => decision === "delete").map(({ object }) => object.uid ?? "");
  const own = narrow(new Set(going));
  const summary: CleanupSummary = {
    ...counts(items),
    ...ends.together,
    rotate: rotations(ends.touched),
    notEnded: own.notEnded,
    otherWays: otherWays(owners, ends.touched, context, rules),
  };
  const complete = blindSpots.length === 0;
  const { changes } = own;
  return {
    plan: { ...framed, kind: "CleanupPlan", complete, blindSpots, rules, summary, changes, items },
    tally: (uids) => ends.tally((by) => uids.has(items[by]!.object.uid ?? "")),
    narrow,
  };
}

function isCounted({ credential, ignored }: ExposureItem, { all }: Selection): boolean {
  return (all || credential.confidence !== "possible") && ignored?.confirmed !== true;
}

/** draftPlan and completePlan, where what is owned was found before. */
export function planCleanup(
  snapshot: Snapshot,
  selection: Selection,
  rules: CleanupRules,
  evidence: OwnedEvidence,
): CleanupPlan {
  return completePlan(draftPlan(snapshot, selection, rules), evidence);
}

/** An item before it is known what its deletion ends. */
export type Unended = Omit<CleanupItem, "ends">;

/** Each candidate with what goes along, judged with that. */
export function itemsOf(
  { snapshot, rules, now, candidates: judged }: Pick<Draft, "snapshot" | "rules" | "now" | "candidates">,
  evidence: OwnedEvidence,
): Unended[] {
  const index = indexed(snapshot, evidence);
  const pods = new Map(snapshot.pods.map((pod) => [pod.meta.uid, pod]));
  const jobs = new Map(snapshot.jobs.map((job) => [job.meta.uid, job]));
  const unseenIn = hiding(snapshot, evidence);
  const isUnfinished = (uid: string): boolean => {
    const [pod, job] = [pods.get(uid), jobs.get(uid)];
    return (pod !== undefined && !podFinished(pod)) || (job !== undefined && jobOutcome(job) === null);
  };
  const items = judged.map(({ object, state, because, owner, verdict }): Unended => {
    const { finishedAt, seconds, isBound } = ageOf(object, now);
    const ref = refOf(object);
    const found = below(ref, index);
    const dependents = found.map((one) => dependentOf(one, (uid) => pods.has(uid)));
    const unseen = unseenIn(object.meta.namespace);
    const along = { below: found, dependents, isUnfinished, mayStop: mayStop(rules, object), unseen };
    return {
      object: ref,
      resource: resourceOf(object),
      resourceVersion: object.meta.resourceVersion,
      state,
      because,
      owner,
      finishedAt,
      ageSeconds: seconds,
      ageIsBound: isBound,
      ...withDependents(verdict, along, rules),
      dependents,
    };
  });
  return items.sort(inOrder);
}

/** What was asked for just now comes before what the evidence holds of the same object. */
function indexed(snapshot: Snapshot, { owned }: OwnedEvidence): OwnedIndex {
  return indexOwned([...owned, ...ownedIn(snapshot)]);
}

function resourceOf(object: Job | Pod) {
  return object.kind === "Job"
    ? { group: "batch", version: "v1", resource: "jobs" }
    : { group: "", version: "v1", resource: "pods" };
}

/** What hides dependents in a namespace, in words; null where nothing does. */
function hiding(snapshot: Snapshot, { blindSpots }: OwnedEvidence): (namespace: string | null) => string | null {
  const seen = whatIsSeen(snapshot);
  const known = new Map<string | null, string | null>();
  return (namespace) =>
    known.getOrInsertComputed(namespace, () => {
      const kinds = blindSpots.filter((spot) => hides(spot, namespace)).map(({ resource }) => resource);
      if (seen("pods", namespace) !== null) kinds.unshift("pods");
      const [first, ...others] = new Set(kinds);
      if (first === undefined) return null;
      if (first === ANY) return "no kind was looked at";
      return others.length === 0 ? first : `${first} and ${String(others.length)} more kinds`;
    });
}

/** A blind spot's resource that stands for all kinds. */
export const ANY = "*";

function counts(items: readonly CleanupItem[]) {
  const going = items.filter(({ decision }) => decision === "delete");
  const along = going.flatMap(({ dependents }) => dependents.map(({ resource }) => resource));
  const pods = along.filter(({ group, resource }) => group === "" && resource === "pods").length;
  return {
    toDelete: going.length,
    toChoose: items.filter(({ decision }) => decision === "choose").length,
    refused: items.filter(({ decision }) => decision === "refuse").length,
    pods: pods + going.filter(({ object }) => object.kind === "Pod").length,
    others: along.length - pods,
  };
}

const DECISIONS: readonly CleanupItem["decision"][] = ["delete", "choose", "refuse"];

/** What goes first, then by namespace and owner, the oldest first. */
function inOrder(a: Unended, b: Unended): number {
  return (
    DECISIONS.indexOf(a.decision) - DECISIONS.indexOf(b.decision) ||
    compare(a.object.namespace ?? "", b.object.namespace ?? "") ||
    compare(a.owner?.name ?? "", b.owner?.name ?? "") ||
    (b.ageSeconds ?? -1) - (a.ageSeconds ?? -1) ||
    compare(a.object.name, b.object.name) ||
    compare(a.object.uid ?? "", b.object.uid ?? "")
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
