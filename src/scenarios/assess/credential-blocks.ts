import { jobOutcome, podFinished } from "../../batch/finish.ts";
import { readsAs } from "../../exposure/visible.ts";
import { readablesOf } from "../../exposure/readable.ts";
import { isGoing } from "../../exposure/removals.ts";
import { inNamespace, line, quote, saveFirst, target } from "../../exposure/steps.ts";
import type { Control } from "../../model/replay-report.ts";
import type { SubjectRef } from "../../model/report.ts";
import { readersOf } from "../../rbac/index.ts";
import { subjectText } from "../../rbac/subjects.ts";
import type { AssessContext, ReplayWorkload } from "../context.ts";
import { cleanUp, control, CONTROLS, setHistoryLimits, setTtl, SHORT_TTL } from "../controls.ts";
import { inWords, positionText } from "../position.ts";
import { becomes } from "./becomes.ts";
import { keepsNone } from "./credential-gone.ts";
import { placeOf, type Read, type Text } from "./credential-texts.ts";

/** Credentials whose fix is written out, and subjects. */
const MOST_WRITTEN = 3;

/** What takes the text out of a template, the first few; that of a run which is over goes with the run. */
export function textFixes({ object }: ReplayWorkload, texts: readonly Text[]): Control[] {
  if (object.kind !== "CronJob") return isOver(object) ? [] : recreation(object, texts);
  const items = texts.filter(isLasting).map(({ judged }) => judged.item);
  const fixes = new Map(items.map(({ fix, credential }) => [fix, credential.name]));
  return [...fixes].slice(0, MOST_WRITTEN).map(([fix, name]) => {
    const more = fixes.size > MOST_WRITTEN ? ` (and ${String(fixes.size - MOST_WRITTEN)} more like it)` : "";
    return control("no-value-in-object", fix, `${name}: ${CONTROLS["no-value-in-object"]}${more}`);
  });
}

function isOver(object: ReplayWorkload["jobs"][number] | ReplayWorkload["pods"][number]): boolean {
  return object.kind === "Job" ? jobOutcome(object) !== null : podFinished(object);
}

/** The template of a Job or pod cannot be changed. */
function recreation(object: ReplayWorkload["object"], texts: readonly Text[]): Control[] {
  const names = [...new Set(texts.map(({ judged }) => judged.item.credential.name))];
  const more = names.length > MOST_WRITTEN ? ` and ${String(names.length - MOST_WRITTEN)} more` : "";
  const which = `${names.slice(0, MOST_WRITTEN).join(", ")}${more}`;
  return [control("no-value-in-object", `recreate ${target(object)} with ${which} from a Secret`)];
}

/** True for what a CronJob's template still holds: everything else goes with the runs. */
function isLasting({ carriers }: Text): boolean {
  return carriers.some(({ found }) => found.source.kind === "CronJob");
}

/** What takes finished runs away: once now with the evidence saved, then by itself. */
export function runRemovals(workload: ReplayWorkload, limits: boolean): Control[] {
  const { object, jobs, pods } = workload;
  const finished = pods.some(podFinished) || jobs.some((job) => jobOutcome(job) !== null);
  const now = finished ? [control("pod-deletion", cleanUp(object))] : [];
  return [...now, ...shorterTtl(object), ...(limits ? noHistory(workload) : [])];
}

/** None where it is as short already, or the object is being deleted, which a TTL does not hasten. */
function shorterTtl(object: ReplayWorkload["object"]): Control[] {
  const how = setTtl(object, SHORT_TTL);
  if (how === null || object.kind === "Pod" || isGoing(object)) return [];
  const { ttlSecondsAfterFinished: ttl } = object.kind === "Job" ? object.spec : object.job;
  if (ttl !== null && ttl <= SHORT_TTL) return [];
  const isEnded = object.kind === "Job" && jobOutcome(object) !== null;
  const before = `; it has finished, so it goes an hour after that or at once (${saveFirst(object.meta.namespace)})`;
  return [control("ttl", how, `${CONTROLS.ttl}${isEnded ? before : ""}`)];
}

function noHistory({ object, jobs }: ReplayWorkload): Control[] {
  if (object.kind !== "CronJob" || isGoing(object) || keepsNone(object)) return [];
  const goes = jobs.some((job) => jobOutcome(job) !== null);
  const before = `; the finished ones go at once (${saveFirst(object.meta.namespace)})`;
  const what = `${CONTROLS["history-limit"]}${goes ? before : ""}`;
  return [control("history-limit", setHistoryLimits(object, 0, 0), what)];
}

/** For a position: what shows the grants by which it reads, or by which it may become somebody who does. */
export function grantRemoval(context: AssessContext, reads: readonly Read[]): Control[] {
  const who = positionText(context.from);
  if (who === null) return [];
  const [first, ...others] = granteesOf(context, reads);
  if (first !== undefined) {
    const shown = others.slice(0, MOST_WRITTEN - 1);
    const more = others.length > shown.length ? [`and ${String(others.length - shown.length)} more`] : [];
    const names = [first, ...shown].map(inWords).join(" and ") + (more.length > 0 ? ` ${more.join("")}` : "");
    const what = `what lets ${names} read it is taken away; the command shows the bindings`;
    return [control("rbac", line(accessTo(first), [...shown.map((one) => `then ${accessTo(one)}`), ...more]), what)];
  }
  const [self] = context.from.toSorted((a, b) => Number(a.kind === "Group") - Number(b.kind === "Group"));
  if (self === undefined || becomes(context) === null) return [];
  const what = `the way by which ${who} becomes somebody else is taken away; the command shows the bindings`;
  return [control("rbac", accessTo(self), what)];
}

/** Whom the grants name by which the position reads these: itself or its groups. */
function granteesOf({ from, judgement }: AssessContext, reads: readonly Read[]): SubjectRef[] {
  const objects = reads.flatMap(({ carriers }) => carriers.flatMap(({ found }) => readablesOf(found)));
  const readers = objects.flatMap((one) => readersOf(judgement.world.rbac, one, { allReaders: true }).items);
  const own = readers.map(({ subject }) => subject).filter((subject) => from.some((one) => readsAs(one, subject)));
  return [...new Map(own.map((one) => [subjectText(one), one])).values()].sort(
    (a, b) => Number(a.kind === "Group") - Number(b.kind === "Group"),
  );
}

function accessTo({ kind, namespace, name }: SubjectRef): string {
  const word = kind === "ServiceAccount" ? `sa/${name}` : `${kind.toLowerCase()}:${name}`;
  return `kubectl cronaudit access ${quote(word)}${inNamespace(namespace)}`;
}

/** Cheapest first. Removing runs stops nothing while the adversary reads all of it in the template too. */
export function wouldBlock(
  context: AssessContext,
  workload: ReplayWorkload,
  texts: readonly Text[],
  reads: readonly Read[],
): Control[] {
  const isReadInTemplate = reads.some(({ carriers }) =>
    carriers.some(({ found }) => placeOf(found.source) === "cronjob"),
  );
  const removals = isReadInTemplate && texts.every(isLasting) ? [] : runRemovals(workload, false);
  return [...removals, ...grantRemoval(context, reads), ...textFixes(workload, texts)];
}
