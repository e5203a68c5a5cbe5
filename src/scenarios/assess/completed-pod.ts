import { duration } from "../../batch/durations.ts";
import { instant } from "../../batch/time.ts";
import { carrierOf, type Source } from "../../exposure/class.ts";
import type { Carried } from "../../exposure/identity.ts";
import { plural } from "../../exposure/triage/line.ts";
import type { Control, LiveOutcome, ReplayCredential, WorkloadReplay } from "../../model/replay-report.ts";
import type { AssessContext, ReplayWorkload } from "../context.ts";
import { control } from "../controls.ts";
import { positionText } from "../position.ts";
import { asAnother } from "./becomes.ts";
import { wouldBlock } from "./credential-blocks.ts";
import { unseenConfigMaps, unseenGrants, unseenRuns } from "./credential-evidence.ts";
import { whyGone } from "./credential-gone.ts";
import { isInPods, missesOf } from "./credential-misses.ts";
import { mayList, mayReadPods, pathOf } from "./credential-path.ts";
import { isInRun, isOfPods, isSure, placeOf, readsOf, textsOf, type Read, type Text } from "./credential-texts.ts";

/** What was decided of one workload, before it is written out. */
interface Verdict {
  outcome: LiveOutcome;
  because: string;
  blockedBy?: Control[];
  missing?: string[];
}

/** Adversary 1 on each workload: which credentials stand as text where it reads. */
export function assessCompletedPod(context: AssessContext): WorkloadReplay[] {
  const textsIn = textsOf(context);
  return context.workloads.map((workload) => assessOne(context, workload, textsIn(workload)));
}

function assessOne(context: AssessContext, workload: ReplayWorkload, texts: readonly Text[]): WorkloadReplay {
  const reads = readsOf(context, texts);
  const sure = reads.filter(isSure);
  const misses = missesOf(context, workload, texts, reads);
  const counted = texts.filter(({ carriers }) => carriers.some((one) => isInRun(one) && isAimedAt(context, one)));
  const verdict = judgeOne(context, workload, { texts: counted, reads, misses });
  const { outcome, because, blockedBy = [], missing = [] } = verdict;
  const open = outcome === "succeeds" || outcome === "inconclusive";
  return {
    workload: workload.ref,
    outcome,
    because,
    blockedBy,
    missing,
    path: outcome === "not-applicable" ? [] : pathOf(context, workload, { reads: sure, misses }),
    wouldBlock: open && texts.length > 0 ? wouldBlock(context, workload, texts, reads) : [],
    facts: { kind: "completed-pod", reads: sure.map((read) => credentialOf(context, read)), misses },
  };
}

function judgeOne(
  context: AssessContext,
  workload: ReplayWorkload,
  found: { texts: readonly Text[]; reads: readonly Read[]; misses: readonly unknown[] },
): Verdict {
  const { texts, reads, misses } = found;
  const sure = reads.filter(isSure);
  if (sure.length > 0) return { outcome: "succeeds", because: readsInWords(context, workload, sure) };
  const [doubtful] = reads;
  if (doubtful !== undefined) {
    const names = [...new Set(reads.map(({ judged }) => judged.item.credential.name))].join(", ");
    const missing = [`whether ${names} is a credential: recognised only as possible`];
    return { outcome: "inconclusive", because: `only possible credentials are read: ${names}`, missing };
  }
  const unseen = unseenRuns(context, workload.ref.namespace ?? "");
  if (unseen.length > 0) return inconclusive("nothing is read in what was seen", unseen);
  if (texts.length === 0) return withoutText(misses.length > 0, unseenConfigMaps(context, workload));
  const grants = unseenGrants(context, workload.ref.namespace ?? "");
  if (grants.length > 0) return inconclusive("nothing is read by the grants that were seen", grants);
  return withHiddenText(context, workload, texts);
}

function inconclusive(because: string, missing: string[]): Verdict {
  return { outcome: "inconclusive", because, missing };
}

function withoutText(isNamed: boolean, unseen: string[]): Verdict {
  if (isNamed)
    return { outcome: "blocked", because: "value not in the pod", blockedBy: [control("no-value-in-object")] };
  // Of a ConfigMap the pod never holds more than the name: only whether there is a credential at all is unknown.
  if (unseen.length > 0) return inconclusive("it uses no credential in what was seen", unseen);
  return { outcome: "not-applicable", because: "it uses no credential, as far as was seen" };
}

/** The text is there, and the adversary reads none of it. */
function withHiddenText(context: AssessContext, workload: ReplayWorkload, texts: readonly Text[]): Verdict {
  const who = positionText(context.from);
  const ways = who === null ? [] : asAnother(context);
  if (who !== null && ways.length > 0)
    return inconclusive(`${who} itself may read none of the objects that hold it`, ways);
  if (who !== null && (texts.some(isInPods) || !mayReadPods(context, workload.ref.namespace ?? ""))) {
    const because = `${who} may read none of the objects that hold it`;
    return { outcome: "blocked", because, blockedBy: [control("rbac")] };
  }
  const rbac = who === null ? [] : [control("rbac", null, `${who} may not read what holds it besides`)];
  const holders = holdersOf(texts);
  if (holders.length === 0) {
    const because = "value not in the pod: an annotation or the log holds it";
    return { outcome: "blocked", because, blockedBy: [control("no-value-in-object"), ...rbac] };
  }
  const gone = whyGone(workload, holders);
  if ("missing" in gone) return inconclusive("its template holds a credential, and no pod does", [gone.missing]);
  return { outcome: "blocked", because: gone.because, blockedBy: [gone.control, ...rbac] };
}

/** Without a position no log is read: that takes another right. */
function isAimedAt({ from }: AssessContext, { rule }: Carried): boolean {
  return from.length > 0 || rule.id !== "log";
}

/** What holds it where its runs get it from. */
function holdersOf(texts: readonly Text[]): Source[] {
  return [...new Set(texts.flatMap(({ carriers }) => carriers.filter(isOfPods)).map(({ found }) => found.source))];
}

function credentialOf({ judgement }: AssessContext, { carriers: [{ rule, found }] }: Read): ReplayCredential {
  const { object, path, opens, opensIsBound, closes, closesIsBound, closesWhy } = carrierOf(
    rule.id,
    found,
    judgement.context,
  );
  const { name, kind, fingerprint } = found.identity;
  return { name, kind, fingerprint, object, path, opens, opensIsBound, closes, closesIsBound, closesWhy };
}

function readsInWords(context: AssessContext, workload: ReplayWorkload, reads: readonly Read[]): string {
  const { from, judgement } = context;
  const who = positionText(from) ?? "pods get and list";
  const byPlace = Map.groupBy(reads, ({ carriers: [{ found }] }) => placeOf(found.source));
  const where = [...byPlace]
    .map(([place, here]) => `${byPlace.size === 1 ? "" : `${String(here.length)} `}in ${PLURALS[place]}`)
    .join(", ");
  const opens = reads.map(({ carriers: [{ found }] }) => instant(found.opening.opens) ?? judgement.context.now);
  const oldest = duration((judgement.context.now - Math.min(...opens)) / 1000);
  const namespace = workload.ref.namespace ?? "";
  const unlisted = byPlace.has("finished pod") && mayList(context, "Pod", namespace) === false;
  const luck = unlisted ? "; it may not list pods, so it has to know their names" : "";
  return `${plural(reads.length, "credential")} by ${who}, ${where}, for up to ${oldest}${luck}`;
}

const PLURALS = {
  "finished pod": "finished pods",
  "unfinished pod": "pods that have not finished",
  job: "Jobs",
  cronjob: "the CronJob",
} as const;
