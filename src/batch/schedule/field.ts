import { InvalidSchedule } from "./invalid.ts";

/** One of the five fields: the values that it names, and whether a star was among them. */
export interface Field {
  /** `has[value]` is true for a value of the field. */
  has: readonly boolean[];
  /** Set by `*` and `?`, also with a step of 1, and by nothing else: `0-6` has none. */
  star: boolean;
}

/** What a field may hold: robfig/cron's bounds. */
export interface Bounds {
  title: string;
  least: number;
  most: number;
  names?: ReadonlyMap<string, number>;
}

const numbered = (names: string, from: number) => new Map(names.split(" ").map((name, index) => [name, index + from]));

/** In the order in which they are written. A Sunday is 0 and never 7. */
export const BOUNDS = {
  minute: { title: "minute", least: 0, most: 59 },
  hour: { title: "hour", least: 0, most: 23 },
  dayOfMonth: { title: "day of month", least: 1, most: 31 },
  month: { title: "month", least: 1, most: 12, names: numbered("jan feb mar apr may jun jul aug sep oct nov dec", 1) },
  dayOfWeek: { title: "day of week", least: 0, most: 6, names: numbered("sun mon tue wed thu fri sat", 0) },
} satisfies Record<string, Bounds>;

/** Reads a list of ranges. A list of commas alone is legal and never matches. Throws InvalidSchedule. */
export function parseField(text: string, bounds: Bounds): Field {
  if (text === "*") return any(bounds);
  const has = none(bounds);
  let star = false;
  for (const part of text.split(",")) {
    if (part !== "") star = addRange(part, bounds, has) || star;
  }
  return { has, star };
}

/** A field that holds one value. */
export function only(value: number, bounds: Bounds): Field {
  return { has: none(bounds).with(value, true), star: false };
}

function none({ most }: Bounds): boolean[] {
  return new Array<boolean>(most + 1).fill(false);
}

const STARS = new Map<Bounds, Field>();

/** The field `*`. */
export function any(bounds: Bounds): Field {
  let field = STARS.get(bounds);
  if (field === undefined) {
    field = { has: Array.from({ length: bounds.most + 1 }, (_, value) => value >= bounds.least), star: true };
    STARS.set(bounds, field);
  }
  return field;
}

/** Adds what a range names and returns whether it has the star. */
function addRange(text: string, bounds: Bounds, has: boolean[]): boolean {
  if (/^[0-9]{1,2}$/.test(text) && Number(text) >= bounds.least && Number(text) <= bounds.most) {
    has[Number(text)] = true;
    return false;
  }
  const invalid = (why: string) => new InvalidSchedule(`${JSON.stringify(text)} in ${bounds.title} ${why}`);
  const [range = "", stepText, ...more] = text.split("/");
  const [low = "", high, ...higher] = range.split("-");
  const isStar = low === "*" || low === "?";
  let start = bounds.least;
  let end = bounds.most;
  // What follows the hyphen of `*-5` is not looked at.
  if (!isStar) {
    start = numberOrName(low, bounds);
    if (higher.length > 0) throw invalid("has too many hyphens");
    end = high === undefined ? start : numberOrName(high, bounds);
  }
  let step = 1;
  if (stepText !== undefined) {
    if (more.length > 0) throw invalid("has too many slashes");
    step = wholeNumber(stepText, bounds);
    // `5/15` begins at 5 and ends with the field.
    if (high === undefined) end = bounds.most;
  }
  if (start < bounds.least) throw invalid(`begins below ${String(bounds.least)}`);
  if (end > bounds.most) throw invalid(`ends above ${String(bounds.most)}`);
  if (start > end) throw invalid("begins after its end");
  if (step === 0) throw invalid("has a step of 0");
  for (let value = start; value <= end; value += step) has[value] = true;
  return isStar && step === 1;
}

function numberOrName(text: string, bounds: Bounds): number {
  if (bounds.names === undefined) return wholeNumber(text, bounds);
  // Go lowers U+0130 to a plain i, JavaScript to an i with a dot above.
  const name = text.replaceAll("\u0130", "i").toLowerCase();
  return bounds.names.get(name) ?? wholeNumber(text, bounds);
}

/** strconv.Atoi, which takes a sign and leading zeros, and nothing below zero. */
function wholeNumber(text: string, bounds: Bounds): number {
  const invalid = (why: string) => new InvalidSchedule(`${JSON.stringify(text)} in ${bounds.title} ${why}`);
  if (!/^[+-]?[0-9]+$/.test(text)) throw invalid("is no number");
  const value = Number(text);
  // The largest int64 rounds up to this.
  if (value >= 2 ** 63 && BigInt(text.replace("+", "")) >= 2n ** 63n) throw invalid("is too large");
  if (value < 0) throw invalid("is negative");
  return value;
}
