import type { ReaderItem, ReaderReport } from "../../model/report.ts";
import { age } from "../age.ts";
import { shellQuote } from "../shell.ts";
import { grouped } from "../text.ts";
import type { View, ViewOptions } from "../view.ts";
import { atRest, hoursCell, ignoredLine, totals } from "./findings.ts";
import { subjectTitle, subjectWord, withNamespace } from "./names.ts";
import { throughText } from "./through.ts";

/** One line per identity that reads credentials, those that everyone is in first. */
export function readerView(report: ReaderReport, options: ViewOptions): View {
  const now = report.metadata.takenAt;
  return {
    before: [],
    columns: [
      { header: "SEVERITY" },
      { header: "READER", shrinkTo: 24 },
      { header: "CREDS" },
      { header: "OBJECTS" },
      { header: "SINCE" },
      { header: "AT REST" },
      { header: "THROUGH", shrinkTo: 16 },
    ],
    rows: report.items.map((item) => [
      { text: item.severity, severity: item.severity },
      item.everyone ? `${subjectTitle(item.subject)} (everyone)` : subjectTitle(item.subject),
      grouped(item.credentials.length),
      grouped(item.carriers),
      // A grant hides when it began, so its proof is only the latest time.
      item.since === null ? "<unknown>" : `>${age(item.since, now)}`,
      hoursCell(item.atRestHours.soFar),
      throughText(item.through),
    ]),
    after:
      report.items.length === 0
        ? []
        : [
            "",
            `${totals(report)} ${atRest(report.summary.atRestHours)}`,
            ...ignoredLine(report.summary.ignored, options.command("exposure --show-ignored")),
            ...next(report.items, options),
          ],
  };
}

function next([first]: readonly ReaderItem[], options: ViewOptions): string[] {
  if (first === undefined) return [];
  const who = `${shellQuote(subjectWord(first.subject))}${withNamespace(first.subject.namespace)}`;
  return [`Next: ${options.command(`exposure --as-seen-by ${who}`)}`];
}
