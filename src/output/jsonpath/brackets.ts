import { TemplateError } from "../template-error.ts";
import type { Node, Slice } from "./nodes.ts";
import type { Scanner } from "./scanner.ts";

/** Reads the inside of brackets as an expression of its own. */
type ParsePart = (text: string) => Node[];

/** What stands behind `[`: an index, a slice, a name in quotes, or several of them. */
export function readBrackets(scanner: Scanner, parsePart: ParsePart): Node[] {
  const text = scanner.until("]");
  if (!scanner.skip("]") || text.includes("\n")) throw new TemplateError("unterminated array");
  const parts = text.split(",");
  if (parts.length > 1) {
    return [{ is: "union", of: parts.map((part) => parsePart(`[${part.replace(/^ +/, "").replace(/ +$/, "")}]`)) }];
  }
  const name = /^'([^']*)'$/.exec(text)?.[1];
  return name === undefined ? [{ is: "slice", slice: readSlice(text === "*" ? ":" : text) }] : parsePart(`.${name}`);
}

function readSlice(text: string): Slice {
  const [, first, second, third] = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/.exec(text) ?? [];
  if (first === undefined) throw new TemplateError(`invalid array index ${text}`);
  return {
    start: bound(first),
    end: second === undefined ? "next" : bound(second.slice(1)),
    step: third === undefined ? null : bound(third.slice(1)),
  };
}

function bound(text: string): number | null {
  if (text === "") return null;
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new TemplateError(`array index ${text} is not a number`);
  return value;
}

/** What stands behind `[?(`: a comparison, or an expression that has to find something. */
export function readFilter(scanner: Scanner, parsePart: ParsePart): Node {
  const text = filterText(scanner);
  const [, left, operator, right] = /^([^!<>=]+)([!<>=]+)([^\n]+)$/.exec(text) ?? [];
  if (left === undefined || operator === undefined || right === undefined) {
    return { is: "filter", left: parsePart(text), operator: null, right: [] };
  }
  return { is: "filter", left: parsePart(left), operator, right: parsePart(right) };
}

/** Up to the parenthesis that ends it, which is not the one inside of a quoted text; kubectl looks for one such text. */
function filterText(scanner: Scanner): string {
  let text = "";
  let quote: string | null = null;
  let isClosed = false;
  for (;;) {
    const character = scanner.next();
    if (character === null || character === "\n") throw new TemplateError("unterminated filter");
    if (character === ")" && (quote === null || isClosed)) break;
    if (character === '"' || character === "'") {
      if (quote === null) quote = character;
      else if (character === quote && !text.endsWith("\\")) isClosed = true;
    }
    text += character;
  }
  if (scanner.next() !== "]") throw new TemplateError("unclosed array expect ]");
  return text;
}
