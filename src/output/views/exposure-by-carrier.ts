import type { CarrierReport } from "../../model/report.ts";
import { grouped } from "../text.ts";
import type { View, ViewOptions } from "../view.ts";
import { fixText } from "./fix-text.ts";
import { atRest, hoursCell, ignoredLine, readersCell, sinceCell, totals, untilCell } from "./findings.ts";
import { inOneNamespace, objectName, objectWords } from "./names.ts";

/** One line per object that carries credentials, with what ends all of its windows. */
export function carrierView(report: CarrierReport, options: ViewOptions): View {
  const now = report.metadata.takenAt;
  return {
    before: [],
    columns: [
      { header: "SEVERITY" },
      { header: "CARRIER", shrinkTo: 24 },
      { header: "NAMESPACE", wide: inOneNamespace(report) },
      { header: "CREDS" },
      { header: "SINCE" },
      { header: "UNTIL" },
      { header: "AT REST" },
      { header: "READERS" },
      { header: "WORKLOAD", wide: true },
      { header: "CLASSES", wide: true },
      { header: "SAVES", wide: true },
      { header: "UNTIL, BECAUSE", wide: true },
      { header: "ENDS BY", wide: true },
    ],
    rows: report.items.map((item) => [
      { text: item.severity, severity: item.severity },
      objectName(item.object),
      item.object.namespace ?? "<none>",
      grouped(item.credentials.length),
      sinceCell(item.opens, item.opensIsBound, now),
      untilCell(item.closes, item.closesBecause, now, item),
      hoursCell(item.atRestHours.soFar),
      readersCell(item.readers, report.complete),
      objectName(item.workload),
      item.classes.join(","),
      item.savesHours === null ? "no end known" : hoursCell(item.savesHours),
      item.closesAssumes === null ? item.closesWhy : `${item.closesWhy}, if ${item.closesAssumes}`,
      item.endsBy === null ? "<none>" : fixText({ fix: item.endsBy }, options),
    ]),
    after:
      report.items.length === 0
        ? []
        : [
            "",
            `${totals(report)} ${atRest(report.summary.atRestHours)}`,
            ...ignoredLine(report.summary.ignored, options.command("exposure --show-ignored")),
            ...next(report, options),
          ],
  };
}

function next({ items }: CarrierReport, options: ViewOptions): string[] {
  const [first] = items;
  if (first === undefined || options.details) return [];
  return [`Next: ${options.command(`exposure ${objectWords(first.workload)}`)}`];
}
