import type { ExposureItem, ExposureReport } from "../../model/report.ts";
import type { ObjectRef } from "../../model/object.ts";
import { age } from "../age.ts";
import { count } from "../text.ts";
import { timeline } from "../timeline/index.ts";
import { wrap } from "../timeline/wrap.ts";
import type { View, ViewOptions } from "../view.ts";
import { exposureDetails } from "./exposure-details.ts";
import { fixText } from "./fix-text.ts";
import { opensIsBound, sureness, whyOpen } from "./exposure-ends.ts";
import { atRest, hoursCell, ignoredLine, readersCell, sinceCell, totals, untilCell } from "./findings.ts";
import { foldAlike } from "./fold.ts";
import { inOneNamespace, kindsOf, objectName, objectWords } from "./names.ts";

/** One line per credential; what is known of each below it when the user named what to look at. */
export function exposureView(report: ExposureReport, options: ViewOptions): View {
  const now = report.metadata.takenAt;
  const items = options.wide ? report.items : foldAlike(report.items);
  const ignored = ignoredLine(
    report.summary.ignored,
    shown(report) ? null : options.command("exposure --show-ignored"),
  );
  const headline = `${totals(report)} ${atRest(report.summary.atRestHours)}`;
  return {
    ...(options.timeline === true && items.length > 0 ? { picture: timeline(report, items, options) } : {}),
    before: [],
    columns: [
      { header: "SEVERITY" },
      { header: "CREDENTIAL", shrinkTo: 24 },
      { header: "NAMESPACE", wide: inOneNamespace(report) },
      { header: "WORKLOAD" },
      { header: "SINCE" },
      { header: "UNTIL" },
      { header: "AT REST" },
      { header: "READERS" },
      { header: "KIND", wide: true },
      { header: "CLASSES", wide: true },
      { header: "OBJECTS", wide: true },
      { header: "FINGERPRINT", wide: true },
      { header: "LAST NEEDED", wide: true },
      { header: "FIX", wide: true },
    ],
    rows: items.map((item) => [
      { text: item.severity, severity: item.severity },
      // The accounts' names matter more than the word in front of them.
      `${item.credential.name.replace("token of serviceaccount/", "token of sa/")}${item.ignored === undefined ? "" : " (ignored)"}`,
      item.workload.namespace ?? "<none>",
      objectName(item.workload),
      sinceCell(item.opens, opensIsBound(item), now),
      untilCell(item.closes, whyOpen(item), now, sureness(item)),
      hoursCell(item.atRestHours.soFar),
      readersCell(item.readers, report.complete),
      item.credential.kind,
      [...new Set(item.carriers.map((carrier) => carrier.class))].join(","),
      kindsOf(distinctObjects(item)),
      item.credential.fingerprint ?? "<none>",
      item.neededUntil === null ? "<none>" : age(item.neededUntil, now),
      fixText(item, options),
    ]),
    after: [
      ...(options.details ? exposureDetails(report, items, options) : []),
      ...(report.items.length === 0 && ignored.length === 0
        ? []
        : ["", ...(options.timeline === true ? wrap(headline, options.width) : [headline])]),
      ...(items.length < report.items.length
        ? ["Tokens of one account and workload share a line; -o wide has a line for each."]
        : []),
      ...ignored,
      ...possible(report, options),
      ...next(report, options),
    ],
  };
}

function shown({ items }: ExposureReport): boolean {
  return items.some(({ ignored }) => ignored !== undefined);
}

/** The objects that carry a credential, each once. */
export function distinctObjects({ carriers }: Pick<ExposureItem, "carriers">): ObjectRef[] {
  return [...new Map(carriers.map(({ object }) => [`${object.kind} ${object.uid ?? object.name}`, object])).values()];
}

function possible({ summary }: ExposureReport, options: ViewOptions): string[] {
  if (summary.possible === 0) return [];
  return [`${count(summary.possible, "more value")} might be a credential: ${options.command("exposure --all")}`];
}

function next({ items }: ExposureReport, options: ViewOptions): string[] {
  const first = items[0];
  if (first === undefined) return [];
  if (options.details) return [];
  return [`Next: ${options.command(`exposure ${objectWords(first.workload)}`)}`];
}
