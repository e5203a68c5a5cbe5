import { columnLines } from "../../../src/output/columns/print.ts";
import { readColumns, readColumnsFile } from "../../../src/output/columns/read.ts";
import { evaluate } from "../../../src/output/jsonpath/evaluate.ts";
import { parseTemplate } from "../../../src/output/jsonpath/parse.ts";
import { printAsJson, printFound } from "../../../src/output/jsonpath/print.ts";
import { TemplateError } from "../../../src/output/template-error.ts";

/** What this program prints by a template; null where it refuses, `why` says for what reason. */
export interface Ours {
  text: string | null;
  found: string[][];
  why: string;
}

/** What `-o jsonpath` prints here. */
export function ourTemplate(template: string, document: object, asJson: boolean): Ours {
  return orRefused(() => {
    const found = evaluate(parseTemplate(template), document);
    return {
      text: found.map(asJson ? printAsJson : printFound).join(""),
      found: found.map(({ values, own }) => values.map((value) => printFound({ values: [value], own }))),
    };
  });
}

/** What `-o custom-columns` prints here. */
export function ourColumns(asked: { spec: string; isFile: boolean; noHeaders: boolean; items: object[] }): Ours {
  return orRefused(() => {
    const columns = (asked.isFile ? readColumnsFile : readColumns)(asked.spec);
    const lines = [...columnLines(columns, asked.items, !asked.noHeaders)];
    return { text: lines.map((line) => `${line}\n`).join(""), found: [] };
  });
}

function orRefused(work: () => Omit<Ours, "why">): Ours {
  try {
    return { ...work(), why: "" };
  } catch (error) {
    if (error instanceof TemplateError) return { text: null, found: [], why: error.message };
    throw error;
  }
}
