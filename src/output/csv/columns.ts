import type { Report } from "../../model/report.ts";

const refOf = (path: string): string[] => ["kind", "namespace", "name"].map((field) => `${path}.${field}`);
const objectOf = (path: string): string[] => [...refOf(path), `${path}.uid`];
const hours = ["atRestHours.soFar", "atRestHours.projected"];
const readers = ["readers.everyone", "readers.count", "readers.folded"];
const reachOf = (path: string): string[] => ["cluster", "namespaces", "secrets"].map((field) => `${path}.${field}`);

const carrier = [
  "class",
  ...objectOf("object"),
  "path",
  ...["opens", "opensIsBound", "opensNotBefore", "opensBecause"],
  ...[
    "closes",
    "closesIsBound",
    "closesBecause",
    "closesWhy",
    "closesAfterRuns",
    "closesAssumes",
    "endsBy",
    "savesHours",
  ],
];

const exposure = [
  ...["id", "severity", "credential.name", "credential.kind", "credential.confidence", "credential.because"],
  ...["credential.fingerprint", "credential.ref.namespace", "credential.ref.name", "credential.ref.key"],
  ...["credential.serviceAccount.namespace", "credential.serviceAccount.name", "credential.equals"],
  ...["credential.equalsMore", ...refOf("workload"), "removedFromTemplate", "removedBy", "rotatedBy"],
  ...["carriers.index", ...carrier.map((field) => `carriers.${field}`)],
  ...["opens", "closes", "neededUntil", ...hours, ...readers, "readers.items", "fix", "ignored.by", "ignored.reason"],
];

const cleanupPlan = [
  ...[...objectOf("object"), "resourceVersion", "state", "because", ...refOf("owner"), "finishedAt", "ageSeconds"],
  ...["ageIsBound", "decision", "needsBecause", "refusal", "refusedBecause", "dependents"],
  ...["ends.exposures", "ends.closed", "ends.tokens", "ends.savesHours"],
];

/** Columns of a report's items, by the path of the field in -o json. A change of their names breaks what reads them. */
const columns: Record<Report["kind"], string[]> = {
  TriageReport: [
    ...["id", "severity", "what", "objectCount", "objects", "since", "sinceIsBound", "until", "untilIsBound"],
    ...["untilAssumes", "untilBecause", "untilWhy", ...readers, "next"],
  ],
  ExposureReport: exposure,
  CarrierReport: [
    ...[...objectOf("object"), ...refOf("workload"), "severity", "credentials", "classes", "opens", "opensIsBound"],
    ...["closes", "closesIsBound", "closesBecause", "closesWhy", "closesAssumes", ...hours, ...readers],
    ...["endsBy", "savesHours"],
  ],
  ReaderReport: [
    ...[...refOf("subject"), "everyone", "severity", "credentials", "carriers", "through", "since", ...hours],
  ],
  StaleReport: [
    ...[...objectOf("object"), "state", "because", ...refOf("owner"), "startedAt", "finishedAt", "ageSeconds"],
    ...["governedBy", "deletesAt", "isBound", "assumes", "why", "overdueSeconds", "afterRuns"].map(
      (field) => `retention.${field}`,
    ),
    ...["credentials", "ignored.file", "ignored.annotation", "ignored.unconfirmed"],
  ],
  AccessReport: [
    ...[...refOf("subject"), "exists", "usedBy", ...reachOf("reach"), "reachIsBound", ...reachOf("direct")],
    ...[...reachOf("maybe"), "ways.edge", "builtIn"],
  ],
  CleanupPlan: cleanupPlan,
  CleanupResult: [...objectOf("object"), "outcome", "because", "dependentsGone", "dependentsLeft"],
  HoldReport: [...objectOf("object"), "state", "changes", "because", "heldSince", "heldBy"],
  ReplayReport: [
    ...["number", "id", "name", "attack", "matrix", "live.outcome", "live.because"],
    ...refOf("live.workloads.workload"),
    ...["outcome", "because", "blockedBy.id", "missing", "wouldBlock.id"].map((field) => `live.workloads.${field}`),
    ...["lab.proof", "lab.because"],
  ],
};

/** Of the whole report, in every row: a row that is copied elsewhere still says what it rests on. */
const ofReport = ["metadata.takenAt", "metadata.cluster.server", "complete", "blindSpots"];

/** The header of a report's CSV. */
export function csvColumns(kind: Report["kind"]): string[] {
  return [...columns[kind], ...ofReport];
}
