import { indexOwners } from "../batch/owners.ts";
import { selects } from "../batch/select.ts";
import type {
  LiveOutcome,
  LiveReplay,
  ReplayItem,
  ReplayReport,
  ReplaySummary,
  WorkloadReplay,
} from "../model/replay-report.ts";
import type { AdversaryId } from "../model/replay-report.ts";
import type { SubjectRef } from "../model/report.ts";
import type { Selection } from "../model/selection.ts";
import type { Resource, Snapshot } from "../model/snapshot.ts";
import { frame } from "../scope/frame.ts";
import { assessContext, type AssessContext, type ReplayWorkload } from "./context.ts";
import { scenarios } from "./index.ts";
import { needsOf } from "./needs.ts";
import type { Scenario } from "./scenario.ts";

/** Outcomes, worst first. */
const OUTCOMES: readonly LiveOutcome[] = ["succeeds", "inconclusive", "blocked", "not-applicable"];

const NO_GROUPS = "The groups of a user are not in the cluster: add them with --as-group NAME.";

/** What is asked of a replay. */
export interface ReplayQuestion {
  /** Empty: all five. */
  adversaries: readonly AdversaryId[];
  /** The identity that it is replayed from, with its groups; empty: the threat model's own. */
  from: readonly SubjectRef[];
}

/**
 * One item for each adversary, in the threat model's order, each with the workloads that the selection leaves, worst first; no item
 * where it leaves none. A workload stays when it or one of its runs is selected. Nothing is run in a lab here.
 */
export function replayReport(
  snapshot: Snapshot,
  selection: Selection,
  { adversaries, from }: ReplayQuestion,
  all: readonly Scenario[] = scenarios,
): ReplayReport {
  const asked = all.filter(({ id }) => adversaries.length === 0 || adversaries.includes(id));
  const context = assessContext(snapshot, from, keptBy(snapshot, selection));
  const { length: workloads } = context.workloads;
  const items = workloads === 0 ? [] : asked.map((scenario) => itemOf(scenario, context));
  const ids = asked.map(({ id }) => id);
  return {
    ...frame(snapshot, blindingNeeds(snapshot, needsOf(ids, from.length > 0)), notesOf(from)),
    kind: "ReplayReport",
    summary: { from: [...from], verified: null, workloads, byOutcome: together(items), lab: null },
    items,
  };
}

/** Which namespaces there are matters only where a rule grants Secrets by name in all of them. */
function blindingNeeds({ clusterroles }: Snapshot, needs: readonly Resource[]): Resource[] {
  const byName = clusterroles.some(({ rules }) =>
    rules.some(
      ({ resources, resourceNames }) => resourceNames.length > 0 && resources.some((one) => /^(secrets|\*)/.test(one)),
    ),
  );
  return needs.filter((need) => byName || need !== "namespaces");
}

function notesOf(from: readonly SubjectRef[]): string[] {
  const users = from.some(({ kind }) => kind === "User");
  return users && from.every(({ kind }) => kind !== "Group") ? [NO_GROUPS] : [];
}

/** With -n, what runs in other namespaces is evidence of rights, and not what was asked about. */
function keptBy(snapshot: Snapshot, selection: Selection): (workload: ReplayWorkload) => boolean {
  const owners = indexOwners(snapshot);
  const { namespaces } = snapshot.metadata.scope;
  return ({ object, jobs, pods }) =>
    (namespaces === null || namespaces.includes(object.meta.namespace ?? "")) &&
    [object, ...jobs, ...pods].some((one) => selects(selection, one, owners));
}

function itemOf(scenario: Scenario, context: AssessContext): ReplayItem {
  const { number, id, name, attack, matrix } = scenario;
  return {
    number,
    id,
    name,
    attack: attack.map((technique) => technique.id),
    matrix: matrix.map((technique) => technique.id),
    live: liveOf(scenario, scenario.assess(context)),
    lab: null,
  };
}

/** What its workloads make together: the worst outcome, one sentence, and the workloads worst first. */
export function liveOf(scenario: Pick<Scenario, "summarise">, replays: readonly WorkloadReplay[]): LiveReplay {
  const workloads = replays.toSorted(worstFirst);
  return {
    outcome: workloads[0]?.outcome ?? "not-applicable",
    because: scenario.summarise(workloads),
    byOutcome: countOutcomes(workloads.map(({ outcome }) => outcome)),
    workloads,
  };
}

function worstFirst(a: WorkloadReplay, b: WorkloadReplay): number {
  const place = ({ workload: { namespace, name, kind, uid } }: WorkloadReplay): string =>
    JSON.stringify([namespace ?? "", name, kind, uid]);
  const [left, right] = [place(a), place(b)];
  return OUTCOMES.indexOf(a.outcome) - OUTCOMES.indexOf(b.outcome) || (left < right ? -1 : Number(left > right));
}

/** Each adversary's outcomes on the workloads, all together. */
export function together(items: readonly ReplayItem[]): ReplaySummary["byOutcome"] {
  return countOutcomes(items.flatMap(({ live }) => live?.workloads.map(({ outcome }) => outcome) ?? []));
}

function countOutcomes(outcomes: readonly LiveOutcome[]): Record<LiveOutcome, number> {
  const counts = { succeeds: 0, blocked: 0, inconclusive: 0, "not-applicable": 0 };
  for (const outcome of outcomes) counts[outcome]++;
  return counts;
}
