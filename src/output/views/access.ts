import type { AccessItem, AccessReport, Way } from "../../model/report.ts";
import { shellQuote } from "../shell.ts";
import { count } from "../text.ts";
import type { View, ViewOptions } from "../view.ts";
import { accessMatrix, LEGEND } from "./access-matrix.ts";
import { accessTree } from "./access-tree.ts";
import { objectName, someOf, subjectWord } from "./names.ts";
import { boundedReach, chainText, isNothing, knownReach, reachText } from "./reach.ts";

/** One subject as a tree of its chains, several as a table; with -o wide as a matrix of subjects by Secrets. */
export function accessView(report: AccessReport, options: ViewOptions): View {
  const [only, second] = report.items;
  if (only !== undefined && second === undefined && options.details) {
    return { before: accessTree(only, report.metadata.takenAt), columns: [], rows: [], after: closing(report, []) };
  }
  const next = report.items.length === 0 ? [] : ["", totals(report), ...nextSteps(report.items, options)];
  if (options.wide) return matrixView(report, next);
  return report.summary.secret === null ? tableView(report, next) : secretView(report, next);
}

function tableView(report: AccessReport, after: string[]): View {
  return {
    before: [],
    columns: [
      { header: "SUBJECT" },
      { header: "NAMESPACE" },
      { header: "READS", shrinkTo: 24 },
      { header: "DIRECTLY", shrinkTo: 12, drops: 1 },
      { header: "MAYBE", shrinkTo: 12, drops: 2 },
      { header: "USED BY", shrinkTo: 20 },
    ],
    rows: report.items.map((item) => [
      subjectWord(item.subject),
      item.subject.namespace ?? "<none>",
      knownReach(item),
      JSON.stringify(item.direct) === JSON.stringify(item.reach) ? "the same" : boundedReach(item.direct, item),
      isNothing(item.maybe) ? "-" : reachText(item.maybe),
      usedBy(item),
    ]),
    after: closing(report, after),
  };
}

/** Who reaches one Secret: each with the shortest chain. */
function secretView(report: AccessReport, after: string[]): View {
  return {
    before: [],
    columns: [
      { header: "SUBJECT" },
      { header: "NAMESPACE" },
      { header: "HOW", shrinkTo: 24 },
      { header: "WAYS" },
      { header: "USED BY", shrinkTo: 16, drops: 1 },
      { header: "THROUGH", shrinkTo: 24, yields: true },
    ],
    rows: report.items.map((item) => {
      const [shortest] = item.ways;
      return [
        subjectWord(item.subject),
        item.subject.namespace ?? "<none>",
        shortest === undefined ? "-" : howText(shortest),
        `${String(item.ways.length)}${item.reachIsBound ? "+" : ""}`,
        usedBy(item),
        shortest === undefined ? "-" : chainText(shortest.chain),
      ];
    }),
    after: closing(report, after),
  };
}

function howText({ effect, edges }: Way): string {
  return `${effect === "maybe" ? "maybe " : ""}${edges.join(" → ")}`;
}

function matrixView(report: AccessReport, after: string[]): View {
  const { columns, cells } = accessMatrix(report.items);
  return {
    before: [],
    columns: [
      { header: "SUBJECT" },
      { header: "NAMESPACE" },
      { header: "READS" },
      { header: "USED BY" },
      ...columns,
      { header: "THROUGH" },
    ],
    rows: report.items.map((item) => [
      subjectWord(item.subject),
      item.subject.namespace ?? "<none>",
      knownReach(item),
      usedBy(item),
      ...cells(item),
      through(item),
    ]),
    after: closing(report, report.items.length === 0 ? [] : ["", LEGEND, ...after.slice(1)]),
  };
}

function through({ ways }: AccessItem): string {
  const shown = ways.filter(({ scope }) => !isNothing(scope));
  return shown.map((way) => `${way.edges.join(" → ")}: ${chainText(way.chain)}`).join("; ") || "<none>";
}

function usedBy(item: AccessItem): string {
  return item.usedBy.length === 0 ? "<none>" : someOf(item.usedBy.map(objectName), 3);
}

function totals({ summary }: AccessReport): string {
  const parts = [count(summary.subjects, "subject")];
  if (summary.readEverySecret > 0) parts.push(`${summary.readEverySecret} can read every Secret`);
  if (summary.readWholeNamespaces > 0) parts.push(`${summary.readWholeNamespaces} all of a namespace`);
  if (summary.reachIsBound > 0) parts.push(`${summary.reachIsBound} may read more than was seen`);
  if (summary.folded > 0) parts.push(`${summary.folded} of Kubernetes itself left out (--all-readers)`);
  return `${parts.join(", ")}.`;
}

/** What the server said of the grants, where it was asked. */
function closing({ summary: { verified } }: AccessReport, after: string[]): string[] {
  if (verified === null) return after;
  const { confirmed, refuted, unknown } = verified;
  const parts = [`${count(confirmed, "grant")} confirmed by the server`];
  if (refuted > 0) parts.push(`${refuted} REFUTED`);
  if (unknown > 0) parts.push(`${unknown} without an answer`);
  return [...(after.length === 0 ? [""] : after.slice(0, 1)), `${parts.join(", ")}.`, ...after.slice(1)];
}

function nextSteps(items: AccessItem[], options: ViewOptions): string[] {
  const first = items.find((item) => item.ways.length > 0);
  if (first === undefined) return [];
  const { namespace } = first.subject;
  const where = namespace === null ? "" : ` -n ${shellQuote(namespace)}`;
  return [`Next: ${options.command(`access ${shellQuote(subjectWord(first.subject))}${where}`)}`];
}
