import { selects } from "../batch/select.ts";
import { instant } from "../batch/time.ts";
import type {
  CarrierReport,
  ExposureItem,
  ExposureReport,
  ExposureSummary,
  ReaderReport,
  Severity,
} from "../model/report.ts";
import type { ExposureQuestion, Selection } from "../model/selection.ts";
import type { Resource, Snapshot } from "../model/snapshot.ts";
import { frame } from "../scope/frame.ts";
import type { Need } from "../scope/seen.ts";
import { byCarrier } from "./by-carrier.ts";
import { byReader } from "./by-reader.ts";
import { sourcesOf } from "./class.ts";
import { countIgnored, ignoredNotes } from "./ignored.ts";
import { judge, type Judgement } from "./judge.ts";
import type { Judged } from "./judged.ts";
import { questionNotes } from "./notes.ts";
import { SEVERITIES } from "./severity.ts";
import { readsAs } from "./visible.ts";
import { isOpenIn, type Interval } from "./windows.ts";

const LOGS_UNREAD = "Container logs were not read (--scan-logs): what runs printed to them is not seen.";

const TYPES_UNKNOWN =
  "Secrets were not listed (--list-secrets): one that is only named may hold a token without expiry.";

/** What a report of exposures is judged from. */
const NEEDS: readonly Resource[] = [
  "cronjobs",
  "jobs",
  "pods",
  "configmaps",
  "nodes",
  "serviceaccounts",
  "roles",
  "rolebindings",
  "clusterroles",
  "clusterrolebindings",
];

/** What a report of exposures is judged from here: Secrets and logs only where they were asked for. */
export function exposureNeeds({ collected, logs, compared }: Snapshot): readonly Need[] {
  const secrets: Need[] = collected.includes("secrets") || compared !== undefined ? ["secrets"] : [];
  return [...NEEDS, ...secrets, ...(logs === null ? [] : (["pods/log"] as const))];
}

/** What has to be said of references to Secrets whose types nobody looked at; nothing where there are none. */
export function unknownTypes({ collected }: Snapshot, items: readonly ExposureItem[]): string[] {
  const named = items.some(({ credential }) => credential.kind === "secret-reference");
  return named && !collected.includes("secrets") ? [TYPES_UNKNOWN] : [];
}

/** Everything, as everybody sees it. */
export const EVERYTHING: ExposureQuestion = { by: "credential", classes: [], since: null, until: null, asSeenBy: [] };

/**
 * One item for each credential that CronJobs, Jobs and their pods expose: what everyone reads first, then by severity,
 * hours at rest and id. Everything is judged, then what the selection and the question name is kept, with all of its carriers.
 */
export function exposureReport(snapshot: Snapshot, selection: Selection, question = EVERYTHING): ExposureReport {
  const { framed, summary, items } = ask(snapshot, selection, question);
  return { ...framed, kind: "ExposureReport", summary, items };
}

/** As exposureReport; or, by the question, one item for each object that carries any, or each identity that reads any. */
export function answer(
  snapshot: Snapshot,
  selection: Selection,
  question: ExposureQuestion,
): ExposureReport | CarrierReport | ReaderReport {
  if (question.by === "credential") return exposureReport(snapshot, selection, question);
  const { framed, summary, judgement, judged } = ask(snapshot, selection, question);
  return question.by === "carrier"
    ? { ...framed, kind: "CarrierReport", summary, items: byCarrier(judged, judgement, question.classes) }
    : { ...framed, kind: "ReaderReport", summary, items: byReader(judged, judgement) };
}

function ask(snapshot: Snapshot, selection: Selection, question: ExposureQuestion) {
  const span: Interval = { from: instant(question.since) ?? -Infinity, to: instant(question.until) ?? Infinity };
  const judgement = judge(snapshot, { allReaders: selection.allReaders, asSeenBy: question.asSeenBy, span });
  const selected = judgement.judged.filter(
    (one) => isSelected(one, judgement, selection) && isAsked(one, question, span),
  );
  const sure = selected.filter(({ item }) => selection.all || item.credential.confidence !== "possible");
  const judged = sure
    .filter(({ item }) => selection.showIgnored || item.ignored === undefined)
    .sort((a, b) => inOrder(a.item, b.item));
  const items = judged.map(({ item }) => item);
  const everything = sure.map(({ item }) => item);
  const framed = frame(snapshot, exposureNeeds(snapshot), [
    ...snapshot.recoveryNotes,
    ...ignoredNotes(everything),
    ...questionNotes(judged, question),
    ...(snapshot.logs === null && snapshot.source === "cluster" ? [LOGS_UNREAD] : []),
    ...unknownTypes(snapshot, items),
  ]);
  return { framed, summary: summarise(everything, selected.length - sure.length), items, judged, judgement };
}

function isAlways({ from, to }: Interval): boolean {
  return from === -Infinity && to === Infinity;
}

/** True when one of its carriers is of a class that was asked for, and one of its windows is open in the time asked for. */
function isAsked(judged: Judged, { classes }: ExposureQuestion, span: Interval): boolean {
  if (classes.length > 0 && !judged.carriers.some(({ rule }) => classes.includes(rule.id))) return false;
  return isAlways(span) || judged.windows.some((window) => isOpenIn(window, span));
}

/** True when a carrier, its owner or its account is selected, or a subject that reads it, itself or by its groups, and it is severe enough. */
export function isSelected({ item, carriers }: Judged, { context }: Judgement, selection: Selection): boolean {
  const { severityAtLeast, subjects } = selection;
  if (severityAtLeast !== null && SEVERITIES.indexOf(item.severity) > SEVERITIES.indexOf(severityAtLeast)) return false;
  if (carriers.some(({ found }) => sourcesOf(found).some((one) => selects(selection, one, context.ownersOf(one)))))
    return true;
  if (!subjects.some((subject) => item.readers.items.some((reader) => readsAs(subject, reader.subject)))) return false;
  // A reader was named: the selectors still apply to what it reads.
  const anyone = { ...selection, objects: [], subjects: [] };
  return carriers.some(({ found }) => sourcesOf(found).some((one) => selects(anyone, one, context.ownersOf(one))));
}

function inOrder(a: ExposureItem, b: ExposureItem): number {
  return (
    Number(b.readers.everyone) - Number(a.readers.everyone) ||
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    b.atRestHours.soFar - a.atRestHours.soFar ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}

/** Counts and sums of what is not ignored; hours of all credentials together have an end only if those of each have. */
export function summarise(items: readonly ExposureItem[], possible: number): ExposureSummary {
  const bySeverity: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  let soFar = 0;
  let projected = 0;
  let withoutEnd = 0;
  const findings = items.filter(({ ignored }) => ignored === undefined);
  for (const item of findings) {
    bySeverity[item.severity]++;
    soFar += item.atRestHours.soFar;
    if (item.atRestHours.projected === null) withoutEnd++;
    else projected += item.atRestHours.projected;
  }
  return {
    credentials: findings.length,
    bySeverity,
    atRestHours: { soFar: round(soFar), projected: withoutEnd > 0 ? null : round(projected) },
    withoutEnd,
    possible,
    ignored: countIgnored(items),
  };
}

function round(hours: number): number {
  return Math.round(hours * 100) / 100;
}
