import type { Carrier, ExposureItem, ExposureReport } from "../../../src/model/report.ts";
import { timeline } from "../../../src/output/timeline/index.ts";

export const NOW = "2026-11-22T12:00:00Z";

/** A carrier that opened two days ago and has no known end. */
export function carrier(more: Partial<Carrier> = {}, name = "backup-1"): Carrier {
  const opens = more.opens ?? "2026-11-20T12:00:00Z";
  return {
    class: "literal-env",
    object: { kind: "Job", namespace: "database", name, uid: name },
    path: "spec.template.spec.containers[0].env[0].value",
    ...{ opens, opensNotBefore: opens, opensIsBound: false, opensBecause: "created then" },
    ...{ closes: null, closesBecause: "never", closesWhy: "it has no TTL", closesIsBound: false },
    ...{ closesAfterRuns: null, closesAssumes: null, endsBy: null, savesHours: null },
    ...more,
  };
}

/** A credential in these carriers, last needed a day ago. */
export function item(carriers: Carrier[], more: Partial<ExposureItem> = {}): ExposureItem {
  const open = carriers.some(({ closes }) => closes === null);
  return {
    id: "0",
    credential: {
      ...{ name: "DB_PASSWORD", kind: "password", confidence: "certain", because: "" },
      ...{ fingerprint: "b4e1aa", ref: null, serviceAccount: null, equals: null, equalsMore: 0 },
    },
    severity: "high",
    workload: { kind: "CronJob", namespace: "database", name: "backup", uid: "backup" },
    ...{ removedFromTemplate: false, removedBy: null, rotatedBy: null, token: null },
    carriers,
    opens: carriers.map(({ opens }) => opens).sort()[0] ?? NOW,
    closes: open
      ? null
      : (carriers
          .map(({ closes }) => closes)
          .sort()
          .at(-1) ?? null),
    neededUntil: "2026-11-21T12:00:00Z",
    atRestHours: { soFar: 24, projected: null },
    readers: { everyone: false, count: 14, items: [], folded: 0 },
    fix: "",
    ...more,
  };
}

export function report(items: ExposureItem[], takenAt = NOW): ExposureReport {
  return {
    kind: "ExposureReport",
    metadata: { takenAt, scope: { namespaces: null } },
    complete: true,
    items,
  } as ExposureReport;
}

/** The lines of a timeline of so many columns. */
export function draw(items: ExposureItem[], width = 100, takenAt = NOW): string[] {
  return [...timeline(report(items, takenAt), items, { width, color: false, headers: true })];
}
