import fc from "fast-check";
import { expect, test } from "vitest";
import { wantsColor } from "../../../src/output/color.ts";
import { layTable } from "../../../src/output/layout.ts";
import { cellText, escapeInQuotes, grouped, safe } from "../../../src/output/text.ts";
import { cut, cutAroundPlace, width } from "../../../src/output/width.ts";

const steering = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

test.each([
  ["\u001b[2J", "^[[2J"],
  ["a\rb", "a\\rb"],
  ["\u009b31m", "\\u009b31m"],
  ["\u202eevil", "\\u202eevil"],
  ["a\u200bb", "a\\u200bb"],
  ["\u0007", "^G"],
  ["\u007f", "^?"],
  ["\u{e0041}", "\\u{e0041}"],
  ["\ud800", "\\ud800"],
  ["Ünïcödé 日本 👍", "Ünïcödé 日本 👍"],
])("terminal escapes are written out: %j", (text, expected) => {
  expect(safe(text)).toBe(expected);
});

test("nothing that steers a terminal is left, whatever comes in", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(safe(text)).not.toMatch(steering);
      expect(cellText(text)).not.toMatch(steering);
    }),
  );
});

test("a cell ends at the first line break, as kubectl cuts it", () => {
  expect(cellText("first\nsecond")).toBe("first...");
});

test("JSON keeps its meaning when what steers a terminal is written as escapes", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const json = escapeInQuotes(JSON.stringify({ text }, null, 2));
      expect(JSON.parse(json)).toEqual({ text });
      expect(json.replaceAll("\n", "")).not.toMatch(steering);
    }),
  );
});

test("cutting counts columns, not characters, and keeps characters whole", () => {
  expect(cut("日本語日本語", 7)).toBe("日本語…");
  expect(cut("abcdef", 6)).toBe("abcdef");
  expect(cut("abcdefg", 6)).toBe("abcde…");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 30 }), (text, columns) => {
      const plain = safe(text);
      expect(width(cut(plain, columns))).toBeLessThanOrEqual(columns);
    }),
  );
});

test.each([
  [0, "0"],
  [999, "999"],
  [1000, "1,000"],
  [11480, "11,480"],
  [1234567, "1,234,567"],
])("thousands are set apart: %d", (number, expected) => {
  expect(grouped(number)).toBe(expected);
});

test.each([
  ["auto", true, {}, true],
  ["auto", false, {}, false],
  ["auto", true, { NO_COLOR: "1" }, false],
  ["auto", true, { NO_COLOR: "" }, true],
  ["auto", true, { TERM: "dumb" }, false],
  ["always", false, { NO_COLOR: "1", TERM: "dumb" }, true],
  ["never", true, {}, false],
] as const)("colour: %s, terminal %s, %j", (when, isTTY, env, expected) => {
  expect(wantsColor(when, isTTY, env)).toBe(expected);
});

const tableLines = (...table: Parameters<typeof layTable>) => layTable(...table).lines;
const layout = { width: 40, color: false, headers: true };
const columns = [{ header: "NAME" }, { header: "WHY", shrinkTo: 10 }, { header: "N" }];

test("columns stand three spaces apart and lines end at their last letter", () => {
  expect([
    ...tableLines(
      columns,
      [
        ["a", "because", "1"],
        ["bbbbbb", "x", "22"],
      ],
      layout,
    ),
  ]).toEqual(["NAME     WHY       N", "a        because   1", "bbbbbb   x         22"]);
});

test("a column of words gives way to the terminal, a column of names does not", () => {
  const [, row] = [...tableLines(columns, [["n".repeat(30), "a long explanation of it all", "1"]], layout)];
  expect(row).toBe(`${"n".repeat(30)}   a long ex…   1`);
});

test("rows over many blocks stand in the same columns", () => {
  const rows = Array.from({ length: 450 }, (_, at) => [`row-${at}`, "x", String(at)]);
  const lines = [...tableLines(columns, rows, layout)];
  expect(lines).toHaveLength(451);
  expect(new Set(lines.map((line) => line.search(/x|WHY/))).size).toBe(1);
});

test("colour carries severity and moves nothing", () => {
  const rows = [[{ text: "critical", severity: "critical" as const }, "why", "1"]];
  const plain = [...tableLines(columns, rows, layout)][1]!;
  const painted = [...tableLines(columns, rows, { ...layout, color: true })][1]!;
  expect(painted).toContain("\u001b[1;31mcritical\u001b[0m");

  expect(painted.replace(/\u001b\[[\d;]*m/g, "")).toBe(plain);
});

test.each([
  ["DB_PASSWORD in 3 pods, 3 jobs (database)", 30, "DB_PASSWORD in 3 p… (database)"],
  ["DB_PASSWORD in 3 pods (database), left the template", 40, "DB_PASSWORD in 3 pods (database), left…"],
  ["DB_PASSWORD in 3 pods (database)", 32, "DB_PASSWORD in 3 pods (database)"],
  ["PASSWORD in 1 pod (a-very-long-namespace-name)", 20, "PASSWO… (a-very-lon…"],
  ["no place at all to be found", 10, "no place…"],
])("the namespace stays when a cell is cut: %s", (text, columns, expected) => {
  expect(cutAroundPlace(text, columns)).toBe(expected);
});

test("cutting around a place exceeds no width and keeps the place where there is room for it", () => {
  const names = fc.string({ unit: "grapheme", maxLength: 40 }).map(safe);
  fc.assert(
    fc.property(
      names,
      fc.stringMatching(/^[a-z0-9-]{1,12}$/),
      names,
      fc.integer({ min: 24, max: 80 }),
      (a, b, c, n) => {
        const after = c.replace(/[()]/g, "");
        const shown = cutAroundPlace(`${a} (${b})${after}`, n);
        expect(width(shown)).toBeLessThanOrEqual(n);
        expect(shown).toContain(` (${b})`);
      },
    ),
  );
});

test("columns drop out in their order, and only until the rest can be cut to fit", () => {
  const dropping = [
    { header: "WHAT", shrinkTo: 10 },
    { header: "SINCE", drops: 2 },
    { header: "UNTIL", drops: 1 },
  ];
  const row = ["a very long explanation of it all", "9d", "never"];
  const at = (columnsOfTerminal: number) => layTable(dropping, [row], { ...layout, width: columnsOfTerminal });
  const show = (columnsOfTerminal: number) => [...at(columnsOfTerminal).lines][1];
  expect(at(26)).toMatchObject({ leftOut: [] });
  expect(show(26)).toBe("a very lo…   9d      never");
  expect(at(25)).toMatchObject({ leftOut: ["SINCE"] });
  expect(show(25)).toBe("a very long expl…   never");
  expect(at(17)).toMatchObject({ leftOut: ["SINCE", "UNTIL"] });
  expect(show(17)).toBe("a very long expl…");
  expect(at(5)).toMatchObject({ leftOut: ["SINCE", "UNTIL"] });
});
