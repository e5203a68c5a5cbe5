import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pixelmatch from "pixelmatch";
import type { Page } from "playwright-core";
import { PNG } from "pngjs";
import { describe, expect, test } from "vitest";
import { htmlPicture } from "../../scripts/pictures/html-picture.ts";
import { made } from "./hostile.ts";
import { missing, printed, rendered, reported, useBrowser } from "./pages.ts";
import { difference, shadesOf } from "./shades.ts";

const folder = join(import.meta.dirname, "looks");
/** Fonts are drawn a little differently by each version of their library. */
const tolerance = 0.005;
/** As much of a page, in widths of it, as is compared. */
const tall = 2.5;

const looks = [400, 1000, 1600].flatMap((width) => (["light", "dark"] as const).map((theme) => ({ width, theme })));

/** What the system's own fonts are differs; these are there (fonts-dejavu-core). */
async function fixFonts(page: Page): Promise<void> {
  await page.evaluate(`document.documentElement.style.setProperty("--sans", '"DejaVu Sans"');
    document.documentElement.style.setProperty("--mono", '"DejaVu Sans Mono"')`);
}

async function shot(page: Page, width: number): Promise<Buffer> {
  const clip = { x: 0, y: 0, width, height: Math.round(width * tall) };
  return page.screenshot({ fullPage: true, clip, animations: "disabled" });
}

describe.skipIf(missing !== null)("a page looks", () => {
  const open = useBrowser();

  test.each(looks)("at $width px, $theme, as it did", async ({ width, theme }) => {
    const { page } = await open(await printed(["exposure"]), { viewport: { width, height: 900 }, colorScheme: theme });
    await fixFonts(page);
    await page.evaluate("document.querySelector('#finding-1').open = true");
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
    const shades = shadesOf(await shot(page, width));
    const file = join(folder, `${String(width)}-${theme}.txt`);
    if (process.env["CRONAUDIT_BLESS"] === "1") {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, `${shades.join("\n")}\n`);
    }
    const known = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
    expect(difference(known, shades), `differs from ${file}; look at it, then CRONAUDIT_BLESS=1`).toBeLessThan(
      tolerance,
    );
  });

  test("otherwise where a section is missing, moved or of another colour", async () => {
    const { page } = await open(await printed(["exposure"], "developer"));
    await fixFonts(page);
    let before = shadesOf(await shot(page, 1000));
    for (const change of [
      "document.documentElement.style.setProperty('--accent', '#ffdd00')",
      "document.querySelector('.figures').style.visibility = 'hidden'",
      "document.querySelector('.truth').style.marginBottom = '60px'",
    ]) {
      await page.evaluate(change);
      const after = shadesOf(await shot(page, 1000));
      expect(difference(before, after), change).toBeGreaterThan(tolerance);
      before = after;
    }
  });

  test("the same with and without scripts until something is done, but for what scripts add", async () => {
    const html = await printed(["exposure"]);
    const [on, off] = await Promise.all([open(html), open(html, { javaScriptEnabled: false })]);
    await on.page.evaluate("document.querySelector('.tools').hidden = true");
    const [a, b] = (await Promise.all([shot(on.page, 1000), shot(off.page, 1000)])).map((png) => PNG.sync.read(png));
    expect(pixelmatch(a!.data, b!.data, undefined, a!.width, a!.height, { threshold: 0.05 })).toBe(0);
  });

  test.each([[[]], [["stale"]], [["access"]], [["replay"]], [["exposure", "--by", "carrier"]], [["cleanup"]]])(
    "no wider than a telephone: %s",
    async (args) => {
      const { page } = await open(await printed(args), { viewport: { width: 400, height: 800 } });
      await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(400);
    },
  );

  test.each([[["stale"]], [["exposure", "--by", "carrier"]]])("no wider than paper: %s", async (args) => {
    // A4 without its margins.
    const { page } = await open(await printed(args), { viewport: { width: 688, height: 900 } });
    await page.emulateMedia({ media: "print" });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(688);
  });

  test("the same as a picture that stands alone", async () => {
    const html = await printed(["exposure", "cronjob/backup", "-n", "database"]);
    const svg = htmlPicture(html, { width: 1000, height: 1000, unfolded: 1 });
    expect(svg.length).toBeLessThan(100_000);
    const inPage = `<body style="margin: 0"><img src="data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}"></body>`;
    const size = { width: 1000, height: 1000 };
    const [page, picture] = await Promise.all([
      open(html, { javaScriptEnabled: false, viewport: size }),
      open(inPage, { viewport: size }),
    ]);
    expect(picture.complaints.filter((one) => !one.startsWith("request: data:"))).toEqual([]);
    await picture.page.evaluate("document.images[0].decode()");
    const [a, b] = (await Promise.all([page.page.screenshot(), picture.page.screenshot()])).map(shadesOf);
    // Its end fades out, and its frame is drawn.
    expect(difference(a!.slice(1, 32), b!.slice(1, 32))).toBeLessThan(tolerance);
  });

  test("calm where names are long: a line cuts them, and what unfolds has them whole", async () => {
    const whole = await reported(["exposure"]);
    const { report } = made({ ...whole, items: whole.items.slice(0, 4) });
    const { page } = await open(rendered(report), { viewport: { width: 400, height: 800 } });
    for (const line of await page.locator(".row, .finding > summary").all()) {
      expect((await line.boundingBox())!.height).toBeLessThan(260);
    }
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(400);
  });
});
