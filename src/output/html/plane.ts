import { dateOf, distance, steps } from "../timeline/axis.ts";
import { scaleOf, type Scale } from "../timeline/scale.ts";
import type { Stretch, Track } from "../timeline/track.ts";
import { markup, type Html } from "./markup.ts";

/** Time as per cent of a drawing's width, so that it fits any width without a script. */
export interface Plane {
  scale: Scale;
  /** Per cent from the left; below 0 or above 100 where the drawing does not reach it. */
  at(time: number): number;
}

/** The finer the columns, the nearer the range that the text timeline would choose comes to what there is. */
const columns = 600;
/** What is drawn stands so many per cent from either edge, where the signs for what lies beyond it are. */
export const margin = 3;
/** Ticks stand at least so many per cent apart, or their labels would touch on a telephone. */
const apart = 15;
/** Nothing that is there is thinner than that, in per cent. */
const thinnest = 0.5;

/** The range that shows these tracks. */
export function planeOf(tracks: readonly Track[], now: number): Plane {
  const scale = scaleOf(tracks, now, columns);
  const past = pastOf(tracks, scale);
  const { future, step } = scale;
  const width = 100 - 2 * margin;
  return { scale, at: (time) => margin + (width * (past + (time - now) / step)) / (past + future) };
}

/** Columns before now: the text timeline leaves some empty where a terminal has too few for what is to come. */
function pastOf(tracks: readonly Track[], { now, step, past }: Scale): number {
  const starts = tracks.flatMap(({ windows, maybe }) => [...windows, ...maybe].map(({ from }) => from));
  const oldest = starts.reduce((first, from) => Math.min(first, from), now);
  return Math.min(past, Math.max(columns / 20, Math.ceil((now - oldest) / step)));
}

/** `x` and `width` of a stretch as per cent, as far as it lies between the margins; null where it does not. */
export function extent({ from, to }: Stretch, plane: Plane): { x: string; width: string } | null {
  if (!(to > from)) return null;
  const start = Math.max(margin, plane.at(from));
  const end = Math.min(100 - margin, plane.at(to));
  if (start > 100 - margin || end < margin) return null;
  return { x: percent(start), width: percent(Math.max(thinnest, end - start)) };
}

/** A number of per cent as SVG takes it. */
export function percent(value: number): string {
  return `${String(Math.round(value * 100) / 100)}%`;
}

interface Tick {
  x: number;
  label: string;
  date: string;
}

/** Round distances before and after now. */
function ticksOf(plane: Plane): Tick[] {
  const { scale } = plane;
  const perStep = (step: number): number => plane.at(scale.now + step) - plane.at(scale.now);
  const step = steps.find((each) => perStep(each) >= apart) ?? steps.at(-1)!;
  const ticks: Tick[] = [{ x: plane.at(scale.now), label: "now", date: dateOf(scale.now, step) }];
  const add = (offset: number): boolean => {
    const x = plane.at(scale.now + offset);
    if (!(x >= margin && x <= 100 - margin)) return false;
    const label = `${offset < 0 ? "−" : "+"}${distance(Math.abs(offset), step)}`;
    return ticks.push({ x, label, date: dateOf(scale.now + offset, step) }) > 0;
  };
  for (let n = 1; add(-n * step); n++);
  for (let n = 1; add(n * step); n++);
  return ticks;
}

/** The line of dates above the bars. */
export function axis(plane: Plane): Html {
  const ticks = ticksOf(plane).map(({ x, label, date }) => {
    // Text in the middle of a tick at the edge would be cut off.
    const anchor = x < 7 ? "start" : x > 93 ? "end" : "middle";
    const at = percent(x);
    return markup`<g text-anchor="${anchor}"><text x="${at}" y="12" ${label === "now" ? markup` class="now"` : null}>${label}</text><text x="${at}" y="26" class="date">${date}</text></g>`;
  });
  return markup`<svg class="axis" height="32" aria-hidden="true">${ticks}</svg>`;
}

/** The lines that lead the eye from a bar to the dates, and the line of now; they reach over into the next row. */
export function grid(plane: Plane): Html {
  return markup`${ticksOf(plane).map(({ x, label }) => {
    const at = percent(x);
    return markup`<line x1="${at}" x2="${at}" y1="-17" y2="43" class="${label === "now" ? "now" : "tick"}" />`;
  })}`;
}
