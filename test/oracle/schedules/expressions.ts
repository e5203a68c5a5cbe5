import type { Draw } from "../draw.ts";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

interface Part {
  least: number;
  most: number;
  names?: string[];
  /** Values that come up often: those at which clocks change, and the ends. */
  often: number[];
}

const PARTS: Part[] = [
  { least: 0, most: 59, often: [0, 30, 59, 1, 29, 15, 45] },
  { least: 0, most: 23, often: [2, 1, 3, 0, 23, 4, 22] },
  { least: 1, most: 31, often: [1, 31, 29, 30, 28, 2, 25, 26, 27] },
  { least: 1, most: 12, names: MONTHS, often: [3, 10, 11, 4, 2, 9, 1, 12] },
  { least: 0, most: 6, names: WEEKDAYS, often: [0, 6, 5, 1] },
];

const DESCRIPTORS = ["@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually"];
const DURATIONS = [
  ...[
    "1h",
    "90m",
    "1h30m",
    "24h",
    "1s",
    "500ms",
    "1m0.5s",
    "36h15m10s",
    "1.5h",
    ".5m",
    "7.h",
    "1h-1m",
    "+5m",
    "-5m",
    "0",
  ],
  ...[
    "",
    "5",
    "1d",
    "1us",
    "1\u00b5s",
    "1\u03bcs",
    "999999999ns",
    "1e3s",
    "2562047h47m16.854775807s",
    "2562048h",
    "0.3333333333333333333h",
  ],
  ...[
    " 1h",
    "1h ",
    "1 h",
    "1H",
    ".s",
    "1h1h",
    "00001m",
    "9223372036854775808ns",
    "-9223372036854775808ns",
    "1.0000000000000000000001h",
  ],
];
const SPACES = [" ", " ", " ", " ", " ", " ", "  ", "\t", "\n", "\u00a0", "\u0085", "\u2003", "\ufeff", "\u3000", "\v"];

/** Entries of a field that are wrong, or look it. */
const ODD = [
  ..."60 24 32 13 7 -1 5- - -- / */ */0 */+2 */-1 *-5 *-5/2 ?/3 ?- 1-2-3 1/2/3 5-1 */99 0/1 1/1 0/0 +5 -0 007 1.5".split(
    " ",
  ),
  ..."L W 5L 1#2 H * ? ** ,, , 1,,2 *,5 5,* 1-* *-* */1 */1,5 0-6 1-31 0-23 0-59 1-12 MON-FRI Mon fr\u0130 FR\u0130 \u017fun".split(
    " ",
  ),
  ..."mon/2 sun-sat jan-mar/2 JAN febr 0x1 1e1 1_0 \u0661 9223372036854775807 9223372036854775808 */9223372036854775807".split(
    " ",
  ),
];

/** Rare dates, which come up too seldom by themselves, and the Sunday that other crons have. */
const WHOLE = [
  "0 0 29 2 *",
  "30 2 29 feb ?",
  "0 0 31 2 *",
  "0 0 31 4,6 *",
  "30 2 31 3 *",
  "0 0 * * 7",
  "0 0 * * 1-7",
  "0 3 30 10 *",
];

/** A schedule: most have five good fields, the others are descriptors, or wrong in a way that is easily overlooked. */
export function randomExpression(draw: Draw): string {
  const kind = draw.below(100);
  if (kind < 6) return draw.pick(DESCRIPTORS);
  if (kind < 8) return draw.pick(WHOLE);
  if (kind < 13) return `@every ${draw.pick(DURATIONS)}`;
  if (kind < 70) return PARTS.map((part) => randomField(draw, part)).join(" ");
  if (kind < 84) {
    const fields = PARTS.map((part) => randomField(draw, part));
    fields[draw.below(fields.length)] = draw.pick(ODD);
    return fields.join(" ");
  }
  return spoilt(draw, kind < 90 ? draw.pick(DESCRIPTORS) : PARTS.map((part) => randomField(draw, part)).join(" "));
}

function randomField(draw: Draw, part: Part): string {
  const kind = draw.below(20);
  if (kind < 6) return "*";
  if (kind < 7) return draw.pick(["?", "*/1", `${String(part.least)}-${String(part.most)}`]);
  if (kind < 9) return `*/${String(1 + draw.below(part.most))}`;
  return draw.times(kind < 15 ? 1 : 1 + draw.below(3), () => randomRange(draw, part)).join(",");
}

function randomRange(draw: Draw, part: Part): string {
  const [one, other] = [randomValue(draw, part), randomValue(draw, part)];
  const text = (value: number) => named(draw, part, value);
  switch (draw.below(8)) {
    case 0:
      return `${text(Math.min(one, other))}-${text(Math.max(one, other))}`;
    case 1:
      return `${text(Math.min(one, other))}-${text(Math.max(one, other))}/${String(1 + draw.below(9))}`;
    case 2:
      return `${text(one)}/${String(1 + draw.below(part.most))}`;
    default:
      return text(one);
  }
}

function randomValue(draw: Draw, { least, most, often }: Part): number {
  return draw.chance(0.6) ? draw.prefer(often) : least + draw.below(most - least + 1);
}

function named(draw: Draw, { least, names }: Part, value: number): string {
  const name = names?.[value - least];
  if (name === undefined || draw.chance(0.6)) return String(value);
  return draw.chance(0.3) ? name.toUpperCase() : name;
}

/** Other white space, a field too many or too few, a zone in front, one character changed. */
function spoilt(draw: Draw, good: string): string {
  const fields = good.split(" ");
  switch (draw.below(6)) {
    case 0:
      return fields.join(draw.pick(SPACES));
    case 1:
      return `${draw.pick(SPACES)}${good}${draw.pick(["", ...SPACES])}`;
    case 2:
      return draw.chance(0.5) ? fields.slice(1).join(" ") : [...fields, "*"].join(" ");
    case 3:
    case 4: {
      const zone = draw.pick([
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "",
        "Local",
        "europe/berlin",
        "Mars/Base",
        "+01:00",
      ]);
      return `${draw.pick(["TZ=", "CRON_TZ=", "CRON_TZ=", " TZ=", "tz="])}${zone}${draw.pick([" ", " ", " ", "  ", "\t", ""])}${good}`;
    }
    default: {
      const at = draw.below(good.length);
      return good.slice(0, at) + draw.pick([..."*/,-?@7 0T=Z"]) + good.slice(at + draw.below(2));
    }
  }
}
