import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const folder = join(import.meta.dirname, "../../../docs/pictures");
const files = readdirSync(folder).filter((file) => file.endsWith(".svg"));

/** What XML does not forgive in a text, the first such place; null where there is none. */
function fault(text: string): string | null {
  const open: string[] = [];
  const pattern = /<(\/?)([a-zA-Z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|<|&(?!(?:[a-z]+|#\d+|#x[\da-f]+);)/g;
  for (const { 0: all, 1: slash, 2: name, 4: empty, index } of text.matchAll(pattern)) {
    const place = `${all.slice(0, 60)} in line ${String(text.slice(0, index).split("\n").length)}`;
    if (name === undefined) return place;
    if (empty === "/") continue;
    if (slash === "") open.push(name);
    else if (open.pop() !== name) return place;
  }
  return open.length === 0 ? null : `${open.join(" ")} is not closed`;
}

test.each(files)("%s is whole, says what it shows, and loads nothing", (file) => {
  const text = readFileSync(join(folder, file), "utf8");
  expect(fault(text)).toBeNull();
  expect(text).toMatch(
    /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^>]*role="img"[^>]*>\n<title[^>]*>[^<]+<\/title>/,
  );
  expect(text).not.toMatch(/<script|<image|<iframe|<link|\bsrc=|@import|url\((?!#)|href="(?!#)/i);
});

test("there are pictures, and faults would be found", () => {
  expect(files.length).toBeGreaterThan(5);
  expect(fault("<a><b></a></b>")).toBe("</a> in line 1");
  expect(fault("<a>&nbsp</a>")).toBe("& in line 1");
  expect(fault("<a>\n<b c></b></a>")).toBe("< in line 2");
  expect(fault('<a><b c="d"/>')).toBe("a is not closed");
  expect(fault('<a href="#x">&amp;&#160;</a>')).toBeNull();
});
