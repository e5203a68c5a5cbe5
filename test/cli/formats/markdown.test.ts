import fc from "fast-check";
import { marked, type Token, type Tokens } from "marked";
import { expect, test } from "vitest";
import { FILES, hostileTexts, printed, renamed, reportOf, VERBS, written } from "./reports.ts";

const cases = FILES.flatMap((file) => VERBS.map((verb) => ({ file, verb, of: file.split("/").at(-1)! })));

function all(markdown: string): Token[] {
  const tokens: Token[] = [];
  void marked.walkTokens(marked.lexer(markdown), (token) => void tokens.push(token));
  return tokens;
}

function check(markdown: string, mayHaveTable: boolean): void {
  const tokens = all(markdown);
  const kinds = new Set(tokens.map(({ type }) => type));
  for (const kind of ["link", "image", "def", "blockquote", "hr", "del", "em", "checkbox"])
    expect(kinds).not.toContain(kind);
  const html = tokens.filter(({ type }) => type === "html").map(({ raw }) => raw);
  expect(html.filter((raw) => raw !== "<code>" && raw !== "</code>")).toEqual([]);
  const headings = tokens.filter((token): token is Tokens.Heading => token.type === "heading").map(({ text }) => text);
  expect(headings.slice(1).filter((text) => !["Not seen", "Notes", "Found", "Next"].includes(text))).toEqual([]);
  const tables = tokens.filter((token): token is Tokens.Table => token.type === "table");
  expect(tables.length).toBeLessThanOrEqual(mayHaveTable ? 1 : 0);
  for (const { header, rows } of tables) for (const row of rows) expect(row).toHaveLength(header.length);
}

test.each(cases)("a parser finds one table, and nothing that a name made: $verb of $of", async ({ verb, file }) => {
  check(await printed(verb, file, "markdown"), true);
});

test("names stay text, whatever they are", async () => {
  for (const verb of [[], ["exposure"], ["stale"]]) {
    const report = await reportOf(verb, "database.yaml");
    await fc.assert(
      fc.asyncProperty(hostileTexts, async (texts) => {
        const markdown = await written(renamed(report, texts), "markdown");
        check(markdown, true);
        const tables = all(markdown).filter((token): token is Tokens.Table => token.type === "table");
        // The view of what is stale has one line for a Job and its pod, and these may now be of one name.
        if (report.kind === "StaleReport") expect(tables[0]!.rows.length).toBeLessThanOrEqual(report.items.length);
        else expect(tables[0]!.rows).toHaveLength(report.items.length);
      }),
      { numRuns: 25 },
    );
  }
});

test("what was not seen comes before what was found, and each row is in the table", async () => {
  const markdown = await printed([], "partial.jsonl", "markdown");
  const order = ["The evidence is incomplete", "## Not seen", "## Found", "## Next"];
  const places = order.map((text) => markdown.indexOf(text));
  expect(places.every((place) => place > 0)).toBe(true);
  expect(places).toEqual([...places].sort((a, b) => a - b));
  const [table] = all(markdown).filter((token): token is Tokens.Table => token.type === "table");
  expect(table!.rows).toHaveLength((await reportOf([], "partial.jsonl")).items.length);
});

test("the next command is code, as it can be pasted", async () => {
  const blocks = all(await printed([], "database.yaml", "markdown")).filter((token) => token.type === "code");
  const [last] = blocks.slice(-1) as Tokens.Code[];
  expect(last).toMatchObject({ lang: "sh" });
  expect(last!.text).toMatch(/^kubectl cronaudit exposure .* -f database.yaml$/);
});
