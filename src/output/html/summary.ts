import type { ExposureReport, Severity } from "../../model/report.ts";
import type { ViewOptions } from "../view.ts";
import { ignoredLine } from "../views/findings.ts";
import { count, grouped } from "../text.ts";
import { markup, type Html, type Part } from "./markup.ts";
import { atLeast } from "./pieces.ts";

const severities: Severity[] = ["critical", "high", "medium", "low", "info"];

/** One figure with what it counts. */
export interface Figure {
  title: string;
  value: Part;
  /** A remark below it, or null. */
  remark: Part;
}

/** Figures side by side. */
export function figures(all: readonly Figure[], after: readonly Part[] = []): Html {
  const tiles = all.map(
    ({ title, value, remark }) =>
      markup`<div class="figure">
        <dt>${title}</dt>
        <dd><b>${value}</b>${remark === null ? null : markup`<span>${remark}</span>`}</dd>
      </div>`,
  );
  return markup`<section aria-labelledby="summary">
    <h2 id="summary" class="unseen">Summary</h2>
    <dl class="figures">${tiles}</dl>
    ${after.map((line) => markup`<p class="quiet">${line}</p>`)}
  </section> `;
}

/** How many there are of each severity, zeros in a quiet voice; lower bounds where not everything was seen. */
export function severityFigure(title: string, counts: Record<Severity, number>, complete: boolean): Figure {
  const total = severities.reduce((sum, each) => sum + counts[each], 0);
  const parts = severities.map(
    (each) =>
      markup`<span class="level ${each}${counts[each] === 0 ? " none" : ""}"><b>${atLeast(counts[each], complete)}</b> ${each}</span>`,
  );
  return { title, value: atLeast(total, complete), remark: markup`<span class="counts">${parts}</span>` };
}

/** Credential-hours at rest so far, which are at least that by what is proved, and in all. */
export function hoursFigures(
  { soFar, projected }: { soFar: number; projected: number | null },
  withoutEnd: number | null,
): Figure[] {
  const end =
    withoutEnd === null || withoutEnd === 0
      ? "some windows have none"
      : `${count(withoutEnd, "credential")} without one`;
  return [
    {
      title: "Credential-hours at rest so far",
      value: grouped(Math.round(soFar)),
      remark: "at least, by what is proved",
    },
    {
      title: "When all windows have closed",
      value: projected === null ? "no end known" : grouped(Math.round(projected)),
      remark: projected === null ? end : "projected",
    },
  ];
}

/** The sums of an exposure report. */
export function exposureSummary({ summary, complete }: ExposureReport, options: ViewOptions): Html {
  const { bySeverity, atRestHours, withoutEnd, possible, ignored } = summary;
  return figures(
    [severityFigure("Credentials", bySeverity, complete), ...hoursFigures(atRestHours, withoutEnd)],
    [
      ...ignoredLine(ignored, options.command("exposure --show-ignored")),
      ...(possible === 0
        ? []
        : [`${count(possible, "more value")} might be a credential: ${options.command("exposure --all")}`]),
    ],
  );
}
