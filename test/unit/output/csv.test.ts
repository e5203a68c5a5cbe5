import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { csvCell, harmless, originalOf } from "../../../src/output/csv/cell.ts";

/** Texts of what spreadsheets, CSV and terminals take for more than text, beside any others. */
const texts = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."=+-@＝\t\r\n\"',;|\\ u0041ab\u001b\u202e😀".match(/./gsu)!), maxLength: 12 }),
  fc.string({ unit: "binary", maxLength: 12 }),
);

test("a cell is read back as it was, by a parser and the documented way", () => {
  fc.assert(
    fc.property(fc.array(texts, { minLength: 2, maxLength: 4 }), (cells) => {
      const rows = parse(`${cells.map(csvCell).join(",")}\r\n`, { record_delimiter: "\r\n" }) as string[][];
      expect(rows).toHaveLength(1);
      expect(rows[0]!.map(originalOf)).toEqual(cells);
    }),
    { numRuns: 20_000 },
  );
});

test("nothing begins a formula, whatever a spreadsheet takes for the end of a cell", () => {
  fc.assert(
    fc.property(texts, (text) => {
      for (const separator of [",", ";", "|", "\t", '"', "\n", "\r"]) {
        for (const piece of csvCell(text).split(separator)) {
          expect(piece.replace(/^[" ]+/, "")).not.toMatch(/^[=+\-@＝＋－＠\t\r]/);
        }
      }
      expect(harmless(text)).not.toMatch(/^ *[=+\-@＝＋－＠\t\r\n]/);
    }),
    { numRuns: 20_000 },
  );
});

test.each([
  ["=1+1", "'=1+1"],
  ["'=1", "''=1"],
  ["  @SUM(A1)", "'  @SUM(A1)"],
  ["a;=cmd|' /C calc'!A0", `"a;'=cmd|' /C calc'!A0"`],
  ["pod/a; =1+1", `"pod/a;' =1+1"`],
  ["a, ' @SUM(A1)", `"a,' ' @SUM(A1)"`],
  ['"=1', `"""'=1"`],
  ["\t=1", "\\u0009=1"],
  ["a\r\nb", "a\\u000d\\u000ab"],
  ["\\u0041", "\\u005cu0041"],
  ["C:\\users", "C:\\users"],
  ["--dbname", "'--dbname"],
  ["pod/x -n y", "pod/x -n y"],
  ["", ""],
  [null, ""],
  [-5, "-5"],
  [true, "true"],
])("%j is written as %j", (value, cell) => {
  expect(csvCell(value)).toBe(cell);
});

test("a long name takes linear time", () => {
  const started = performance.now();
  for (const text of ["'".repeat(1e5), " ".repeat(1e5), ";'".repeat(1e5), "\\u00".repeat(1e5)]) harmless(text);
  expect(performance.now() - started).toBeLessThan(2000);
});
