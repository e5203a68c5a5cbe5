import { plural } from "../../exposure/triage/line.ts";
import type { Control, CredentialHistory, LiveOutcome, WorkloadReplay } from "../../model/replay-report.ts";
import type { Job, Pod } from "../../model/workload.ts";
import type { AssessContext, ReplayWorkload } from "../context.ts";
import { control } from "../controls.ts";
import { positionText } from "../position.ts";
import { asAnother } from "./becomes.ts";
import { grantRemoval, runRemovals, textFixes } from "./credential-blocks.ts";
import { unseenGrants, unseenRuns } from "./credential-evidence.ts";
import { referenceMisses } from "./credential-misses.ts";
import { mayList } from "./credential-path.ts";
import { isOfRuns, readsOf, textsOf, type Text } from "./credential-texts.ts";
import { historiesOf, type Told } from "./history.ts";
import { historyPath } from "./history-path.ts";
import { keepsOneRun } from "./history-retention.ts";
import { literalsIn, retainedOf, runsOf, visibleRuns, type Run } from "./history-runs.ts";
import { spanInWords, spanOf } from "./history-span.ts";

interface Verdict {
  outcome: LiveOutcome;
  because: string;
  blockedBy?: Control[];
  missing?: string[];
}

/** What is seen of one workload's runs, and by the adversary. */
interface Seen {
  all: readonly Told[];
  visible: readonly (Job | Pod)[];
  runs: readonly Run[];
  told: readonly Told[];
  texts: readonly Text[];
}

/** Adversary 5 on each workload: which history of its credentials the retained runs tell. */
export function assessStaleAccumulation(context: AssessContext): WorkloadReplay[] {
  const textsIn = textsOf(context);
  return context.workloads.map((workload) => assessOne(context, workload, textsIn(workload)));
}

function assessOne(context: AssessContext, workload: ReplayWorkload, texts: readonly Text[]): WorkloadReplay {
  const visible = visibleRuns(context, workload);
  const runs = runsOf(context, visible);
  const told = historiesOf(runs);
  const all = context.from.length === 0 ? told : historiesOf(runsOf(context, retainedOf(workload)));
  const inRuns = texts.filter(({ carriers }) => carriers.some(isOfRuns));
  const verdict = judgeOne(context, workload, { all, visible, runs, told, texts: inRuns });
  const { outcome, because, blockedBy = [], missing = [] } = verdict;
  const histories = told.filter(({ isSure }) => isSure).map(({ history }) => history);
  const open = outcome === "succeeds" || outcome === "inconclusive";
  return {
    workload: workload.ref,
    outcome,
    because,
    blockedBy,
    missing,
    path: outcome === "not-applicable" ? [] : historyPath(context, workload, { visible, runs: runs.length, histories }),
    wouldBlock:
      open && inRuns.length > 0
        ? [
            ...runRemovals(workload, true),
            ...grantRemoval(context, readsOf(context, inRuns)),
            ...textFixes(workload, inRuns),
          ]
        : [],
    facts: { kind: "stale-accumulation", histories, retained: runs.length },
  };
}

function judgeOne(context: AssessContext, workload: ReplayWorkload, seen: Seen): Verdict {
  const telling = seen.told.filter(({ isSure, tells }) => isSure && tells).map(({ history }) => history);
  if (telling.length > 0) return { outcome: "succeeds", because: historiesInWords(context, telling) };
  const unseen = unseenRuns(context, workload.ref.namespace ?? "");
  if (unseen.length > 0) return inconclusive("no history is told by what was seen", unseen);
  return withUnread(context, workload, seen) ?? withDoubtful(seen) ?? withoutHistory(context, workload, seen);
}

/** A position reads less than there is: null where that makes no difference. */
function withUnread(context: AssessContext, workload: ReplayWorkload, { all, texts, visible }: Seen): Verdict | null {
  const who = positionText(context.from);
  if (who === null || texts.length === 0) return null;
  const namespace = workload.ref.namespace ?? "";
  const lists = (["Job", "Pod"] as const).some((kind) => mayList(context, kind, namespace) === true);
  const isTold = all.some(({ isSure, tells }) => isSure && tells);
  if (!isTold && (lists || visible.length > 0 || workload.object.kind !== "CronJob")) return null;
  const grants = unseenGrants(context, namespace);
  if (grants.length > 0) return inconclusive("no history is told by the grants that were seen", grants);
  const count = retainedOf(workload).length;
  const because =
    visible.length === 0
      ? `${who} may read neither its Jobs nor its pods`
      : `${who} may read ${String(visible.length)} of ${plural(count, "object")} of its runs, which tell no history`;
  const ways = asAnother(context);
  if (ways.length > 0) return inconclusive(because, ways);
  return { outcome: "blocked", because, blockedBy: [control("rbac")] };
}

/** What would be told if only more were known of the literals; null where nothing would. */
function withDoubtful({ told, runs }: Seen): Verdict | null {
  const names = told.filter(({ isSure, tells }) => !isSure && tells).map(({ history }) => history.name);
  if (names.length > 0) {
    const missing = [`whether ${[...new Set(names)].join(", ")} is a credential: recognised only as possible`];
    return inconclusive("only possible credentials have a history", missing);
  }
  const unmarked = runs.filter(({ objects }) =>
    objects.some(({ object }) => literalsIn(object).some(({ fingerprint }) => fingerprint === "")),
  );
  if (unmarked.length < 2) return null;
  return inconclusive("values cannot be compared", ["fingerprints: the evidence holds none"]);
}

/** At most one run holds each credential: is that so for ever? */
function withoutHistory(context: AssessContext, workload: ReplayWorkload, { runs, texts }: Seen): Verdict {
  if (texts.length === 0) {
    return referenceMisses(workload).length > 0
      ? { outcome: "blocked", because: "no value in its Jobs and pods", blockedBy: [control("no-value-in-object")] }
      : { outcome: "not-applicable", because: "it uses no credential, as far as was seen" };
  }
  if (workload.object.kind !== "CronJob")
    return { outcome: "not-applicable", because: "one run, and no schedule adds to it" };
  const kept = runs.length > 1 ? null : keepsOneRun(context, workload);
  if (kept !== null && "missing" in kept) return inconclusive("no history yet", [kept.missing]);
  if (kept !== null) return { outcome: "blocked", because: kept.because, blockedBy: [kept.control] };
  const missing = [
    runs.length > 1
      ? "a second run that holds it: only the newest one does"
      : `a second run: ${runs.length === 0 ? "none" : "one"} is retained, and nothing keeps more from staying`,
  ];
  return inconclusive("no history yet", missing);
}

function inconclusive(because: string, missing: string[]): Verdict {
  return { outcome: "inconclusive", because, missing };
}

/** `3 weeks of history of 2 credentials, 2 rotations`. */
function historiesInWords(context: AssessContext, histories: readonly CredentialHistory[]): string {
  const rotations = histories.reduce((sum, one) => sum + one.rotations, 0);
  const who = positionText(context.from);
  const by = who === null ? "" : `, by ${who}`;
  const of = plural(histories.length, "credential");
  return `${spanInWords(spanOf(histories))} of history of ${of}, ${plural(rotations, "rotation")}${by}`;
}
