import type { TriageItem, TriageReport } from "../../model/report.ts";
import { count, grouped } from "../text.ts";
import type { ViewOptions } from "../view.ts";
import { ignoredLine, readersCell, sinceCell, untilCell } from "../views/findings.ts";
import { goesAwayLines } from "../views/goes-away.ts";
import { findings, type Finding } from "./findings.ts";
import { markup, type Html } from "./markup.ts";
import { command, fact, moment, objectMark, plainWord, severityMark } from "./pieces.ts";
import { around } from "./plain.ts";
import { figures, hoursFigures, severityFigure } from "./summary.ts";

/** What disappears soon, the sums, and one entry for each finding, the worst first. */
export function* triagePage(report: TriageReport, options: ViewOptions): Generator<Html> {
  const { summary, metadata, complete } = report;
  const soon = goesAwayLines(summary.goesAwaySoon, metadata.takenAt, options);
  yield* around(
    "Goes away soon",
    soon.map((line) => line.replace(/^GOES AWAY SOON {3}/, "")),
    options,
  );
  const { largest } = summary;
  yield figures(
    [
      severityFigure("Findings", summary.bySeverity, complete),
      ...hoursFigures(summary.atRestHours, null),
      ...(largest === null
        ? []
        : [
            {
              title: `Largest part of the hours${complete ? "" : " that were seen"}`,
              value: `${String(Math.round(largest.share * 100))}%`,
              remark: objectMark(largest.workload),
            },
          ]),
    ],
    ignoredLine(summary.ignored, options.command("exposure --show-ignored")),
  );
  yield* findings(report.items, (item) => findingOf(item, report, options), {
    title: "Findings",
    complete,
    layout: "of-findings",
    name: 1,
    columns: ["Severity", "What", "Since", "Until", "Readers"],
    note: null,
    sorts: [["since", "oldest"]],
  });
  if (summary.next !== null) yield* around("Next", [`The worst first: ${options.command(summary.next)}`], options);
}

function findingOf(item: TriageItem, report: TriageReport, options: ViewOptions): Finding {
  const { complete, metadata } = report;
  const now = metadata.takenAt;
  const { objects, objectCount } = item;
  const how = { closesIsBound: item.untilIsBound, closesAssumes: item.untilAssumes };
  return {
    severity: item.severity,
    sort: { since: item.since === null ? Infinity : Date.parse(item.since) },
    cells: [
      severityMark(item.severity),
      markup`<h3 class="name">${item.what}</h3>`,
      plainWord(sinceCell(item.since, item.sinceIsBound, now)),
      untilCell(item.until, item.untilBecause, now, how),
      plainWord(readersCell(item.readers, report.complete)),
    ],
    inside: () =>
      markup`<div class="next">
          <h4>Look closer</h4>
          ${command(options.command(item.next))}
        </div>
        <dl class="facts">
          ${fact("Since", item.since === null ? null : markup`${moment(item.since, now)}${item.sinceIsBound ? " at the latest" : ""}`)}${fact("Until", untilFact(item, now))}${fact("Readers", readersFact(item, complete))}
        </dl>
        <h4>Objects <span class="quiet">${grouped(objectCount)}</span></h4>
        <ul class="objects">
          ${objects.map((object) => markup`<li>${objectMark(object)}</li>`)}${objectCount > objects.length ? markup`<li class="more">and ${grouped(objectCount - objects.length)} more</li>` : null}
        </ul>`,
  };
}

function untilFact({ until, untilIsBound, untilAssumes, untilWhy }: TriageItem, now: string): Html {
  const at = until === null ? null : markup`${moment(until, now)}${untilIsBound ? " (bound)" : ""}: `;
  return markup`${at}${untilWhy}${untilAssumes === null ? null : `, if ${untilAssumes}`}`;
}

function readersFact({ readers }: TriageItem, complete: boolean): string | null {
  if (readers === null) return null;
  const isUnknown = readers.count === null || (readers.count === 0 && !complete);
  const known = isUnknown
    ? "unknown"
    : `${complete ? "" : "at least "}${count(readers.count ?? 0, "identity", "identities")}`;
  return `${readers.everyone ? "everyone; " : ""}${known}${readers.folded > 0 ? `, and ${grouped(readers.folded)} of Kubernetes itself` : ""}`;
}
