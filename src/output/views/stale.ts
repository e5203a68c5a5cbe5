import type { StaleItem, StaleReport, StaleState } from "../../model/report.ts";
import { age, humanDuration, relative } from "../age.ts";
import { count, grouped } from "../text.ts";
import type { View, ViewOptions } from "../view.ts";
import { ignoredLine } from "./findings.ts";
import { goesAwayLines } from "./goes-away.ts";
import { imageChangeLines } from "./image-changes.ts";
import { inOneNamespace, objectName, objectWords } from "./names.ts";

const states: StaleState[] = ["stuck-deleting", "hung", "orphaned", "failed", "completed", "suspended"];

/** One line per Job or pod; a pod in the same state as its listed Job goes without saying. */
export function staleView(report: StaleReport, options: ViewOptions): View {
  const now = report.metadata.takenAt;
  const jobs = new Map(
    report.items.filter(({ object }) => object.kind === "Job").map((item) => [item.object.uid ?? "", item]),
  );
  const foldsInto = (item: StaleItem): StaleItem | null => {
    const job = !options.wide && item.object.kind === "Pod" ? jobs.get(item.owner?.uid ?? "-") : undefined;
    return job !== undefined && job.state === item.state ? job : null;
  };
  const rows = report.items.filter((item) => foldsInto(item) === null);
  return {
    before: goesAway(report, options),
    columns: [
      { header: "NAMESPACE", wide: inOneNamespace(report) },
      { header: "NAME" },
      { header: "STATE" },
      { header: "AGE" },
      { header: "GOES" },
      { header: "CREDS" },
      { header: "WHY", shrinkTo: 12 },
      { header: "OWNER", wide: true },
      { header: "STARTED", wide: true },
      { header: "FINISHED", wide: true },
      { header: "BECAUSE", wide: true },
    ],
    rows: rows.map((item) => [
      item.object.namespace ?? "<none>",
      objectName(item.object),
      item.state,
      item.ageSeconds === null ? "<unknown>" : humanDuration(item.ageSeconds),
      goes(item, now),
      String(item.credentials),
      item.state === "completed" || item.state === "failed" ? item.retention.why : item.because,
      item.owner === null ? "<none>" : objectName(item.owner),
      item.startedAt === null ? "<none>" : age(item.startedAt, now),
      item.finishedAt === null ? "<none>" : age(item.finishedAt, now),
      item.because,
    ]),
    after: [
      ...(report.items.length === 0
        ? []
        : [
            "",
            totals(report),
            ...ignoredLine(report.summary.ignored, options.command("exposure --show-ignored")),
            ...next(report, options),
          ]),
      ...imageChanges(report, options),
    ],
  };
}

function goesAway({ summary, metadata, items }: StaleReport, options: ViewOptions): string[] {
  const lines = goesAwayLines(summary.goesAwaySoon, metadata.takenAt, options);
  return lines.length === 0 || items.length === 0 ? lines : [...lines, ""];
}

function imageChanges({ summary, metadata, items }: StaleReport, options: ViewOptions): string[] {
  const lines = imageChangeLines(summary.imageChanges, metadata.takenAt, options);
  return lines.length === 0 || items.length === 0 ? lines : ["", ...lines];
}

/** When it goes: a time, or what has to happen first, as far as either is known. */
function goes({ retention }: StaleItem, now: string): string {
  if (retention.overdueSeconds !== null) return `overdue ${humanDuration(retention.overdueSeconds)}`;
  if (retention.deletesAt !== null) return goesAt(retention.deletesAt, retention, now);
  if (retention.governedBy === "none") return retention.afterRuns === null ? "no end known" : "not while suspended";
  return retention.afterRuns === null ? retention.governedBy : `after ${count(retention.afterRuns, "run")}`;
}

/** `in 2d or later` where it takes more than time. */
function goesAt(at: string, { assumes }: StaleItem["retention"], now: string): string {
  const when = relative(at, now);
  return assumes !== null && when.startsWith("in ") ? `${when} or later` : when;
}

function totals({ summary }: StaleReport): string {
  const by = states
    .filter((state) => summary.byState[state] > 0)
    .map((state) => `${grouped(summary.byState[state])} ${state}`)
    .join(", ");
  const never = summary.neverDeleted === 0 ? "" : `; no end known for ${grouped(summary.neverDeleted)}`;
  const soon = summary.deletedWithinHour === 0 ? "" : `; ${grouped(summary.deletedWithinHour)} will go within the hour`;
  const kinds = [
    ...(summary.jobs === null ? [] : [count(summary.jobs, "job")]),
    ...(summary.pods === null ? [] : [count(summary.pods, "pod")]),
  ];
  return `${kinds.join(" and ")}: ${by}${never}${soon}.`;
}

function next(report: StaleReport, options: ViewOptions): string[] {
  const carrying = report.items.find((item) => item.credentials > 0);
  if (carrying === undefined) return [];
  return [`Next: ${options.command(`exposure ${objectWords(carrying.object)}`)}`];
}
