import { escapeInQuotes } from "../text.ts";
import type { Value } from "./rows.ts";

/** What spreadsheets take for the beginning of a formula, in full width too: some make half width of it. */
const trigger = "=+\\-@＝＋－＠";
const formula = new RegExp(`^([ ']*)(?=[${trigger}])|([,;|"])([ ']*)(?=[${trigger}])`, "gu");
const neutralised = new RegExp(`^'([ ']*)(?=[${trigger}])|([,;|"])'([ ']*)(?=[${trigger}])`, "gu");

/** One field of a line, quoted where it needs to be. Numbers and truth values are written as they are, null is empty. */
export function csvCell(value: Value): string {
  if (value === null) return "";
  if (typeof value !== "string") return String(value);
  const text = harmless(value);
  return /[",;|]|^ | $/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Text that no spreadsheet takes for a formula and no terminal for a command: `'` stands before a character that begins a
 * formula, at the beginning of the cell and behind what separates cells elsewhere, and control characters are written as
 * `\uXXXX`. originalOf turns it back.
 */
export function harmless(text: string): string {
  const escaped = escapeInQuotes(text.replaceAll(/\\(?=u[0-9a-f]{4})/g, "\\u005c")).replaceAll("\n", "\\u000a");
  return escaped.replaceAll(formula, "$2'$1$3");
}

/** The text of which `harmless` made this. */
export function originalOf(text: string): string {
  return text
    .replaceAll(neutralised, "$2$1$3")
    .replaceAll(/\\u([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
