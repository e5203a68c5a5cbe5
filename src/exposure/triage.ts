import { staleReport } from "../batch/report.ts";
import type { ObjectRef } from "../model/object.ts";
import type { ExposureItem, Severity, TriageItem, TriageReport, TriageSummary } from "../model/report.ts";
import type { Selection } from "../model/selection.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { accessReport } from "../rbac/report.ts";
import { frame } from "../scope/frame.ts";
import { countIgnored, ignoredLines, ignoredNotes } from "./ignored.ts";
import { judge, type Judgement } from "./judge.ts";
import type { Judged } from "./judged.ts";
import { exposureNeeds, isSelected, summarise, unknownTypes } from "./report.ts";
import { SEVERITIES } from "./severity.ts";
import { accountLines } from "./triage/accounts.ts";
import { credentialLines, NODE_REACH, nodeReachLines, tokenLines } from "./triage/credentials.ts";
import { imageLines } from "./triage/images.ts";
import { goesAwaySoon, staleLines } from "./triage/stale.ts";

/**
 * The worst of exposure, access and stale on one screen: what everyone reads first, then by severity. A severity in the
 * selection leaves out lines; figures and what goes away soon are of everything that the other selectors leave.
 */
export function triageReport(snapshot: Snapshot, selection: Selection): TriageReport {
  const everySeverity = { ...selection, severityAtLeast: null };
  const judgement = judge(snapshot, { allReaders: selection.allReaders });
  const sure = judgement.judged.filter(
    (one) =>
      isSelected(one, judgement, everySeverity) && (selection.all || one.item.credential.confidence !== "possible"),
  );
  const judged = sure.filter(({ item }) => item.ignored === undefined);
  const stale = staleReport(snapshot, everySeverity);
  const access = accessReport(snapshot, everySeverity, { world: judgement.world });
  const items = [
    ...credentialLines(judged, judgement.context),
    ...ignoredLines(sure),
    ...accountLines(access),
    ...tokenLines(judged, judgement.context),
    ...imageLines(stale),
    ...staleLines(stale),
    ...nodeReachLines(judged, judgement.context),
  ]
    .filter((item) => isSevere(item.severity, selection.severityAtLeast))
    .sort(inOrder);
  const exposures = judged.map(({ item }) => item);
  const { file, annotation, unconfirmed } = countIgnored(sure.map(({ item }) => item));
  const bySeverity: TriageSummary["bySeverity"] = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  for (const { severity } of items) bySeverity[severity]++;
  return {
    ...frame(snapshot, exposureNeeds(snapshot), [
      ...snapshot.recoveryNotes,
      ...ignoredNotes(sure.map(({ item }) => item)),
      ...(items.some(({ id }) => id === NODE_REACH) ? unknownTypes(snapshot, exposures) : []),
    ]),
    kind: "TriageReport",
    summary: {
      bySeverity,
      atRestHours: summarise(exposures, 0).atRestHours,
      largest: largestOf(exposures),
      goesAwaySoon: goesAwaySoon(stale, carriedBy(judged, judgement)),
      next: items[0]?.next ?? null,
      ignored: { file, annotation, unconfirmed },
    },
    items,
  };
}

function isSevere(severity: Severity, atLeast: Severity | null): boolean {
  return atLeast === null || SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(atLeast);
}

/** A stable sort: within one severity the lines keep the order in which they are made. */
function inOrder(a: TriageItem, b: TriageItem): number {
  return (
    Number(b.readers?.everyone ?? false) - Number(a.readers?.everyone ?? false) ||
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity)
  );
}

/** The workload that most hours at rest come from; `share` is between 0 and 1, with two decimals. */
function largestOf(items: readonly ExposureItem[]): TriageSummary["largest"] {
  const sums = new Map<string, { workload: ObjectRef; hours: number }>();
  let total = 0;
  for (const { workload, atRestHours } of items) {
    total += atRestHours.soFar;
    const key = `${workload.kind} ${workload.uid ?? ""}`;
    const sum = sums.get(key);
    if (sum === undefined) sums.set(key, { workload, hours: atRestHours.soFar });
    else sum.hours += atRestHours.soFar;
  }
  if (total === 0) return null;
  const { workload, hours } = [...sums.values()].reduce((a, b) => (b.hours > a.hours ? b : a));
  return { workload, share: Math.round((hours / total) * 100) / 100 };
}

/** How many credentials go with a Job and its pods, or with a pod, by uid. */
function carriedBy(judged: readonly Judged[], { context }: Judgement): (uid: string | null) => number {
  const counts = new Map<string, number>();
  for (const { carriers } of judged) {
    const uids = new Set<string>();
    for (const { found } of carriers) {
      uids.add(found.source.meta.uid);
      if (found.source.kind === "Pod") uids.add(context.owners.jobOf(found.source)?.meta.uid ?? found.source.meta.uid);
    }
    for (const uid of uids) counts.set(uid, (counts.get(uid) ?? 0) + 1);
  }
  return (uid) => (uid === null ? 0 : (counts.get(uid) ?? 0));
}
