import { TemplateError } from "../template-error.ts";
import { readBrackets, readFilter } from "./brackets.ts";
import type { Node, Template } from "./nodes.ts";
import { readNumber, readQuoted } from "./literals.ts";
import { Scanner } from "./scanner.ts";

const letter = /^[\p{L}\p{Nd}_]$/u;
const digit = /^\p{Nd}$/u;

/** Reads a template of kubectl's JSONPath (client-go util/jsonpath). Throws TemplateError for what kubectl refuses. */
export function parseTemplate(text: string): Template {
  const scanner = new Scanner(text);
  const template: Template = [];
  for (;;) {
    const before = scanner.until("{");
    if (before !== "") template.push([{ is: "text", text: before }]);
    if (scanner.atEnd) return template;
    scanner.skip("{");
    template.push(parseExpression(scanner));
  }
}

/** The first expression of a text, without its braces; kubectl reads parts of brackets so, and takes no notice of a rest. */
export function parsePart(text: string): Node[] {
  const [first = []] = parseTemplate(`{${text}}`);
  return first;
}

function parseExpression(scanner: Scanner): Node[] {
  const nodes: Node[] = [];
  while (!scanner.skip("}")) nodes.push(...parseStep(scanner, nodes.at(-1)));
  return nodes;
}

function parseStep(scanner: Scanner, last: Node | undefined): Node[] {
  if (scanner.skip("[?(")) return [readFilter(scanner, parsePart)];
  if (scanner.skip("..")) return recursive(scanner, last);
  const next = scanner.peek();
  if (next === null || next === "\r" || next === "\n") throw new TemplateError("unclosed action");
  if (next === "+" || next === "-" || digit.test(next)) return [readNumber(scanner)];
  if (letter.test(next)) return [readWord(scanner)];
  scanner.next();
  switch (next) {
    case " ":
    case "@":
    case "$":
      return [];
    case "[":
      return readBrackets(scanner, parsePart);
    case '"':
    case "'":
      return [readQuoted(scanner, next)];
    case ".":
      return [readField(scanner)];
    default:
      throw new TemplateError(`unrecognized character in action: ${describe(next)}`);
  }
}

function recursive(scanner: Scanner, last: Node | undefined): Node[] {
  if (last?.is === "recursive") throw new TemplateError("invalid multiple recursive descent");
  const next = scanner.peek();
  return [{ is: "recursive" }, ...(next !== null && letter.test(next) ? [readField(scanner)] : [])];
}

/** A field's name up to what ends it; a backslash takes the next character in. */
function readField(scanner: Scanner): Node {
  let name = "";
  while (!scanner.atTerminator) {
    const character = scanner.next()!;
    name += character;
    if (character === "\\") name += scanner.next() ?? "";
  }
  return name === "*" ? { is: "wildcard" } : { is: "field", name: name.replaceAll("\\", "") };
}

function readWord(scanner: Scanner): Node {
  let word = "";
  while (!scanner.atTerminator) word += scanner.next()!;
  if (word === "true" || word === "false") return { is: "literal", value: word === "true" };
  return { is: "word", word };
}

function describe(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")} '${character}'`;
}
