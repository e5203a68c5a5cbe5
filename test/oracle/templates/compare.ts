import fc from "fast-check";
import { safe } from "../../../src/output/text.ts";
import { inOrder, type Oracle } from "../../control-plane/oracle.ts";
import type { Printed } from "../../control-plane/oracle-questions.ts";
import { columnFiles, documents, specs, templates } from "./draw.ts";
import { ourColumns, ourTemplate, type Ours } from "./ours.ts";

/** What both are asked: a template over a document, or columns of a list. */
export type Asked =
  | { template: string; document: object; asJson: boolean }
  | { spec: string; isFile: boolean; noHeaders: boolean; items: object[] };

/** How many cases were compared, and how they came out. */
export interface Comparison {
  cases: number;
  /** Printed something, printed nothing, refused by both, crashed kubectl. */
  telling: number;
  empty: number;
  refused: number;
  crashed: number;
  disagreement: { asked: Asked; theirs: Printed; ours: Ours } | null;
}

const templateCases: fc.Arbitrary<Asked> = documents.chain((document) =>
  fc.record({ template: templates(document), asJson: fc.boolean() }).map((asked) => ({
    ...asked,
    document: dependsOnOrder(asked.template) ? lone(document) : document,
  })),
);

const columnCases: fc.Arbitrary<Asked> = fc
  .record({ isFile: fc.boolean(), noHeaders: fc.boolean(), items: fc.array(documents, { maxLength: 3 }) })
  .chain(({ isFile, noHeaders, items }) =>
    (isFile ? columnFiles : specs)(items[0] ?? {}).map((spec) => ({
      spec,
      isFile,
      noHeaders: noHeaders && !isFile,
      items: items.map((item) => narrow(dependsOnOrder(spec) ? lone(item) : item)),
    })),
  );

const arbitrary = fc.oneof({ arbitrary: templateCases, weight: 4 }, { arbitrary: columnCases, weight: 1 });

/** Go visits a map's values in an order that it draws, where all of them are asked for. */
function dependsOnOrder(template: string): boolean {
  return /\.\.|\*|(?:^|[:\s{])\.(?:$|[,\s}[@$])/.test(template.replaceAll("[*]", ""));
}

function lone(value: object): object {
  return JSON.parse(JSON.stringify(value), (_, child: unknown) =>
    typeof child === "object" && child !== null && !Array.isArray(child)
      ? Object.fromEntries(Object.entries(child).slice(0, 1))
      : child,
  ) as object;
}

/** Without what takes two columns of a terminal, or that only this program escapes: kubectl counts characters. */
function narrow(value: object): object {
  return JSON.parse(JSON.stringify(value).replaceAll(/😀|\u2028/gu, "")) as object;
}

/** So many random cases. */
export function drawCases(seed: number, count: number): Asked[] {
  return fc.sample(arbitrary, { seed, numRuns: count });
}

/** Asks kubectl's own code and this program the same, and shrinks the first case that they differ about. */
export async function compareTemplates(
  oracle: Oracle,
  cases: readonly Asked[],
  answer: (asked: Asked) => Ours = ours,
): Promise<Comparison> {
  const comparison: Comparison = { cases: 0, telling: 0, empty: 0, refused: 0, crashed: 0, disagreement: null };
  for await (const [asked, theirs] of inOrder(cases, (one) => ask(oracle, one))) {
    const own = answer(asked);
    comparison.cases++;
    if (theirs.panicked !== undefined) comparison.crashed++;
    else if (theirs.refused !== undefined) comparison.refused++;
    else comparison[theirs.text.trim() === "" ? "empty" : "telling"]++;
    if (agree(theirs, own)) continue;
    return { ...comparison, disagreement: await shrink(oracle, { asked, theirs, ours: own }, answer) };
  }
  return comparison;
}

/** What this program answers. */
export function ours(asked: Asked): Ours {
  return "template" in asked ? ourTemplate(asked.template, asked.document, asked.asJson) : ourColumns(asked);
}

/** What kubectl answers. */
export function ask(oracle: Oracle, asked: Asked): Promise<Printed & { found?: string[][] }> {
  if (!("template" in asked)) return oracle.question("columns", asked);
  const output = `${asked.asJson ? "jsonpath-as-json" : "jsonpath"}=${asked.template}`;
  return oracle.question("template", { output, document: asked.document });
}

/** True where both print the same, but for what this program makes safe, and where both refuse. A crash agrees with anything. */
export function agree(theirs: Printed, { text }: Ours): boolean {
  if (theirs.panicked !== undefined) return true;
  if (theirs.refused !== undefined) return text === null;
  return text !== null && safe(theirs.text) === safe(text);
}

async function shrink(
  oracle: Oracle,
  found: NonNullable<Comparison["disagreement"]>,
  answer: (asked: Asked) => Ours,
): Promise<NonNullable<Comparison["disagreement"]>> {
  let smallest = found;
  for (let again = true; again;) {
    again = false;
    for (const asked of smaller(smallest.asked)) {
      const [theirs, own] = [await ask(oracle, asked), answer(asked)];
      if (agree(theirs, own)) continue;
      smallest = { asked, theirs, ours: own };
      again = true;
      break;
    }
  }
  return smallest;
}

function* smaller(asked: Asked): Generator<Asked> {
  const text = "template" in asked ? asked.template : asked.spec;
  for (let length = text.length; length >= 1; length = Math.floor(length / 2)) {
    for (let at = 0; at + length <= text.length; at += length) {
      const rest = text.slice(0, at) + text.slice(at + length);
      if (rest === "") continue;
      yield "template" in asked ? { ...asked, template: rest } : { ...asked, spec: rest };
    }
  }
  if ("template" in asked) {
    for (const document of without(asked.document)) yield { ...asked, document: document as object };
  } else for (const items of without(asked.items)) yield { ...asked, items: items as object[] };
}

/** The same with one member less, anywhere in it. */
function* without(value: unknown): Generator<unknown> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    if (Array.isArray(value)) yield value.filter((_, at) => at !== Number(key));
    else yield Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
    for (const less of without(child)) {
      yield Array.isArray(value)
        ? value.map((old: unknown, at) => (at === Number(key) ? less : old))
        : { ...value, [key]: less };
    }
  }
}
