import type { Report } from "../model/report.ts";

type Envelope = Omit<Report, "items">;

/** The report without its items, keys in the order in which every report is written. */
export function envelopeOf(report: Report): Envelope {
  const { apiVersion, kind, metadata, complete, blindSpots, notes, summary } = report;
  const rules = report.kind === "CleanupPlan" ? { rules: report.rules } : {};
  const changes = "changes" in report ? { changes: report.changes } : {};
  return { apiVersion, kind, metadata, complete, blindSpots, notes, ...rules, summary, ...changes } as Envelope;
}

/** The whole report as -o json prints it. */
export function documentOf(report: Report): object {
  return { ...envelopeOf(report), items: report.items };
}
