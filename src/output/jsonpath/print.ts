import { escapeInQuotes, safe } from "../text.ts";
import { isInteger } from "./compare.ts";
import { isFloat, isList, isMap, nothing } from "./values.ts";
import type { Found } from "./evaluate.ts";

/**
 * What one part of a template found, as kubectl prints it: values with a space between, lists and maps as JSON. Text from the
 * cluster is made safe for a terminal, which kubectl leaves out; the template's own stays as it is.
 */
export function printFound({ values, own }: Found): string {
  return values.map((value) => (isList(value) || isMap(value) ? toJson(value, 0) : plain(value, own))).join(" ");
}

/** The same as a JSON list, for jsonpath-as-json. */
export function printAsJson({ values }: Found): string {
  return `${toJson(values, 4)}\n`;
}

function plain(value: unknown, own: boolean): string {
  if (value === null) return "null";
  if (value === nothing) return "<no value>";
  const text = goText(value);
  return own ? text : safe(text);
}

/** JSON as Go writes it: names sorted, and what HTML could take for markup escaped. An indent of 0 puts all on one line. */
function toJson(value: unknown, indent: number, level = 0): string {
  const [open, comma, close] =
    indent === 0
      ? ["", ",", ""]
      : [
          `\n${" ".repeat((level + 1) * indent)}`,
          `,\n${" ".repeat((level + 1) * indent)}`,
          `\n${" ".repeat(level * indent)}`,
        ];
  const around = (start: string, parts: string[], end: string): string =>
    parts.length === 0 ? start + end : `${start}${open}${parts.join(comma)}${close}${end}`;
  if (isList(value)) {
    return around(
      "[",
      value.map((child) => toJson(child, indent, level + 1)),
      "]",
    );
  }
  if (!isMap(value)) return scalarJson(value);
  const colon = indent === 0 ? ":" : ": ";
  const parts = sortedEntries(value).map(
    ([name, child]) => scalarJson(name) + colon + toJson(child, indent, level + 1),
  );
  return around("{", parts, "}");
}

function scalarJson(value: unknown): string {
  if (isFloat(value)) return Object.is(value.float, -0) ? "-0" : JSON.stringify(value.float);
  if (typeof value === "bigint") return String(value);
  if (value === nothing || value === undefined) return "null";
  return escapeInQuotes(JSON.stringify(value)).replace(
    /[<>&]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A map's values by name, sorted by the bytes of the names as Go sorts them. */
function sortedEntries(map: Record<string, unknown>): [string, unknown][] {
  return Object.entries(map)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/** A value as Go prints it by `%v`: `map[a:1 b:[x y]]`, `<nil>`, `1.5e+06`. */
export function goText(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === null || value === undefined || value === nothing) return "<nil>";
  if (isFloat(value)) return floatText(value.float);
  if (typeof value === "number") return isInteger(value) ? String(value) : floatText(value);
  if (isList(value)) return `[${value.map(goText).join(" ")}]`;
  if (isMap(value)) {
    return `map[${sortedEntries(value)
      .map(([name, child]) => `${name}:${goText(child)}`)
      .join(" ")}]`;
  }
  return String(value as boolean | bigint);
}

/** The shortest text that means the number, with an exponent where it is long before the point or small. */
function floatText(value: number): string {
  const [mantissa = "", exponent = ""] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power < -4 || power >= 6) {
    return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  }
  return Object.is(value, -0) ? "-0" : String(value);
}
