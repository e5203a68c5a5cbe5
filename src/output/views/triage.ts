import type { GoesAway, TriageReport } from "../../model/report.ts";
import { count, cut, width } from "../text.ts";
import type { View, ViewOptions } from "../view.ts";
import { atRest, readersCell, sinceCell, untilCell } from "./findings.ts";
import { kindsOf, objectName, objectWithNamespace } from "./names.ts";

const goesAwayShown = 3;

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
    after: [...(report.items.length > 0 ? ["", total(report)] : []), ...next(summary.next, options)],
  };
}

function goesAway({ summary, metadata, items: findings }: TriageReport, options: ViewOptions): string[] {
  const items: GoesAway[] = summary.goesAwaySoon;
  const now = metadata.takenAt;
  if (items.length === 0) return [];
  const lines = items.slice(0, goesAwayShown).map(({ object, deletesAt, isBound, assumes, why, carries }) => {
    const holds = carries === 0 ? "" : `, ${count(carries, "credential")}`;
    const when = untilCell(deletesAt, "various", now, { closesIsBound: isBound, closesAssumes: assumes });
    const fact = `GOES AWAY SOON   ${objectWithNamespace(object)}${holds}: ${when}`;
    const line = `${fact} (${why})`;
    // Only the reason is cut: without the time the line says nothing.
    return options.wide ? line : width(fact) < options.width - 3 ? cut(line, options.width) : fact;
  });
  if (items.length > goesAwayShown) {
    lines.push(`GOES AWAY SOON   and ${count(items.length - goesAwayShown, "more object")}`);
  }
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
