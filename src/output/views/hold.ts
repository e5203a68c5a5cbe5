import type { HoldItem, HoldReport, HoldState, HoldSummary, MayDelete, NotHeld } from "../../model/hold.ts";
import { age } from "../age.ts";
import { count, grouped } from "../text.ts";
import type { View, ViewOptions } from "../view.ts";
import { inOneNamespace, objectName, objectWithNamespace, objectWords, someOf, subjectTitle } from "./names.ts";

const SUBJECTS = 4;
const OBJECTS = 3;
const LOSSES = 10;

const WORDS: Record<HoldState, string> = {
  held: "held",
  "would-hold": "would hold",
  already: "already",
  released: "released",
  "would-release": "would release",
  changed: "CHANGED",
  gone: "GONE",
  forbidden: "FORBIDDEN",
  failed: "FAILED",
  unknown: "UNKNOWN",
  cannot: "CANNOT",
};

/** One line for each object, what did not work first; below it what no hold keeps off, and who may still delete. */
export function holdView(report: HoldReport, options: ViewOptions): View {
  const { items, summary } = report;
  const needsNothing = (item: HoldItem): boolean => item.state === "already";
  const isAll = options.wide || options.details || items.every(needsNothing);
  const rows = isAll ? items : items.filter((item) => !needsNothing(item));
  const folded = items.length - rows.length;
  return {
    before: lossLines(summary, options),
    columns: [
      { header: "STATE" },
      { header: "NAMESPACE", wide: inOneNamespace(report) },
      { header: "NAME" },
      { header: "CHANGE" },
      { header: "HELD", wide: summary.action === "hold" },
      { header: "BY", wide: true },
      { header: "WHY", shrinkTo: 12 },
    ],
    rows: rows.map((item) => [
      WORDS[item.state],
      item.object.namespace ?? "<none>",
      objectName(item.object),
      changesText(item),
      item.heldSince === null ? "<none>" : age(item.heldSince, report.metadata.takenAt),
      item.heldBy ?? "<unknown>",
      item.because,
    ]),
    after:
      items.length === 0
        ? []
        : ["", ...(folded === 0 ? [] : [`In no need of a hold: ${grouped(folded)}.`]), ...afterLines(report, options)],
  };
}

/** What a release costs, in lines that also stand above the question whether to go on. */
export function lossLines(
  summary: Pick<HoldSummary, "goesAtOnce" | "goesSoon" | "startsAtOnce">,
  options: Pick<ViewOptions, "wide">,
): string[] {
  const { goesAtOnce, goesSoon, startsAtOnce } = summary;
  const most = options.wide ? Infinity : LOSSES;
  const some = (all: string[]): string[] =>
    all.length > most ? [...all.slice(0, most), `and ${count(all.length - most, "more object")}`] : all;
  const assumed = (text: string | null): string => (text === null ? "" : `, if ${text}`);
  const at = (kept: typeof goesSoon, word: string): string[] =>
    some(
      kept.map(
        (one) => `${word}   ${objectWithNamespace(one.object)} with its pods: ${one.why}${assumed(one.assumes)}`,
      ),
    );
  const lines = [
    ...at(goesAtOnce, "GOES AT ONCE"),
    ...at(goesSoon, "GOES WITHIN THE HOUR"),
    ...some(startsAtOnce.map((one) => `STARTS AT ONCE   ${objectWithNamespace(one)}: a run was missed meanwhile`)),
  ];
  return lines.length === 0 ? [] : [...lines, ""];
}

/** `suspend false → true, successful limit 3 → max`. */
export function changesText({ changes }: Pick<HoldItem, "changes">): string {
  if (changes.length === 0) return "-";
  const names = {
    suspend: "suspend",
    successfulJobsHistoryLimit: "successful limit",
    failedJobsHistoryLimit: "failed limit",
    ttlSecondsAfterFinished: "TTL",
  };
  const text = (value: boolean | number | null): string =>
    value === null ? "none" : value === 2_147_483_647 ? "max" : String(value);
  return changes.map(({ field, from, to }) => `${names[field]} ${text(from)} → ${text(to)}`).join(", ");
}

function afterLines(report: HoldReport, options: ViewOptions): string[] {
  const { summary } = report;
  return [
    ...summary.notHeld.map(notHeldLine),
    ...(summary.mayDelete === null ? [] : [mayDeleteLine(summary.mayDelete, options.wide)]),
    ...nextLines(report, options),
  ];
}

function notHeldLine({ why, objects, objectCount }: NotHeld): string {
  const shown = objects.slice(0, OBJECTS).map(objectWithNamespace);
  const more = objectCount - shown.length;
  const which = objectCount === 0 ? "" : `${shown.join(", ")}${more > 0 ? ` and ${grouped(more)} more` : ""}: `;
  return `Not held: ${which}${why}.`;
}

function mayDeleteLine({ subjects, builtIn, complete }: MayDelete, wide: boolean): string {
  const named = subjects.map(({ subject, can }) => `${subjectTitle(subject)} (${someOf(can, wide ? Infinity : 2)})`);
  const who = named.length === 0 ? "nobody beyond Kubernetes' own" : someOf(named, wide ? Infinity : SUBJECTS);
  const unseen = complete ? "" : "; not all grants could be seen, there may be more";
  return `May still delete or evict: ${who}; built-in: ${grouped(builtIn)}${unseen}.`;
}

function nextLines({ summary, items }: HoldReport, options: ViewOptions): string[] {
  const { action, dryRun, byState } = summary;
  const first = items.find(({ state }) => state === "held");
  if (action === "hold" && dryRun === null && first !== undefined) {
    const which = byState.held === 1 ? objectWords(first.object) : "--all";
    return [`Release: ${options.command(`hold --release ${which}`)}`];
  }
  return action === "list" && items.length > 0 ? [`Release: ${options.command("hold --release --all")}`] : [];
}
