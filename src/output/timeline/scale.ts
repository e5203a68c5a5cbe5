import type { Track } from "./track.ts";

/** How time is laid on columns: `past` columns up to now, one for now itself, `future` columns after it. */
export interface Scale {
  /** Milliseconds since the epoch. */
  now: number;
  /** Milliseconds that one column stands for; the same before and after now. */
  step: number;
  past: number;
  future: number;
}

const shortest = 10 * 60_000;
/** So many times the range that holds three quarters of the openings are shown; what is older is cut. */
const outlier = 12;

/** Chooses the range: from the oldest opening, unless it is far from all others, to the last end that is near enough. */
export function scaleOf(tracks: readonly Track[], now: number, columns: number): Scale {
  const range = pastRange(tracks, now);
  const ends = tracks.flatMap(({ windows, end }) => (windows.length > 0 && end > now ? [end - now] : []));
  const shown = ends.reduce((most, end) => (end <= range ? Math.max(most, end) : most), 0);
  const most = Math.max(2, Math.floor((columns - 1) / 3));
  const least = ends.some((end) => end > range) ? Math.max(4, Math.floor(columns / 7)) : 2;
  const wanted = Math.ceil(((columns - 1) * shown) / (range + shown)) + 1;
  const future = ends.length === 0 ? 0 : Math.min(most, Math.max(least, wanted));
  const past = columns - 1 - future;
  // The end itself needs a column in which its mark stands.
  const step = Math.max(range / past, future > 1 ? shown / (future - 1) : 0);
  return { now, step, past, future };
}

function pastRange(tracks: readonly Track[], now: number): number {
  const ages = tracks.map((track) => now - oldest(track)).filter((each) => each > 0);
  ages.sort((a, b) => a - b);
  const most = Math.max(shortest, (ages[Math.floor(ages.length * 0.75)] ?? 0) * outlier);
  return Math.max(shortest, ages.findLast((each) => each <= most) ?? 0);
}

/** The earliest instant of a track that has one; Infinity where there is none. */
function oldest({ windows, maybe }: Track): number {
  const starts = [windows[0]?.from, maybe.find(({ from }) => from > -Infinity)?.from];
  return Math.min(...starts.map((each) => each ?? Infinity));
}

/** The instant at which the first column begins. */
export function startOf({ now, past, step }: Scale): number {
  return now - past * step;
}

/** Columns of a bar. */
export function columnsOf({ past, future }: Scale): number {
  return past + 1 + future;
}

/** The column that an instant falls in; below 0 or above the last where the scale does not reach it. */
export function columnOf(time: number, scale: Scale): number {
  const { now, step, past } = scale;
  if (time >= now) return past + 1 + Math.floor((time - now) / step);
  // Rounding must not push the oldest opening out of the first column, nor a moment ago past now.
  return Math.min(past - 1, Math.floor((time - startOf(scale)) / step + 1e-6));
}
