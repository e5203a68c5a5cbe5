import type { Time } from "../../model/object.ts";
import type { ExposureItem, ExposureReport } from "../../model/report.ts";
import { utc } from "../age.ts";
import { paint } from "../color.ts";
import { cut, width } from "../width.ts";
import { opensIsBound, sureness } from "../views/exposure-ends.ts";
import { axisOf } from "./axis.ts";
import { barOf } from "./bar.ts";
import { titleOf, wordsOf, type Words } from "./cells.ts";
import type { TimelineLayout } from "./layout.ts";
import { columnsOf, scaleOf } from "./scale.ts";
import { instantOf, type Track } from "./track.ts";
import { pad, wrapWithin } from "./wrap.ts";

/** Three lines a credential: its name and readers, a bar of the whole width, and two dates. */
export function* narrowRows(
  report: ExposureReport,
  tracks: readonly Track[],
  layout: TimelineLayout,
  drawn: Set<string>,
): Generator<string> {
  const scale = scaleOf(tracks, layout.now, layout.width);
  if (layout.headers && tracks.length > 0) yield* axisOf(scale).map((line) => cut(line, columnsOf(scale)));
  for (const [at, track] of tracks.entries()) {
    if (at > 0) yield "";
    const { item, faults } = track;
    const words = wordsOf(item, report);
    const bar = barOf(track, scale, sureness(item));
    for (const glyph of bar) drawn.add(glyph);
    const right = `${item.severity}, ${readersText(words)}`;
    const left = layout.width - width(right) - 2;
    const title = pad(titleOf(words, left), left);
    yield `${paint(title, item.severity, layout.color)}  ${right}`;
    yield bar.join("").trimEnd();
    if (track.windows.length > 0) yield dates(track, words, layout.width);
    yield* faults.flatMap((fault) => wrapWithin(fault, layout.width));
  }
}

function readersText({ readers }: Words): string {
  if (readers.startsWith("everyone")) return readers;
  return `${readers} ${readers === "1" ? "reader" : "readers"}`;
}

/** When it opened, and when it closes or what that waits for. */
function dates({ item }: Track, { until }: Words, columns: number): string {
  const from = `${opensIsBound(item) ? "by " : ""}${minutes(item.opens)}`;
  const right = cut(closing(item, until), columns - width(from) - 1);
  return pad(from, columns - width(right)) + right;
}

function closing(item: ExposureItem, until: string): string {
  if (item.closes === null) return until;
  const { closesAssumes, closesIsBound } = sureness(item);
  const at = minutes(item.closes);
  if (closesAssumes !== null) return `${at} or later`;
  return closesIsBound ? `by ${at}` : at;
}

function minutes(time: Time): string {
  return Number.isNaN(instantOf(time)) ? "<unknown>" : utc(time).slice(0, 16);
}
