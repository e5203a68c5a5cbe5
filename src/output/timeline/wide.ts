import type { ExposureReport, Severity } from "../../model/report.ts";
import { paint } from "../color.ts";
import { cut, width } from "../width.ts";
import { sureness } from "../views/exposure-ends.ts";
import { axisOf } from "./axis.ts";
import { barOf } from "./bar.ts";
import { titleOf, wordsOf, type Words } from "./cells.ts";
import type { TimelineLayout } from "./layout.ts";
import { notesOf } from "./notes.ts";
import { placeNotes } from "./place.ts";
import { columnsOf, scaleOf } from "./scale.ts";
import type { Track } from "./track.ts";
import { pad } from "./wrap.ts";

const gap = "  ";

interface Widths {
  left: number;
  bar: number;
  until: number;
  readers: number;
}

/** One bar a credential with its end and readers beside it, and remarks below the columns they are about. */
export function* wideRows(
  report: ExposureReport,
  tracks: readonly Track[],
  layout: TimelineLayout,
  drawn: Set<string>,
): Generator<string> {
  const words = tracks.map(({ item }) => wordsOf(item, report));
  const widths = widthsOf(words, layout.width);
  const scale = scaleOf(tracks, layout.now, widths.bar);
  if (layout.headers && tracks.length > 0) {
    const [labels, ruler] = axisOf(scale);
    const ends = pad("UNTIL", widths.until) + gap + "READERS";
    yield pad("CREDENTIAL", widths.left) + gap + pad(labels, columnsOf(scale)) + gap + ends;
    yield pad("dates in UTC", widths.left) + gap + ruler;
  }
  for (const [at, track] of tracks.entries()) {
    const own = words[at]!;
    const { severity } = track.item;
    const bar = barOf(track, scale, sureness(track.item));
    for (const glyph of bar) drawn.add(glyph);
    const ends = pad(own.until, widths.until) + gap + cut(own.readers, widths.readers);
    const title = pad(titleOf(own, widths.left), widths.left);
    yield (paint(title, severity, layout.color) + gap + bar.join("") + gap + ends).trimEnd();
    const left = aboutLines(own.about, widths.left);
    const notes = placeNotes(notesOf(track, scale, report.metadata.takenAt), layout.width - widths.left - gap.length);
    for (let row = 0; row < Math.max(left.length, notes.length); row++) {
      const about = pad(left[row] ?? "", widths.left);
      const word = row === 0 ? painted(about, severity, layout.color) : about;
      yield (word + gap + (notes[row] ?? "")).trimEnd();
    }
  }
}

/** The severity's word in its colour. */
function painted(about: string, severity: Severity, color: boolean): string {
  return about.startsWith(severity) ? paint(severity, severity, color) + about.slice(severity.length) : about;
}

/** Severity, namespace and workload on as few lines as hold them; the workload is cut last. */
function aboutLines(about: readonly string[], columns: number): string[] {
  const lines: string[] = [];
  for (const part of about) {
    const last = lines.at(-1);
    if (last !== undefined && width(last) + 2 + width(part) <= columns) lines[lines.length - 1] = `${last}  ${part}`;
    else lines.push(cut(part, columns));
  }
  return lines;
}

function widthsOf(words: readonly Words[], total: number): Widths {
  const most = (pick: (each: Words) => number, least: number): number =>
    words.reduce((sum, each) => Math.max(sum, pick(each)), least);
  const until = Math.min(
    most(({ until: text }) => width(text), 5),
    16,
  );
  const readers = Math.min(
    most(({ readers: text }) => width(text), 7),
    Math.max(8, Math.floor(total / 7)),
  );
  const title = most((each) => width(titleOf(each, Infinity)), 12);
  const about = most((each) => Math.max(...each.about.map(width)), 12);
  const left = Math.min(Math.max(title, about), Math.max(16, Math.floor(total * 0.27)));
  return { left, until, readers, bar: total - left - until - readers - 3 * gap.length };
}
