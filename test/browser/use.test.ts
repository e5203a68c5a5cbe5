import { describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { missing, printed, rendered, reported, useBrowser } from "./pages.ts";

/** What has the focus: its tag, its text or name, and whether something shows that it has it. */
const focused = `(() => {
  const e = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(e);
  const { top, bottom } = e.getBoundingClientRect();
  return { tag: e.tagName, text: e.textContent.trim().slice(0, 40), name: e.getAttribute("name"), isShown: outlineStyle !== "none" && parseFloat(outlineWidth) >= 1, isInView: bottom > 0 && top < innerHeight };
})()`;

interface Focused {
  tag: string;
  text: string;
  name: string | null;
  isShown: boolean;
  isInView: boolean;
}

/** Everything that Tab comes to, from the beginning until the focus leaves the page. */
async function tabbed(page: Page): Promise<Focused[]> {
  const stops: Focused[] = [];
  for (;;) {
    await page.keyboard.press("Tab");
    const stop = (await page.evaluate(focused)) as Focused;
    if (stop.tag === "BODY" || stops.length > 500) return stops;
    stops.push(stop);
  }
}

describe.skipIf(missing !== null)("a page in use", () => {
  const open = useBrowser();

  test("is reached everywhere by Tab, in the order of the page, and shows where the focus is", async () => {
    const { page } = await open(await printed(["exposure"], "developer"));
    const stops = await tabbed(page);
    expect(stops.filter(({ isShown }) => !isShown)).toEqual([]);
    expect(stops.filter(({ isInView }) => !isInView)).toEqual([]);
    expect(stops[0]).toMatchObject({ tag: "A", text: "Skip to the report" });
    const count = async (selector: string): Promise<number> => page.locator(selector).count();
    expect(stops.filter(({ tag }) => tag === "SUMMARY")).toHaveLength(
      await count("details:not(details details) > summary"),
    );
    expect(stops.filter(({ tag }) => tag === "A")).toHaveLength(1 + (await count(".timeline a")));
    expect(stops.filter(({ tag }) => ["INPUT", "SELECT", "BUTTON"].includes(tag))).toHaveLength(
      await count("form :is(input, select, button)"),
    );
  });

  test("skips to the report", async () => {
    const { page } = await open(await printed(["access"]));
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("main");
  });

  test("unfolds by Enter, and a bar leads to its entry", async () => {
    const { page } = await open(await printed(["exposure"], "developer"));
    await page.locator("#finding-2 > summary").focus();
    await page.keyboard.press("Enter");
    expect(await page.locator("#finding-2").getAttribute("open")).not.toBeNull();
    await page.keyboard.press("Enter");
    expect(await page.locator("#finding-2").getAttribute("open")).toBeNull();

    await page.locator(".timeline a").first().focus();
    expect(await page.locator(".tip").first().isVisible()).toBe(true);
    await page.keyboard.press("ArrowDown");
    expect(await page.locator(".tip").first().isVisible()).toBe(false);
    await page.keyboard.press("Enter");
    await expect.poll(() => page.evaluate("document.activeElement.parentElement.id")).toBe("finding-2");
    expect(await page.locator("#finding-2").getAttribute("open")).not.toBeNull();
  });

  test("filters, orders, unfolds and copies", async () => {
    const { page, complaints } = await open(await printed(["exposure"]));
    const names = (): Promise<string[]> => page.locator(".findings > li:not([hidden]) h3").allInnerTexts();
    const all = await names();
    await page.getByRole("searchbox").fill("stripe");
    expect(await names()).toEqual(["STRIPE_KEY"]);
    expect(await page.locator(".timeline li:not([hidden])").count()).toBe(1);
    expect(await page.locator("output").innerText()).toBe(`1 of ${String(all.length)} shown`);
    await page.getByRole("searchbox").fill("");
    await page.getByRole("checkbox", { name: "critical" }).uncheck();
    expect(await names()).toEqual(all.slice(4));
    await page.getByRole("checkbox", { name: "critical" }).check();
    await page.getByRole("combobox").selectOption("longest at rest");
    expect((await names()).slice(0, 2)).toEqual(["22 × token of sa/backup", "STRIPE_KEY"]);
    await page.getByRole("combobox").selectOption("as reported");
    expect(await names()).toEqual(all);
    await page.getByRole("button", { name: "Unfold all" }).click();
    expect(await page.locator(".finding:not([open])").count()).toBe(0);

    const copied: string[] = [];
    await page.exposeFunction("copied", (text: string) => copied.push(text));
    await page.evaluate(
      "navigator.clipboard ? navigator.clipboard.writeText = copied : Object.defineProperty(navigator, 'clipboard', { value: { writeText: copied } })",
    );
    await page.locator("#finding-1 .command button").first().click();
    await expect.poll(() => copied).toEqual(["kubectl edit cronjob/backup -n database"]);
    await page.getByRole("button", { name: "Fold all" }).click();
    expect(await page.locator(".finding[open]").count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test("is printed with the filter said, and shows a hidden entry that a link leads to", async () => {
    const { page } = await open(await printed(["exposure"]));
    await page.getByRole("searchbox").fill("stripe");
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("output").isVisible()).toBe(true);
    expect(await page.locator(".tools :is(input, select, button):visible").count()).toBe(0);
    await page.emulateMedia({ media: "screen" });
    await page.locator("details.table > summary").click();
    await page.locator("details.table a").first().click();
    await expect.poll(() => page.evaluate("document.activeElement.parentElement.id")).toBe("finding-1");
    expect(await page.locator("#finding-1").isVisible()).toBe(true);
    expect(await page.locator("output").innerText()).toMatch(/^2 of /);
    await page.getByRole("searchbox").fill("");
    await page.emulateMedia({ media: "print" });
    expect(await page.locator(".tools").isVisible()).toBe(false);
  });

  test("has everything without scripts, and no buttons", async () => {
    const html = await printed(["exposure"], "developer");
    const { page, complaints } = await open(html, { javaScriptEnabled: false });
    expect(complaints).toEqual([]);
    expect(await page.locator("button:visible, input:visible, select:visible").count()).toBe(0);
    await page.locator("#finding-1 > summary").click();
    expect(await page.locator("#finding-1 .inside").innerText()).toMatch(/What holds it[\s\S]*Who reads it/i);
    await page.locator("#finding-1 .term").first().click();
    await page.locator(".topic > summary").first().click();
    expect(await page.locator(".topic .inside").first().innerText()).toMatch(/Why it matters/i);
    await page.locator("details.table > summary").click();
    expect(await page.locator("details.table tbody tr").count()).toBe(await page.locator(".timeline li").count());
  });

  test("is printed unfolded, on white, without controls", async () => {
    const { page } = await open(await printed(["exposure"], "developer"), { javaScriptEnabled: false });
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    const inside = page.locator(".finding .inside");
    for (const one of await inside.all()) expect((await one.boundingBox())?.height ?? 0).toBeGreaterThan(50);
    expect(await page.locator(".finding[open]").count()).toBe(0);
    const shades = await page.evaluate(
      "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color, getComputedStyle(document.documentElement).colorScheme]",
    );
    expect(shades).toEqual(["rgb(255, 255, 255)", "rgb(23, 27, 33)", "light"]);
    expect(await page.locator(".tools:visible, .skip:visible, .tip:visible").count()).toBe(0);
  });

  test("says how much of a large report it lists, and stays small", async () => {
    const whole = await reported(["exposure"]);
    const [first] = whole.items;
    const carriers = Array.from({ length: 80_000 }, (_, at) => ({
      ...first!.carriers[2]!,
      object: { kind: "Pod", namespace: "database", name: `run-${String(at)}`, uid: `uid-${String(at)}` },
    }));
    const many = Array.from({ length: 20_000 }, (_, at) => ({
      ...first!,
      id: String(at),
      carriers: first!.carriers.slice(0, 4),
    }));
    const html = rendered({ ...whole, items: [{ ...first!, carriers }, ...many] });
    expect(html.length).toBeLessThan(12_000_000);
    const { page } = await open(html);
    expect(await page.locator(".findings > li").count()).toBe(400);
    expect(await page.locator(".timeline li").count()).toBe(60);
    expect(await page.locator(".bounded").allInnerTexts()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^The first 60 of 20,001 credentials are drawn/),
        expect.stringMatching(/^The first 400 of 20,001 are listed\. -o json/),
      ]),
    );
    await page.locator("#finding-1 > summary").click();
    await page.locator("#finding-1 .alike > summary").first().click();
    expect(await page.locator("#finding-1 .alike li").last().innerText()).toBe("and 79,975 more");
  });
});
