/** Nanoseconds of each unit; the micro sign and the Greek letter are both taken. */
const UNITS = new Map([
  ["ns", 1n],
  ["us", 1_000n],
  ["\u00b5s", 1_000n],
  ["\u03bcs", 1_000n],
  ["ms", 1_000_000n],
  ["s", 1_000_000_000n],
  ["m", 60_000_000_000n],
  ["h", 3_600_000_000_000n],
]);

const TOO_LARGE = 1n << 63n;

/** Nanoseconds of a duration as Go's time.ParseDuration reads it, for instance `1h30m` or `-1.5s`; null for none. */
export function parseDuration(text: string): bigint | null {
  const [, sign = "", parts = ""] = /^([-+]?)(.*)$/su.exec(text)!;
  if (parts === "0") return 0n;
  if (parts === "") return null;
  let sum = 0n;
  for (let rest = parts; rest !== "";) {
    const part = /^([0-9]*)(?:\.([0-9]*))?([^.0-9]+)/u.exec(rest);
    if (part === null) return null;
    const [all, whole = "", fraction = "", unitName = ""] = part;
    const unit = UNITS.get(unitName);
    if (unit === undefined || (whole === "" && fraction === "")) return null;
    const value = BigInt(whole === "" ? 0 : whole);
    if (value > TOO_LARGE / unit) return null;
    sum += value * unit + fractionOf(fraction, unit);
    if (sum > TOO_LARGE) return null;
    rest = rest.slice(all.length);
  }
  if (sign === "-") return -sum;
  return sum === TOO_LARGE ? null : sum;
}

/** Go computes a fraction in floating point, from the digits that fit into 63 bits. */
function fractionOf(digits: string, unit: bigint): bigint {
  let value = 0n;
  let scale = 1;
  for (const digit of digits) {
    if (value > (TOO_LARGE - 1n) / 10n) break;
    const longer = value * 10n + BigInt(digit);
    if (longer > TOO_LARGE) break;
    value = longer;
    scale *= 10;
  }
  return BigInt(Math.trunc(Number(value) * (Number(unit) / scale)));
}
