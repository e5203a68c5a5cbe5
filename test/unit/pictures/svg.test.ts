import fc from "fast-check";
import { expect, test } from "vitest";
import { screenOf } from "../../../scripts/pictures/screen.ts";
import { armsOf, blockOf } from "../../../scripts/pictures/shapes.ts";
import { svgOf } from "../../../scripts/pictures/svg.ts";

const caption = { title: "a title", description: "what it shows" };
const CELL = 8.4;

/** The rows of a picture, read back from where its texts stand. */
function textIn(svg: string): Map<number, string> {
  const rows = new Map<number, string>();
  const pattern = /<text x="([\d.]+)" y="([\d.]+)" textLength="([\d.]+)"[^>]*>([^<]*)<\/text>/g;
  for (const [, x, y, length, text] of svg.matchAll(pattern)) {
    const plain = text!
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&quot;", '"')
      .replaceAll("&amp;", "&");
    const row = Math.floor((Number(y) - 16) / 18);
    const column = Math.round((Number(x) - 16) / CELL);
    expect(Math.round(Number(length) / CELL)).toBe([...plain].length);
    rows.set(row, (rows.get(row) ?? "").padEnd(column) + plain);
  }
  return rows;
}

const isShape = (sign: string): boolean => armsOf(sign) !== null || blockOf(sign) !== null;

test("each text stands in its columns, and all of it is there", async () => {
  const signs = fc.constantFrom(..."ab<>&\"'  …→≤é│─█▒");
  const line = fc.array(signs, { maxLength: 40 }).map((row) => row.join(""));
  const paint = fc.constantFrom("", "\u001b[31m", "\u001b[1;31m", "\u001b[2m", "\u001b[0m");
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(line, paint, line), { minLength: 1, maxLength: 4 }), async (rows) => {
      const bytes = rows.map(([first, code, second]) => `${first}${code}${second}`).join("\n");
      const rowsBack = textIn(svgOf(await screenOf(`${bytes}\u001b[0m`, 100), caption));
      rows.forEach(([first, , second], y) => {
        const expected = [...(first + second)].map((sign) => (isShape(sign) ? " " : sign)).join("");
        expect(rowsBack.get(y) ?? "").toBe(expected.trimEnd());
      });
    }),
    { numRuns: 60 },
  );
});

test("lines meet their neighbours, and bars have the width of their cells", async () => {
  const svg = svgOf(await screenOf("├─ a\n│\n██▒ b", 20), caption);
  expect(svg).toContain('<path d="M20.2 25H24.4M20.2 25V16M20.2 25V34M28.6 25H24.4M28.6 25H32.8"/>');
  expect(svg).toContain('<path d="M20.2 43V34M20.2 43V52"/>');
  expect(svg).toContain('<rect x="16" y="54" width="16.8" height="14" class="block"/>');
  expect(svg).toContain('<rect x="32.8" y="54" width="8.4" height="14" fill-opacity="0.4" class="block"/>');
});

test("colours, bold and dim are classes, which light and dark fill", async () => {
  const svg = svgOf(
    await screenOf("\u001b[1;31mworst\u001b[0m \u001b[36mlow\u001b[0m \u001b[2minfo\u001b[0m", 40),
    caption,
  );
  expect(svg).toMatch(/class="c1 bold">worst</);
  expect(svg).toMatch(/class="c6">low</);
  expect(svg).toMatch(/class="dim">info</);
  expect(svg).toContain("prefers-color-scheme: dark");
});

test("a picture needs nothing from elsewhere, and names are text", async () => {
  const hostile = 'pod/<script>alert(1)</script>&"</svg><image href="https://example.com/x">';
  const svg = svgOf(await screenOf(hostile, 100), { title: hostile, description: hostile });
  expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(
    /<script|<image|href="|url\(|@import|<\/svg>[^]*<\/svg>/,
  );
  expect(svg).toContain('role="img" aria-labelledby="title desc"');
});
