import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { CleanupPlan } from "../../src/model/report.ts";
import { holdOf, resultOf } from "./deeds.ts";
import { installed, missing, printed, rendered, reported, useBrowser } from "./pages.ts";

interface AxeResults {
  violations: { id: string; impact: string; nodes: { target: string[]; failureSummary: string }[] }[];
  passes: unknown[];
}

const everywhere = [400, 1000, 1600].flatMap((width) =>
  (["light", "dark"] as const).map((colorScheme) => ({ width, colorScheme, unfold: "" })),
);
// Unfolded, a page shows all the colours and kinds of parts that it has.
const unfolded = (unfold: string) =>
  [
    { width: 400, colorScheme: "light", unfold },
    { width: 1000, colorScheme: "dark", unfold },
  ] as const;
const opened = unfolded("details");
/** Entries that are alike are looked at once: the check is slow on a page this long. */
const someOpened = unfolded("details.table, #finding-1, #finding-1 details, #finding-5, #term-1");

const pages = [
  { name: "exposure", args: ["exposure"], evidence: "threat-model", looks: [...everywhere, ...someOpened] },
  { name: "exposure with blind spots", args: ["exposure"], evidence: "developer", looks: opened },
  { name: "the triage", args: [], evidence: "threat-model", looks: opened },
  { name: "access", args: ["access"], evidence: "threat-model", looks: opened },
  { name: "replay", args: ["replay"], evidence: "threat-model", looks: opened },
  { name: "stale", args: ["stale"], evidence: "threat-model", looks: opened },
  { name: "readers", args: ["access", "--secret", "database/db-admin"], evidence: "threat-model", looks: opened },
  { name: "a plan of cleanup", args: ["cleanup"], evidence: "threat-model", looks: opened },
];

/** A test for each: many in one would take longer than a test may on a busy machine. */
const cases = pages.flatMap(({ looks, ...what }) => looks.map((look) => ({ ...what, ...look })));

describe.skipIf(missing !== null)("axe", () => {
  const open = useBrowser();
  const axe = missing === null ? installed("axe-core/axe.min.js") : "";
  const run = async (page: Page): Promise<AxeResults> =>
    (await page.evaluate("axe.run({ resultTypes: ['violations'] })")) as AxeResults;

  test.each(cases)("finds nothing at all in $name at $width px, $colorScheme, unfolded: '$unfold'", async (one) => {
    const { args, evidence, width, colorScheme, unfold } = one;
    const { page } = await open(await printed(args, evidence), { viewport: { width, height: 900 }, colorScheme });
    await page.evaluate(axe);
    if (unfold !== "") await page.evaluate(`for (const e of document.querySelectorAll("${unfold}")) e.open = true`);
    const { violations, passes } = await run(page);
    expect(passes.length).toBeGreaterThan(15);
    expect(violations.map(({ id, nodes }) => [id, nodes[0]])).toEqual([]);
  });

  test.each([
    ["of a cleanup", resultOf],
    ["of a hold", holdOf],
  ])("finds nothing in the result %s", async (_, deed) => {
    const report = deed(await reported<CleanupPlan>(["cleanup"]));
    const { page, complaints } = await open(rendered(report), { viewport: { width: 400, height: 900 } });
    await page.evaluate(axe);
    expect((await run(page)).violations.map(({ id, nodes }) => [id, nodes[0]])).toEqual([]);
    expect(await page.locator("tbody tr").count()).toBe(report.items.length);
    expect(await page.locator("td b").filter({ hasText: "forbidden" }).count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test("would find a picture without words and text without contrast", async () => {
    const { page } = await open(
      (await printed(["access"])).replace(
        "<main",
        `<p class="quiet"><svg role="img" width="9" height="9"></svg></p><main`,
      ),
    );
    await page.evaluate("document.documentElement.style.setProperty('--quiet', '#bbbbbb')");
    await page.evaluate(axe);
    const { violations } = await run(page);
    expect(violations.map(({ id }) => id)).toEqual(expect.arrayContaining(["color-contrast", "svg-img-alt"]));
  });
});
