import type { Sureness } from "../views/findings.ts";
import { columnOf, columnsOf, startOf, type Scale } from "./scale.ts";
import type { Stretch, Track } from "./track.ts";

/** What one column of a bar shows. */
export const GLYPHS = {
  used: "█",
  rest: "▓",
  projected: "▒",
  maybe: "░",
  now: "│",
  end: "┤",
  latest: "≤",
  earliest: "≥",
  open: "→",
  unreadable: "?",
  earlier: "‹",
  later: "›",
} as const;

/** The columns of one credential's bar, exactly as many as the scale has. */
export function barOf(track: Track, scale: Scale, how: Sureness): string[] {
  const cells = new Array<string>(columnsOf(scale)).fill(" ");
  for (const each of track.maybe) fill(cells, pastOf(each, scale), scale, () => GLYPHS.maybe);
  const start = startOf(scale);
  const used = (column: number): string => (start + column * scale.step < track.needed ? GLYPHS.used : GLYPHS.rest);
  for (const each of track.windows) {
    fill(cells, pastOf(each, scale), scale, used);
    fill(cells, { from: Math.max(each.from, scale.now), to: each.to }, scale, () => GLYPHS.projected);
  }
  markEnd(cells, track, scale, how);
  const first = Math.min(track.windows[0]?.from ?? Infinity, track.maybe[0]?.from ?? Infinity);
  if (columnOf(first, scale) < 0) cells[0] = GLYPHS.earlier;
  cells[scale.past] = GLYPHS.now;
  return cells;
}

function pastOf({ from, to }: Stretch, { now }: Scale): Stretch {
  return { from, to: Math.min(to, now) };
}

/** Every column that the stretch touches, however little of it. */
function fill(cells: string[], { from, to }: Stretch, scale: Scale, glyph: (column: number) => string): void {
  if (!(to > from)) return;
  const last = Math.min(lastColumn(to, scale), cells.length - 1);
  for (let at = Math.max(0, columnOf(from, scale)); at <= last; at++) cells[at] = glyph(at);
}

/** The last column that holds something of what ends at `to`, which itself no longer belongs to it. */
export function lastColumn(to: number, scale: Scale): number {
  if (to === Infinity) return Infinity;
  const { now, step, past } = scale;
  if (to > now) return past + Math.ceil((to - now) / step);
  return Math.min(past - 1, Math.ceil((to - startOf(scale)) / step - 1e-6) - 1);
}

function markEnd(cells: string[], { windows, end, endUnreadable }: Track, scale: Scale, how: Sureness): void {
  const last = cells.length - 1;
  if (windows.length === 0) return;
  if (end <= scale.now) {
    // A closing that may have come sooner: the mark stands after it where there is room, and hides nothing.
    const after = lastColumn(end, scale) + 1;
    if (how.closesIsBound && after >= 0 && cells[after] === " " && after < scale.past) cells[after] = GLYPHS.latest;
  } else if (end === Infinity) cells[last] = endUnreadable ? GLYPHS.unreadable : GLYPHS.open;
  else {
    const at = columnOf(end, scale);
    cells[Math.min(at, last)] = at > last ? GLYPHS.later : endGlyph(how);
  }
}

function endGlyph({ closesAssumes, closesIsBound }: Sureness): string {
  if (closesAssumes !== null) return GLYPHS.earliest;
  return closesIsBound ? GLYPHS.latest : GLYPHS.end;
}
