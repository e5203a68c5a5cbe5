import type { AccessItem, AccessReport } from "../../model/report.ts";
import { count } from "../text.ts";
import type { View, ViewOptions } from "../view.ts";
import { accessTree } from "./access-tree.ts";
import { objectName, someOf, subjectWord } from "./names.ts";
import { chainText, knownReach } from "./reach.ts";

/** One subject as a tree of its grants, several as a table. */
export function accessView(report: AccessReport, options: ViewOptions): View {
  const [only, second] = report.items;
  if (only !== undefined && second === undefined && options.details) {
    return { before: accessTree(only, report.metadata.takenAt), columns: [], rows: [], after: [] };
  }
  return {
    before: [],
    columns: [
      { header: "SUBJECT" },
      { header: "NAMESPACE" },
      { header: "READS", shrinkTo: 24 },
      { header: "GRANTS" },
      { header: "USED BY", shrinkTo: 20 },
      { header: "THROUGH", wide: true },
    ],
    rows: report.items.map((item) => [
      subjectWord(item.subject),
      item.subject.namespace ?? "<none>",
      knownReach(item),
      `${item.ways.length}${item.reachIsBound ? "+" : ""}`,
      item.usedBy.length === 0 ? "<none>" : someOf(item.usedBy.map(objectName), 3),
      item.ways.map(({ edge, chain }) => `${edge}: ${chainText(chain)}`).join("; ") || "<none>",
    ]),
    after: report.items.length === 0 ? [] : ["", totals(report), ...next(report.items, options)],
  };
}

function totals({ summary }: AccessReport): string {
  const parts = [count(summary.subjects, "subject")];
  if (summary.readEverySecret > 0) parts.push(`${summary.readEverySecret} can read every Secret`);
  if (summary.readWholeNamespaces > 0) parts.push(`${summary.readWholeNamespaces} all of a namespace`);
  if (summary.reachIsBound > 0) parts.push(`${summary.reachIsBound} may read more than was seen`);
  return `${parts.join(", ")}.`;
}

function next(items: AccessItem[], options: ViewOptions): string[] {
  const first = items.find((item) => item.ways.length > 0);
  if (first === undefined) return [];
  const { namespace } = first.subject;
  const where = namespace === null ? "" : ` -n ${namespace}`;
  return [`Next: ${options.command(`access ${subjectWord(first.subject)}${where}`)}`];
}
