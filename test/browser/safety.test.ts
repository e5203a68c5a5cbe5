import { describe, expect, test } from "vitest";
import type { Report } from "../../src/model/report.ts";
import { safe } from "../../src/output/text.ts";
import { hostile, made } from "./hostile.ts";
import { missing, printed, rendered, reported, useBrowser } from "./pages.ts";

const reports = [
  ...[[], ["exposure"], ["exposure", "--by", "carrier"], ["exposure", "--by", "reader"], ["stale"], ["access"]],
  ...[["access", "sa/backup", "-n", "database"], ["replay"], ["cleanup"]],
];

describe.skipIf(missing !== null)("a page", () => {
  const open = useBrowser();

  test.each(reports.map((args) => ({ name: args.join(" ") || "the triage", args })))(
    "of $name says nothing to the console and asks for nothing",
    async ({ args }) => {
      const { page, complaints } = await open(await printed(args));
      await unfold(page);
      await page.waitForTimeout(20);
      expect(complaints).toEqual([]);
      expect(await page.locator("h1").count()).toBe(1);
    },
  );

  test("with blind spots begins with them", async () => {
    const { page, complaints } = await open(await printed(["exposure"], "developer"));
    expect(complaints).toEqual([]);
    const headings = await page.locator("h1, h2").allInnerTexts();
    expect(headings.slice(0, 2)).toEqual(["Credential exposure", "What could not be seen"]);
    expect(await page.locator(".truth").innerText()).toMatch(
      /Incomplete: [\s\S]*cronjobs across the cluster[\s\S]*To see it: /,
    );
    expect(await page.locator("header .state").innerText()).toBe("incomplete");
  });

  test("may do nothing that its policy does not name", async () => {
    const html = await printed(["access"]);
    const intruder = `<img src="http://127.0.0.1:9/x.png"><link rel="stylesheet" href="http://127.0.0.1:9/x.css">
      <script>document.title = "taken"</script><script src="http://127.0.0.1:9/x.js"></script>
      <p id="p" style="color: red" onclick="document.title = 'taken'">p</p><iframe src="http://127.0.0.1:9/"></iframe>
      <style>body { display: none }</style><form id="f" action="http://127.0.0.1:9/"></form><base href="http://127.0.0.1:9/">`;
    const { page, complaints } = await open(html.replace("</main>", `${intruder}</main>`));
    await page.locator("#p").click();
    expect(await page.title()).toContain("Secret access of workloads");
    // What looks for intruders in the next test sees these.
    const found = (await page.evaluate(intruders)) as { elements: string[]; attributes: string[] };
    expect(found.elements).toEqual(expect.arrayContaining(["IMG", "LINK", "IFRAME", "BASE"]));
    expect(found.attributes.join("\n")).toMatch(/^onclick=/m);
    await page.evaluate("document.querySelector('#f').submit()");
    await expect.poll(() => complaints.some((one) => one.includes("form-action"))).toBe(true);
    expect(complaints.filter((one) => one.startsWith("request"))).toEqual([]);
    for (const blocked of [
      "x.css",
      "x.png",
      "inline script",
      "x.js",
      "inline style",
      "event handler",
      "base URI",
      "Framing",
      "form data",
    ]) {
      const told = complaints.filter((one) => one.includes("Content Security Policy") && one.includes(blocked));
      expect(told.length, blocked).toBeGreaterThan(0);
    }
  });

  test("shows hostile names as text, whole and with what is invisible written out", async () => {
    const whole = await reported(["exposure"]);
    const { report, used } = made({ ...whole, items: whole.items.slice(0, 8) });
    expect([...used]).toHaveLength(hostile.length);
    const { page, complaints } = await open(rendered(report));
    await unfold(page);
    await page.waitForTimeout(50);
    expect(complaints).toEqual([]);
    expect(await page.title()).not.toBe("taken");
    const text = (await page.evaluate("document.body.textContent")) as string;
    for (const name of hostile) expect(text.includes(safe(name)), name.slice(0, 60)).toBe(true);
    const found = await page.evaluate(intruders);
    expect(found).toEqual({ elements: [], attributes: [], invisible: false, ids: [], wide: false });
  });

  const spot = { verb: "list", group: "", resource: "secrets", namespace: "a", except: [], reason: "No", message: "m" };
  test.each(reports.map((args) => ({ name: args.join(" ") || "the triage", args })))(
    "of $name shows hostile names as text, in its blind spots and the program's name as well",
    async ({ args }) => {
      const whole = await reported<Report>(args);
      const seen = { complete: false, blindSpots: [{ ...spot, blinds: ["which"] }] };
      const { report } = made({ ...whole, ...seen, items: whole.items.slice(0, 4) } as Report);
      const { page, complaints } = await open(rendered(report, hostile[0]));
      await unfold(page);
      expect(complaints).toEqual([]);
      const text = (await page.evaluate("document.body.textContent")) as string;
      for (const name of [report.metadata.cluster.server, report.metadata.user!, report.blindSpots[0]!.resource]) {
        expect(text.includes(safe(name)), name.slice(0, 60)).toBe(true);
      }
      const found = await page.evaluate(intruders);
      expect(found).toEqual({ elements: [], attributes: [], invisible: false, ids: [], wide: false });
    },
  );
});

/** What only a name could have brought in. */
const intruders = `(() => {
  const all = [...document.querySelectorAll("*")];
  const known = new Set("HTML HEAD META TITLE STYLE BODY A HEADER DIV H1 SPAN DL DT DD TIME MAIN SECTION H2 H3 H4 P UL LI B OL SVG DEFS PATTERN RECT G TEXT LINE CODE DETAILS SUMMARY TABLE CAPTION THEAD TBODY TR TH TD FORM LABEL INPUT SELECT OPTION BUTTON OUTPUT FOOTER SCRIPT PRE".split(" "));
  return {
    elements: all.filter((e) => !known.has(e.tagName.toUpperCase())).map((e) => e.tagName),
    attributes: all.flatMap((e) => [...e.attributes]).filter((a) => /^on|^style$|^src$|^autofocus$/.test(a.name) || (a.name === "href" && !a.value.startsWith("#"))).map((a) => a.name + "=" + a.value),
    invisible: /[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u200b-\\u200f\\u202a-\\u202e\\u2066-\\u2069]/.test(document.documentElement.outerHTML),
    ids: all.map((e) => e.id + " " + (e.getAttribute("class") ?? "")).filter((one) => !/^[A-Za-z0-9 -]*$/.test(one)),
    wide: document.documentElement.scrollWidth > innerWidth,
  };
})()`;

async function unfold(page: { evaluate(code: string): Promise<unknown> }): Promise<void> {
  await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
}
