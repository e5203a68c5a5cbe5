import { TemplateError } from "../template-error.ts";
import type { Node } from "./nodes.ts";
import type { Scanner } from "./scanner.ts";
import { markFloat } from "./values.ts";

const digit = /^[.\p{Nd}]$/u;
const simple: Record<string, number> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, "\\": 92, "'": 39, '"': 34 };
const hexLengths: Record<string, number> = { x: 2, u: 4, U: 8 };

/** A number; whole ones are integers, others floats. Throws TemplateError for what is neither. */
export function readNumber(scanner: Scanner): Node {
  let text = scanner.skip("+") ? "+" : scanner.skip("-") ? "-" : "";
  for (let next = scanner.peek(); next !== null && digit.test(next); next = scanner.peek()) text += scanner.next()!;
  const value = Number(text);
  if (/^[+-]?\d{1,19}$/.test(text) && isInt64(BigInt(text.replace("+", "")))) return { is: "literal", value };
  if (/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(text) && Number.isFinite(value)) {
    return { is: "literal", value: markFloat({ float: value }) };
  }
  throw new TemplateError(`cannot parse number ${text}`);
}

function isInt64(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value;
}

/** A quoted text behind its opening quote, with Go's escapes. Throws TemplateError where it does not end. */
export function readQuoted(scanner: Scanner, quote: string): Node {
  let text = "";
  let last: string = quote;
  for (;;) {
    const character = scanner.next();
    if (character === null || character === "\n") throw new TemplateError("unterminated quoted string");
    // Only the character before the quote counts, escaped or not: kubectl looks no further back.
    if (character === quote && last !== "\\") break;
    text += character;
    last = character;
  }
  return { is: "text", text: unquote(text, quote) };
}

function unquote(text: string, quote: string): string {
  if (!text.includes("\\") && !text.includes(quote)) return text;
  const bytes: Buffer[] = [];
  for (let at = 0; at < text.length;) {
    const character = String.fromCodePoint(text.codePointAt(at)!);
    if (character === quote) throw invalid(text, quote);
    if (character !== "\\") {
      bytes.push(Buffer.from(character));
      at += character.length;
      continue;
    }
    const [read, length] = escape(text.slice(at + 1, at + 10), quote) ?? [];
    if (read === undefined || length === undefined) throw invalid(text, quote);
    bytes.push(read);
    at += 1 + length;
  }
  return Buffer.concat(bytes).toString("utf8");
}

/** What an escape means, and how many characters it takes behind the backslash. */
function escape(text: string, quote: string): [Buffer, number] | null {
  const letter = text.charAt(0);
  if ((letter === "'" || letter === '"') && letter !== quote) return null;
  if (Object.hasOwn(simple, letter)) return [Buffer.of(simple[letter]!), 1];
  if (Object.hasOwn(hexLengths, letter)) {
    const length = hexLengths[letter]!;
    const digits = text.slice(1, 1 + length);
    if (digits.length < length || !/^[0-9a-fA-F]+$/.test(digits)) return null;
    const code = Number.parseInt(digits, 16);
    if (letter === "x") return [Buffer.of(code), 3];
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return null;
    return [Buffer.from(String.fromCodePoint(code)), 1 + length];
  }
  if (!/^[0-7]{3}/.test(text)) return null;
  const code = Number.parseInt(text.slice(0, 3), 8);
  return code > 255 ? null : [Buffer.of(code), 3];
}

function invalid(text: string, quote: string): TemplateError {
  return new TemplateError(`unquote string ${quote}${text}${quote} error invalid syntax`);
}
