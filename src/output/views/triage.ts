import type { TriageReport } from "../../model/report.ts";
import type { View, ViewOptions } from "../view.ts";
import { atRest, ignoredLine, readersCell, sinceCell, untilCell } from "./findings.ts";
import { goesAwayLines } from "./goes-away.ts";
import { kindsOf, objectName } from "./names.ts";

/** The worst of everything: what disappears soon, one line per finding, the total, the next command. */
export function triageView(report: TriageReport, options: ViewOptions): View {
  const now = report.metadata.takenAt;
  const { summary } = report;
  return {
    before: goesAway(report, options),
    columns: [
      { header: "SEVERITY" },
      { header: "WHAT", shrinkTo: 28, keepsPlace: true },
      { header: "SINCE", drops: 3 },
      { header: "UNTIL", drops: 1 },
      { header: "READERS", drops: 2 },
      { header: "UNTIL, BECAUSE", wide: true },
      { header: "OBJECTS", wide: true },
      { header: "NEXT", wide: true },
    ],
    rows: report.items.map((item) => [
      { text: item.severity, severity: item.severity },
      item.what,
      sinceCell(item.since, item.sinceIsBound, now),
      untilCell(item.until, item.untilBecause, now, {
        closesIsBound: item.untilIsBound,
        closesAssumes: item.untilAssumes,
      }),
      readersCell(item.readers, report.complete),
      item.untilWhy,
      `${kindsOf(item.objects)}${item.objectCount > item.objects.length ? `, of ${item.objectCount}` : ""}`,
      options.command(item.next),
    ]),
    after: [
      ...(report.items.length > 0 ? ["", total(report)] : []),
      ...ignoredLine(summary.ignored, options.command("exposure --show-ignored")),
      ...next(summary.next, options),
    ],
  };
}

function goesAway({ summary, metadata, items: findings }: TriageReport, options: ViewOptions): string[] {
  const lines = goesAwayLines(summary.goesAwaySoon, metadata.takenAt, options);
  if (lines.length === 0) return [];
  if (options.live) lines.push(`Keep what is there now: ${options.command("snapshot evidence.jsonl.gz")}`);
  return findings.length === 0 ? lines : [...lines, ""];
}

function total({ summary }: TriageReport): string {
  const { largest } = summary;
  if (largest === null) return atRest(summary.atRestHours);
  const { kind, name, namespace } = largest.workload;
  const where = namespace === null ? "" : ` in ${namespace}`;
  return `${atRest(summary.atRestHours)} ${Math.round(largest.share * 100)}% from ${objectName({ kind, name })}${where}.`;
}

function next(args: string | null, options: ViewOptions): string[] {
  return args === null ? [] : [`Next: ${options.command(args)}`];
}
