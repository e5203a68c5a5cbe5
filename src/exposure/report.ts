import { selects } from "../batch/select.ts";
import type { ExposureItem, ExposureReport, ExposureSummary, Severity, SubjectRef } from "../model/report.ts";
import type { Selection } from "../model/selection.ts";
import type { Resource, Snapshot } from "../model/snapshot.ts";
import { identityOf } from "../rbac/index.ts";
import { frame } from "../scope/frame.ts";
import { judge, type Judged, type Judgement } from "./judge.ts";
import { SEVERITIES } from "./severity.ts";

const DELETED_RUNS =
  "Hours at rest of a CronJob's credentials do not leave out runs that are no longer in the evidence: nothing says when they ran.";

/** Of every report that counts readers. */
export const READERS_COUNTED =
  "Readers of pods, Jobs and CronJobs are those who get, list or watch: patch, delete and other verbs that return them too are not counted.";

const TYPES_UNKNOWN =
  "Secrets were not listed (--list-secrets): one that is only named may hold a token without expiry.";

/** What a report of exposures is judged from. */
const NEEDS: readonly Resource[] = [
  "cronjobs",
  "jobs",
  "pods",
  "serviceaccounts",
  "roles",
  "rolebindings",
  "clusterroles",
  "clusterrolebindings",
];

/** What a report of exposures is judged from here: Secrets only where they were asked for. */
export function exposureNeeds({ collected }: Snapshot): readonly Resource[] {
  return collected.includes("secrets") ? [...NEEDS, "secrets"] : NEEDS;
}

/** What has to be said of references to Secrets whose types nobody looked at; nothing where there are none. */
export function unknownTypes({ collected }: Snapshot, items: readonly ExposureItem[]): string[] {
  const named = items.some(({ credential }) => credential.kind === "secret-reference");
  return named && !collected.includes("secrets") ? [TYPES_UNKNOWN] : [];
}

/**
 * One item for each credential that CronJobs, Jobs and their pods expose: what everyone reads first, then by severity,
 * hours at rest and id. Everything is judged, then what the selection names is kept, with all of its carriers.
 */
export function exposureReport(snapshot: Snapshot, selection: Selection): ExposureReport {
  const judgement = judge(snapshot, { allReaders: selection.allReaders });
  const selected = judgement.judged.filter((one) => isSelected(one, judgement, selection));
  const certain = selected.filter(({ item }) => selection.all || item.credential.confidence !== "possible");
  const items = certain.map(({ item }) => item).sort(inOrder);
  const periodic = items.some((item) => item.carriers.some((carrier) => carrier.object.kind === "CronJob"));
  return {
    ...frame(snapshot, exposureNeeds(snapshot), [
      ...(items.length > 0 ? [READERS_COUNTED] : []),
      ...(periodic ? [DELETED_RUNS] : []),
      ...unknownTypes(snapshot, items),
    ]),
    kind: "ExposureReport",
    summary: summarise(items, selected.length - certain.length),
    items,
  };
}

/** True when a carrier, its owner or its account is selected, or a subject that reads it, itself or by its groups, and it is severe enough. */
export function isSelected({ item, carriers }: Judged, { context }: Judgement, selection: Selection): boolean {
  const { severityAtLeast, subjects } = selection;
  if (severityAtLeast !== null && SEVERITIES.indexOf(item.severity) > SEVERITIES.indexOf(severityAtLeast)) return false;
  if (carriers.some(({ found }) => selects(selection, found.source, context.owners))) return true;
  if (!subjects.some((subject) => item.readers.items.some((reader) => readsAs(subject, reader.subject)))) return false;
  // A reader was named: the selectors still apply to what it reads.
  const anyone = { ...selection, objects: [], subjects: [] };
  return carriers.some(({ found }) => selects(anyone, found.source, context.owners));
}

function readsAs(named: SubjectRef, reader: SubjectRef): boolean {
  if (reader.kind === "Group" && identityOf(named).groups.includes(reader.name)) return true;
  if (named.kind !== reader.kind || named.name !== reader.name) return false;
  return named.namespace === null || named.namespace === reader.namespace;
}

function inOrder(a: ExposureItem, b: ExposureItem): number {
  return (
    Number(b.readers.everyone) - Number(a.readers.everyone) ||
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    b.atRestHours.soFar - a.atRestHours.soFar ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}

/** Counts and sums; hours of all credentials together have an end only if those of each have. */
export function summarise(items: readonly ExposureItem[], possible: number): ExposureSummary {
  const bySeverity: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  let soFar = 0;
  let projected = 0;
  let withoutEnd = 0;
  for (const item of items) {
    bySeverity[item.severity]++;
    soFar += item.atRestHours.soFar;
    if (item.atRestHours.projected === null) withoutEnd++;
    else projected += item.atRestHours.projected;
  }
  return {
    credentials: items.length,
    bySeverity,
    atRestHours: { soFar: round(soFar), projected: withoutEnd > 0 ? null : round(projected) },
    withoutEnd,
    possible,
  };
}

function round(hours: number): number {
  return Math.round(hours * 100) / 100;
}
