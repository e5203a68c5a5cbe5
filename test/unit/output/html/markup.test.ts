import fc from "fast-check";
import { expect, test } from "vitest";
import { escaped, markup, trusted, when } from "../../../../src/output/html/markup.ts";
import { safe } from "../../../../src/output/text.ts";

/** What a browser makes of the five references that are written. */
function read(text: string): string {
  const meant: Record<string, string> = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&amp;": "&" };
  return text.replace(/&(?:lt|gt|quot|#39|amp);/g, (one) => meant[one]!);
}

test("text can neither end an attribute nor begin an element, and is read back as `safe` has it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const written = escaped(text);
      expect(written).not.toMatch(/[<>"']|&(?!(?:lt|gt|quot|#39|amp);)/);
      expect(read(written)).toBe(safe(text));
    }),
  );
});

test("holes are escaped but for markup, in lists as well", () => {
  const items = ["<b>", markup`<i>${"&"}</i>`, null, 3];
  expect(markup`<p title="${'"'}">${items}${trusted("<hr/>")}</p>`.text).toBe(
    '<p title="&quot;">&lt;b&gt;<i>&amp;</i>3<hr/></p>',
  );
});

test("what is not wanted is not made", () => {
  const make = (): never => {
    throw new Error("made");
  };
  expect(markup`${when(false, make)}`.text).toBe("");
});
