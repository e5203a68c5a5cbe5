import type { LabTwin, LiveOutcome, ReplayItem, ReplayReport, Severity } from "../../model/report.ts";
import { shellQuote } from "../shell.ts";
import { count } from "../text.ts";
import type { Cell, View, ViewOptions } from "../view.ts";
import { objectWords, subjectTitle, subjectWord } from "./names.ts";
import { replayDetails } from "./replay-details.ts";
import { labLines, labNotRun } from "./replay-lab.ts";
import { outcomeText, tally } from "./replay-outcome.ts";

/** Colour of an outcome; what cannot be told is no all-clear. */
const COLOURS: Partial<Record<LiveOutcome, Severity>> = { succeeds: "high", inconclusive: "medium" };

/**
 * One line for each adversary: on the live workloads, and the two forms of the lab where that ran. Where objects or adversaries
 * were named, each workload follows with its path.
 */
export function replayView(report: ReplayReport, options: ViewOptions): View {
  const isLive = report.items.some(({ live }) => live !== null);
  const isLab = report.items.some(({ lab }) => lab !== null);
  const columns = [
    { header: "", of: ({ number }: ReplayItem): Cell => String(number) },
    { header: "ADVERSARY", of: ({ name }: ReplayItem): Cell => name },
    ...(isLive ? [{ header: "LIVE WORKLOADS", shrinkTo: 24, of: liveCell }] : []),
    ...(isLab
      ? [
          { header: "DEFAULT, IN THE LAB", shrinkTo: 20, of: (item: ReplayItem) => labCell(item.lab?.default) },
          { header: "HARDENED, IN THE LAB", shrinkTo: 20, of: (item: ReplayItem) => labCell(item.lab?.hardened) },
        ]
      : []),
    {
      header: "WORKLOADS",
      wide: true,
      of: ({ live }: ReplayItem): Cell => (live === null ? "-" : tally(live.byOutcome)),
    },
    { header: "ATT&CK", wide: true, of: ({ attack }: ReplayItem): Cell => attack.join(",") },
    { header: "THREAT MATRIX", wide: true, of: ({ matrix }: ReplayItem): Cell => matrix.join(",") },
  ];
  return {
    before: [],
    columns: columns,
    rows: report.items.map((item) => columns.map(({ of }) => of(item))),
    after: report.items.length === 0 ? [] : after(report, options),
  };
}

function liveCell({ live }: ReplayItem): Cell {
  if (live === null) return "-";
  // What has happened already needs no other word.
  const isToldSo = live.outcome === "succeeds" && /^(?:happened|seen)\b/.test(live.because);
  const text = isToldSo ? live.because : outcomeText(live);
  const severity = COLOURS[live.outcome];
  return severity === undefined ? text : { text, severity };
}

function labCell(twin: LabTwin | undefined): Cell {
  if (twin === undefined) return "-";
  const word = twin.outcome.replace("-", " ");
  return twin.because === "" || twin.because.startsWith(word) ? twin.because || word : `${word}: ${twin.because}`;
}

function after(report: ReplayReport, options: ViewOptions): string[] {
  const detailed = options.details || options.wide;
  return [
    ...(detailed ? replayDetails(report, options) : []),
    ...labLines(report, detailed),
    "",
    ...totals(report),
    ...labNotRun(report, options),
    ...(detailed ? [] : next(report, options)),
  ];
}

function totals({ summary, items, complete }: ReplayReport): string[] {
  const { workloads, byOutcome, from, verified } = summary;
  if (workloads === 0) return [];
  const position = from.length === 0 ? "" : `, from the position of ${from.map(subjectTitle).join(" with ")}`;
  const server =
    verified === null
      ? []
      : [
          `The API server confirms ${count(verified.confirmed, "step")} that it was asked about, contradicts ${String(verified.refuted)}, and leaves ${String(verified.unknown)} open.`,
        ];
  const adversaries = count(items.length, "adversary", "adversaries");
  const where = `${complete ? "" : "at least "}${count(workloads, "workload")}`;
  return [`${adversaries} on ${where}${position}: ${tally(byOutcome)}.`, ...server];
}

/** The first adversary that succeeds, on its worst workload. */
function next({ items, summary }: ReplayReport, options: ViewOptions): string[] {
  const worst =
    items.find(({ live }) => live?.outcome === "succeeds") ??
    items.find(({ live }) => live?.outcome === "inconclusive");
  const workload = worst?.live?.workloads[0]?.workload;
  if (worst === undefined || workload === undefined) return [];
  const args = `replay ${String(worst.number)} ${objectWords(workload)}${positionFlags(summary, workload.namespace)}`;
  return [`Next: ${options.command(args)}`];
}

/** The flags that say the position again; with -n, an account of another namespace goes by its user name. */
function positionFlags({ from }: ReplayReport["summary"], within: string | null): string {
  const [first, ...groups] = from.toSorted((a, b) => Number(a.kind === "Group") - Number(b.kind === "Group"));
  if (first === undefined) return "";
  const { kind, namespace, name } = first;
  const elsewhere = kind === "ServiceAccount" && namespace !== within;
  const as = elsewhere ? `user:system:serviceaccount:${namespace ?? ""}:${name}` : subjectWord(first);
  return [` --as ${shellQuote(as)}`, ...groups.map((group) => ` --as-group ${shellQuote(group.name)}`)].join("");
}
