import { expect, test } from "vitest";
import { documentOf, envelopeOf } from "../../../src/output/envelope.ts";
import { parseTemplate } from "../../../src/output/jsonpath/parse.ts";
import { printFound } from "../../../src/output/jsonpath/print.ts";
import { evaluate } from "../../../src/output/jsonpath/evaluate.ts";
import { KEPT } from "../../oracle/templates/kept.ts";
import { ourColumns, ourTemplate } from "../../oracle/templates/ours.ts";
import { item, report } from "./timeline-report.ts";

// test/cluster/template-oracle.test.ts holds kubectl to the same, and draws more.
test.each(KEPT)("$why", ({ asked, want }) => {
  const { text } = "template" in asked ? ourTemplate(asked.template, asked.document, asked.asJson) : ourColumns(asked);
  expect(text).toBe(want);
});

test("text of the cluster is made safe, that of the template is not", () => {
  const print = (template: string, document: object): string =>
    evaluate(parseTemplate(template), document).map(printFound).join("");
  expect(print('{.a}{"\\n"}\u001b', { a: "x\n\u001b[2J\u202e" })).toBe("x\\n^[[2J\\u202e\n\u001b");
  expect(print("{@}", { a: "\u001b\u202e" })).toBe('{"a":"\\u001b\\u202e"}');
});

test("cells of columns keep to their line", () => {
  const asked = { spec: "A:.a,B:.b", isFile: false, noHeaders: true, items: [{ a: "x\ny\tz\u001b", b: "€" }] };
  expect(ourColumns(asked).text).toBe("x\\ny\\tz^[   €\n");
});

test("a template sees what -o json prints, fields that are not set left out", () => {
  const whole = { ...report([item([])]), notes: ["n"] };
  expect(documentOf(whole)).toEqual({ ...envelopeOf(whole), items: whole.items });
  expect(ourTemplate("{.notes[0]} {.items[0].ignored}|", { ...documentOf(whole), x: undefined }, false).text).toBe(
    "n |",
  );
  expect(ourTemplate("{@}", { a: undefined, b: 1 }, false).text).toBe('{"b":1}');
});

test.each([
  "{".repeat(1e5),
  "{.a" + "[0]".repeat(1e5),
  `{[?(@.a${"=".repeat(1e5)}`,
  `{${"1.".repeat(1e5)}}`,
  `{"${"\\n".repeat(1e5)}"}`,
])("a long template takes linear time", (template) => {
  const started = performance.now();
  ourTemplate(template, {}, false);
  expect(performance.now() - started).toBeLessThan(3000);
});

test.each([
  ["finds much in a filter", `{[?(@[${":,".repeat(5000)}:])]}`, /more than 20000000 values/],
  ["opens range in range", "{range @}".repeat(1e5), /more than 500 ranges/],
])("a template that %s ends with an error, not with the memory", (_, template, message) => {
  const document = [Array.from({ length: 4000 }, () => 0)];
  expect(() => evaluate(parseTemplate(template), document)).toThrow(message);
});

test("ranges may stand inside of one another", () => {
  expect(ourTemplate("{range @}".repeat(400) + "{.a}" + "{end}".repeat(400), { a: "x" }, false).text).toBe("x");
});
