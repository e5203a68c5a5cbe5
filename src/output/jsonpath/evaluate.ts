import { TemplateError } from "../template-error.ts";
import { compare } from "./compare.ts";
import type { Node, Template } from "./nodes.ts";
import { sliced } from "./slice.ts";
import { childrenOf, fieldOf, isList, nothing, typeName } from "./values.ts";

/** What one text or expression of a template found. `own`: text that the template itself holds. */
export interface Found {
  values: unknown[];
  own: boolean;
}

/**
 * What a template finds in a document, for each of its texts and expressions; for each element of a range again. Throws
 * TemplateError where kubectl ends with an error: an index that is out of bounds, types that cannot be compared.
 */
export function evaluate(template: Template, document: unknown): Found[] {
  return new Evaluation(template).from(0, document);
}

/** Values that one template may come by, and ranges inside of one another: more would take the memory, and no signal would be heard. */
const MOST_VISITED = 20_000_000;
const DEEPEST = 500;

class Evaluation {
  readonly #template: Template;
  #visited = 0;
  /** Ranges that are open around what is evaluated. */
  #depth = 0;
  #begins = 0;
  #ends = 0;
  /** Where the range ended that ended last. */
  #lastEnd = -1;

  constructor(template: Template) {
    this.#template = template;
  }

  from(start: number, data: unknown): Found[] {
    const found: Found[] = [];
    for (let at = start; at < this.#template.length; at++) {
      const nodes = this.#template[at]!;
      const values = this.#walk([data], nodes);
      if (this.#ends > 0 && this.#ends <= this.#depth) {
        this.#ends--;
        this.#lastEnd = at;
        return found;
      }
      if (this.#begins === 0) {
        found.push({ values, own: nodes.at(-1)?.is === "text" });
        continue;
      }
      this.#begins--;
      this.#range(values, at + 1, found);
      // Without an end, the rest was the range's; kubectl then evaluates it once more, outside of the range.
      at = Math.max(at, this.#lastEnd);
    }
    return found;
  }

  #range(values: unknown[], start: number, found: Found[]): void {
    this.#depth++;
    if (this.#depth > DEEPEST) throw new TooMuch(`more than ${DEEPEST} ranges inside of one another`);
    for (const value of values) {
      for (const part of this.from(start, value ?? nothing)) found.push(part);
    }
    // A range over nothing still has to find its end.
    if (values.length === 0) this.from(start, nothing);
    this.#depth--;
  }

  #walk(values: unknown[], nodes: readonly Node[]): unknown[] {
    this.#visit(1);
    return nodes.reduce((current, node) => {
      const next = this.#step(current, node);
      if (node.is !== "recursive" && node.is !== "wildcard") this.#visit(next.length);
      return next;
    }, values);
  }

  #visit(values: number): void {
    this.#visited += values;
    if (this.#visited > MOST_VISITED) throw new TooMuch(`the template comes by more than ${MOST_VISITED} values`);
  }

  #children(value: unknown): unknown[] {
    const children = childrenOf(value);
    this.#visit(children.length);
    return children;
  }

  /** Each value that holds others, and then those below it. */
  #descendants(values: unknown[]): unknown[] {
    return values.flatMap((value) => {
      // Bytes hold nothing: those of every text would be gone through for nothing.
      if (typeof value === "string") return value === "" ? [] : [value];
      const children = this.#children(value);
      return children.length === 0 ? [] : [value, ...this.#descendants(children)];
    });
  }

  #step(values: unknown[], node: Node): unknown[] {
    switch (node.is) {
      case "text":
        return [node.text];
      case "literal":
        return values.map(() => node.value);
      case "field":
        return values.map((value) => fieldOf(value, node.name)).filter((value) => value !== undefined);
      case "slice":
        return failing(values, () => sliced(values, node.slice));
      case "wildcard":
        return values.flatMap((value) => this.#children(value));
      case "recursive":
        return this.#descendants(values);
      case "union":
        return failing(values, () => node.of.flatMap((part) => this.#walk(values, part)));
      case "filter":
        return this.#filter(values, node);
      case "word":
        return this.#word(values, node.word);
    }
  }

  #word(values: unknown[], word: string): unknown[] {
    if (word === "range") {
      this.#begins++;
      return values;
    }
    if (word !== "end") throw new Failure(`unrecognized identifier ${word}`, values);
    if (this.#depth === 0) throw new Failure("not in range, nothing to end", []);
    this.#ends++;
    return [];
  }

  #filter(values: unknown[], { left, operator, right }: Extract<Node, { is: "filter" }>): unknown[] {
    const found: unknown[] = [];
    for (const list of values) {
      if (!isList(list)) throw new Failure(`${typeName(list)} is not array or slice and cannot be filtered`, values);
      for (const item of list) {
        const isFound =
          operator === null ? this.#exists(item, left) : this.#compares(item, { left, operator, right }, values, found);
        if (isFound) found.push(item);
      }
    }
    return found;
  }

  #compares(
    item: unknown,
    { left, operator, right }: { left: Node[]; operator: string; right: Node[] },
    values: unknown[],
    found: unknown[],
  ): boolean {
    const a = this.#operand(item, left, values);
    const b = a.length === 0 ? [] : this.#operand(item, right, values);
    return b.length > 0 && failing(found, () => compare(a[0], operator, b[0]));
  }

  #operand(item: unknown, expression: readonly Node[], values: unknown[]): unknown[] {
    const found = failing(values, () => this.#walk([item], expression));
    if (found.length > 1) throw new Failure("can only compare one element at a time", values);
    return found;
  }

  /** To kubectl, an expression that fails has found what it failed at. */
  #exists(item: unknown, expression: readonly Node[]): boolean {
    try {
      return this.#walk([item], expression).length > 0;
    } catch (error) {
      if (error instanceof Failure) return error.at.length > 0;
      throw error;
    }
  }
}

/** An evaluation that failed at some values. */
class Failure extends TemplateError {
  readonly at: readonly unknown[];

  constructor(message: string, at: readonly unknown[]) {
    super(message);
    this.at = at;
  }
}

/** An end to what would not end; no filter takes it for an expression that found nothing. */
class TooMuch extends TemplateError {}

/** What `work` returns; where it throws a TemplateError, it failed at these values. */
function failing<T>(at: readonly unknown[], work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof TemplateError && !(error instanceof TooMuch) ? new Failure(error.message, at) : error;
  }
}
