import type { CleanupResult, CleanupResultItem, Outcome } from "../../model/report.ts";
import { count, grouped } from "../text.ts";
import type { View, ViewOptions } from "../view.ts";
import { alsoHint } from "./cleanup-ends.ts";
import { changeTitle, inOneNamespace, objectName, someOf } from "./names.ts";

/** From so many on, what went as it should makes one line. */
const FOLD_FROM = 10;
const ROTATE_SHOWN = 6;
const WAYS_SHOWN = 2;

/** What became of each chosen object; what is not gone first. */
export function cleanupResultView(result: CleanupResult, options: ViewOptions): View {
  const smooth = result.items.filter(isSmooth);
  const folded = smooth.length >= FOLD_FROM && !options.wide ? smooth : [];
  const shown = result.items.filter((item) => !folded.includes(item));
  const order = [...shown.filter((item) => !isSmooth(item)), ...shown.filter(isSmooth)];
  return {
    before: isEmpty(result) ? [] : [headline(result)],
    columns: [
      { header: "OUTCOME" },
      { header: "NAMESPACE", wide: inOneNamespace(result) },
      { header: "NAME" },
      { header: "ALONG" },
      { header: "WHY", shrinkTo: 20 },
    ],
    rows: [
      ...order.map((item) => [
        item.outcome,
        item.object.namespace ?? "<none>",
        objectName(item.object),
        along(item),
        item.because,
      ]),
      ...(folded.length === 0 ? [] : [foldedRow(folded)]),
    ],
    after: isEmpty(result) ? [] : ["", ...result.changes.map(changeText), ...afterLines(result, options)],
  };
}

function isEmpty({ items, changes }: CleanupResult): boolean {
  return items.length === 0 && changes.length === 0;
}

function changeText(change: CleanupResult["changes"][number]): string {
  const { namespace } = change.object;
  return `${changeTitle(change)}${namespace === null ? "" : ` (${namespace})`}: ${change.outcome}, ${change.because}.`;
}

function isSmooth({ outcome, dependentsLeft }: CleanupResultItem): boolean {
  return (outcome === "gone" || outcome === "dry-run") && dependentsLeft.length === 0;
}

function foldedRow(folded: readonly CleanupResultItem[]): string[] {
  const names = folded.map(({ object }) => objectName(object));
  const gone = folded.reduce((sum, item) => sum + item.dependentsGone, 0);
  const [first] = folded as [CleanupResultItem];
  return [first.outcome, "", someOf(names, 1), gone === 0 ? "-" : grouped(gone), first.because];
}

function along({ dependentsGone, dependentsLeft }: CleanupResultItem): string {
  if (dependentsLeft.length === 0) return dependentsGone === 0 ? "-" : grouped(dependentsGone);
  return `${grouped(dependentsGone)}, ${grouped(dependentsLeft.length)} left`;
}

function headline({ summary }: CleanupResult): string {
  const { chosen, byOutcome, dependentsGone, dependentsLeft } = summary;
  const ends = (Object.entries(byOutcome) as [Outcome, number][]).filter(([, number]) => number > 0);
  const parts = ends.map(([outcome, number]) => `${grouped(number)} ${outcome}`).join(", ");
  const went =
    dependentsGone + dependentsLeft === 0
      ? ""
      : ` With them went ${count(dependentsGone, "other object")}${dependentsLeft === 0 ? "" : `, and ${grouped(dependentsLeft)} did not`}.`;
  return `${count(chosen, "object")} chosen: ${parts}.${went}`;
}

function afterLines({ summary }: CleanupResult, { command }: ViewOptions): string[] {
  const { evidence, journal, token, notEnded, rotate, otherWays } = summary;
  const left = rotate.length - ROTATE_SHOWN;
  const names = rotate.slice(0, ROTATE_SHOWN).map(({ name }) => name);
  return [
    ...(token === null ? [] : tokenLines(token)),
    ...notEnded,
    ...(rotate.length === 0 ? [] : [`Rotate: ${names.join(", ")}${left > 0 ? ` and ${grouped(left)} more` : ""}.`]),
    ...(evidence === null ? [] : [`Evidence: ${evidence.path} (sha256 ${evidence.sha256})`]),
    ...(journal === null ? [] : [`Journal: ${journal}`]),
    ...(journal === null || summary.byOutcome.going + summary.dependentsLeft === 0
      ? []
      : [`Look again: ${command(`cleanup --resume ${journal}`)}`]),
    ...otherWays.slice(0, WAYS_SHOWN).map(({ command: text }) => `Or: ${text}`),
    ...(otherWays.length > WAYS_SHOWN ? [`${count(otherWays.length - WAYS_SHOWN, "other way")} more: -o json.`] : []),
    ...alsoHint(otherWays),
  ];
}

/** An accepted or unknown token is open, and stands among what is not ended. */
function tokenLines({ user, refusedAfterSeconds }: NonNullable<CleanupResult["summary"]["token"]>): string[] {
  if (user === null) return ["The token that was given was refused already when this run began."];
  if (refusedAfterSeconds === null) return [];
  return [
    `The token that was given, of ${user}, is refused: seen ${String(refusedAfterSeconds)} s after the first deletion.`,
  ];
}
