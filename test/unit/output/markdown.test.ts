import fc from "fast-check";
import { marked } from "marked";
import { expect, test } from "vitest";
import { markdownBlock, markdownCode, markdownTable, markdownText } from "../../../src/output/markdown/text.ts";
import { safe } from "../../../src/output/text.ts";

const WORDS = [
  ...[
    "@ops",
    "#12",
    "GH-7",
    "org/repo#3",
    "deadbeef",
    "https://evil.test",
    "www.evil.test",
    "a@b.test",
    ":smile:",
    "$x$",
  ],
  ...[
    "<img src=x onerror=alert(1)>",
    "</code>",
    "[x](javascript:alert(1))",
    "![x](y)",
    "**b**",
    "_i_",
    "~~s~~",
    "`c`",
    "``",
  ],
  ...[
    "|",
    "\\|",
    "\\",
    "&lt;",
    "&#60;",
    "# h",
    "> q",
    "- x",
    "+",
    "1.",
    "1)",
    "---",
    "===",
    "\u202egnp",
    "\u001b[2J",
    "\n",
    "\t",
  ],
  ...["DB_PASSWORD", "15", "pods,", "(database)", "database/backup", "it's", "40%", "…", "a--b", "x".repeat(200), "😀"],
];
const texts = fc.oneof(
  fc.array(fc.constantFrom(...WORDS), { maxLength: 6 }).map((words) => words.join(" ")),
  fc.array(fc.constantFrom(...WORDS), { maxLength: 6 }).map((words) => words.join("")),
  fc.string({ maxLength: 20 }),
  fc.string({ unit: "binary", maxLength: 12 }),
);

const named: Record<string, string> = { lt: "<", gt: ">", quot: '"', amp: "&" };

/** The text that a browser shows of HTML without entities but those that marked and this program write. */
function shown(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/&(?:#(\d+)|(\w+));/g, (_, code: string | undefined, name: string) =>
      code === undefined ? named[name]! : String.fromCodePoint(Number(code)),
    );
}

const spaced = (text: string): string => safe(text).split(/ +/).filter(Boolean).join(" ");
const tagsOf = (html: string): Set<string> => new Set([...html.matchAll(/<\/?([^>]*)>/g)].map(([, tag]) => tag!));

test("in a list and in a table, text is shown as it is, and as nothing else", () => {
  fc.assert(
    fc.property(texts, texts, (first, second) => {
      const list = marked.parse(`- ${markdownText(first)}\n`, { async: false });
      expect(spaced(shown(list).trim())).toBe(spaced(first));
      expect([...tagsOf(list)].filter((tag) => !["ul", "li", "code"].includes(tag))).toEqual([]);
      const table = [...markdownTable(["A", "B"], [[markdownText(first), markdownText(second)]])].join("\n");
      const html = marked.parse(table, { async: false });
      const cells = [...html.matchAll(/<td>(.*?)<\/td>/gs)].map(([, cell]) => spaced(shown(cell!)));
      expect(cells).toEqual([spaced(first), spaced(second)]);
      const tags = ["table", "thead", "tbody", "tr", "th", "td", "code"];
      expect([...tagsOf(html)].filter((tag) => !tags.includes(tag))).toEqual([]);
    }),
    { numRuns: 5000 },
  );
});

test("nobody is mentioned and nothing referred to outside of code", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const html = marked.parse(markdownText(text), { async: false }).replaceAll(/<code>.*?<\/code>/gs, "");
      expect(shown(html)).not.toMatch(/@|#|:\/\/|www\.|GH-\d|\b[0-9a-f]{7,}\b|:\w+:|\$/i);
    }),
    { numRuns: 5000 },
  );
});

test("code keeps every space, and a block every line", () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 20, minLength: 1 }).filter((text) => text.trim() !== ""),
      (text) => {
        expect(shown(marked.parse(`x ${markdownCode(text)}`, { async: false })).trimEnd()).toBe(
          `x ${safe(text)}`.trimEnd(),
        );
        const block = markdownBlock([text, "```", "~~~", "</code>"], "text").join("\n");
        const lines = shown(marked.parse(block, { async: false }))
          .trimEnd()
          .split("\n");
        expect(lines).toEqual([safe(text).trimEnd(), "```", "~~~", "</code>"]);
      },
    ),
    { numRuns: 2000 },
  );
});

test.each([
  ["DB_PASSWORD in 15 pods, 1 cronjob (database)", "`DB_PASSWORD` in 15 pods, 1 cronjob (database)"],
  ["ask @ops about #12", "ask `@ops` about `#12`"],
  ["a | b", "a <code>&#124;</code> b"],
  ["1. first", "`1.` first"],
])("%s", (text, markdown) => {
  expect(markdownText(text)).toBe(markdown);
});

test("a long name takes linear time", () => {
  const started = performance.now();
  for (const text of ["a-".repeat(1e5), "((".repeat(1e5), "`".repeat(1e5), "a ".repeat(1e5)]) markdownText(text);
  expect(performance.now() - started).toBeLessThan(2000);
});
