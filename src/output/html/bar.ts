import type { ExposureItem } from "../../model/report.ts";
import type { Time } from "../../model/object.ts";
import { relative, utc } from "../age.ts";
import { GLYPHS } from "../timeline/bar.ts";
import type { Stretch, Track } from "../timeline/track.ts";
import { opensIsBound, sureness, whyOpen } from "../views/exposure-ends.ts";
import { hoursCell, untilCell, type Sureness } from "../views/findings.ts";
import { markup, type Html, type Part } from "./markup.ts";
import { extent, margin, percent, type Plane } from "./plane.ts";

const top = 7;
const height = 12;

/** One credential's windows as a drawing that is as wide as its place; `grid` lies behind it. */
export function bar(track: Track, plane: Plane, grid: Html): Html {
  const { now } = plane.scale;
  const how = sureness(track.item);
  const before = ({ from, to }: Stretch): Stretch => ({ from, to: Math.min(to, now) });
  const shapes: Part[] = track.maybe.map((each) => segment(before(each), "maybe", plane));
  for (const window of track.windows) {
    const { from, to } = before(window);
    shapes.push(segment({ from, to: Math.min(to, track.needed) }, "used", plane));
    shapes.push(segment({ from: Math.max(from, track.needed), to }, "rest", plane));
    const ahead = { from: Math.max(window.from, now), to: window.to };
    shapes.push(segment(ahead, maySooner(how, window) ? "projected bound" : "projected", plane));
  }
  const label = inWords(track.item, track.faults);
  return markup`<svg class="bar" height="26" role="img" aria-label="${label}">
    ${grid}${shapes}${marks(track, plane, how)}
  </svg>`;
}

/** True where a closing stands there and is the latest that it can be. */
function maySooner({ closesIsBound, closesAssumes }: Sureness, { to }: Stretch): boolean {
  return closesIsBound && closesAssumes === null && to !== Infinity;
}

function segment(stretch: Stretch, kind: string, plane: Plane): Part {
  const place = extent(stretch, plane);
  if (place === null) return null;
  return markup`<rect class="${kind}" x="${place.x}" width="${place.width}" y="${top}" height="${height}" rx="1.5" />`;
}

/** Where it ends, how sure that is, and what lies beyond the drawing; the signs are those of the timeline in a terminal. */
function marks(track: Track, plane: Plane, how: Sureness): Part {
  const { windows, maybe, end, endUnreadable } = track;
  if (windows.length === 0) return sign(GLYPHS.unreadable, 50, "middle");
  const first = Math.min(windows[0]!.from, maybe[0]?.from ?? Infinity);
  const earlier = plane.at(first) < margin - 0.1 ? sign(GLYPHS.earlier, 0, "start") : null;
  if (end === Infinity) return [earlier, sign(endUnreadable ? GLYPHS.unreadable : GLYPHS.open, 100, "end")];
  const x = plane.at(end);
  if (x > 100.1 - margin) return [earlier, sign(GLYPHS.later, 100, "end")];
  const line = markup`<line
    class="end"
    x1="${percent(x)}"
    x2="${percent(x)}"
    y1="${top - 4}"
    y2="${top + height + 4}"
  />`;
  const bound = how.closesAssumes !== null ? GLYPHS.earliest : how.closesIsBound ? GLYPHS.latest : null;
  return [earlier, line, bound === null ? null : sign(bound, x + 0.6, "start")];
}

function sign(glyph: string, x: number, anchor: "start" | "middle" | "end"): Html {
  return markup`<text class="sign" x="${percent(x)}" y="${top + height - 2}" text-anchor="${anchor}">${glyph}</text>`;
}

/** What the drawing shows, for those who hear it. */
export function inWords(item: ExposureItem, faults: readonly string[]): string {
  return [...faults, ...windowLines(item, null).map(([term, text]) => `${term} ${text}`)].join("; ");
}

/** When it opened, was last needed and closes, with the bounds as bounds; `now` adds how far that is. */
export function windowLines(item: ExposureItem, now: Time | null): [term: string, text: string][] {
  const at = (time: Time): string => {
    if (Number.isNaN(Date.parse(time))) return "an unreadable time";
    return now === null ? utc(time).slice(0, 16) : `${utc(time)}, ${relative(time, now)}`;
  };
  const earliest = item.carriers
    .filter(({ opens }) => opens === item.opens)
    .map(({ opensNotBefore }) => opensNotBefore);
  const notBefore = earliest.sort()[0];
  const bound = opensIsBound(item);
  const dated = notBefore !== undefined && Date.parse(notBefore) < Date.parse(item.opens);
  const opened = !bound
    ? ""
    : dated
      ? ` at the latest, not before ${at(notBefore)}`
      : " at the latest, earlier unknown";
  return [
    ["opened", `${at(item.opens)}${opened}`],
    ...(item.neededUntil === null ? [] : [["last needed", at(item.neededUntil)] satisfies [string, string]]),
    ["closes", closing(item, at)],
    ["at rest", `at least ${hoursCell(item.atRestHours.soFar)} so far`],
  ];
}

function closing(item: ExposureItem, at: (time: Time) => string): string {
  const { closes } = item;
  const how = sureness(item);
  if (closes === null) {
    const because = whyOpen(item);
    return because === "never" ? "at no known time" : `at no known time (${untilCell(null, because, item.opens)})`;
  }
  if (how.closesAssumes !== null) return `${at(closes)} at the earliest, if ${how.closesAssumes}`;
  return `${at(closes)}${how.closesIsBound ? " at the latest" : ""}`;
}
