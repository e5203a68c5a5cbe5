import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import type { ExposureReport, Report } from "../../src/model/report.ts";
import { page } from "../../src/output/html/index.ts";
import { topicOf } from "../../src/explain/index.ts";
import { run } from "../cli/run.ts";
import { sayNotRun } from "../control-plane/not-run.ts";
import { findBrowser, launch } from "./browser.ts";

const executable = findBrowser();

/** Why nothing is opened here; null where a browser is there. */
export const missing = executable === null ? "no chromium in PATH (npm run set-up)" : null;
if (missing !== null) sayNotRun(`no page was opened in a browser: ${missing}`);

const examples = join(import.meta.dirname, "../../examples");

/** What the program prints as -o html for recorded evidence. */
export async function printed(args: readonly string[], evidence = "threat-model"): Promise<string> {
  const { stdout, stderr } = await run([...args, "-f", join(examples, `${evidence}.jsonl`), "-o", "html"]);
  if (!stdout.startsWith("<!DOCTYPE html>")) throw new Error(`no page: ${stderr}`);
  // Where the clone stands must not change what a page looks like.
  return stdout.replaceAll(examples, "examples");
}

/** A report of recorded evidence. */
export async function reported<R extends Report = ExposureReport>(
  args: readonly string[],
  evidence = "threat-model",
): Promise<R> {
  const { stdout } = await run([...args, "-f", join(examples, `${evidence}.jsonl`), "-o", "json"]);
  return JSON.parse(stdout) as R;
}

/** The page of a report that need not come from a cluster. */
export function rendered(report: Report, program = "kubectl cronaudit"): string {
  const options = { width: 100, color: false, headers: true, details: false, live: true, program };
  return [...page(report, { ...options, topic: topicOf, command: (args) => `${program} ${args}`.trim() })].join("");
}

/** An open page, and what it did that it must not. */
export interface Opened {
  page: Page;
  /** Console messages, script errors and requests to anywhere. */
  complaints: string[];
}

/** Starts a browser for a file of tests; gives what opens a page in a profile of its own, which ends with the test. */
export function useBrowser(): (html: string, options?: BrowserContextOptions) => Promise<Opened> {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch(executable!);
  });
  afterAll(() => browser.close());
  return async (html, options = {}) => {
    const context = await browser.newContext({
      viewport: { width: 1000, height: 900 },
      reducedMotion: "reduce",
      serviceWorkers: "block",
      ...options,
    });
    onTestFinished(() => context.close());
    const opened = await context.newPage();
    const complaints: string[] = [];
    opened.on("console", (message) => complaints.push(`console: ${message.text()}`));
    opened.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
    await context.route("**/*", async (route) => {
      const url = route.request().url();
      if (url === address) return route.fulfill({ contentType: "text/html; charset=utf-8", body: html });
      complaints.push(`request: ${url}`);
      return route.abort();
    });
    // An address that only the route above answers: unlike about:blank, it has an origin that could load something.
    await opened.goto(address);
    return { page: opened, complaints };
  };
}

const address = "http://page.test/report.html";

/** The text of an installed file, such as a script for a page. */
export function installed(file: string): string {
  return readFileSync(join(import.meta.dirname, "../../node_modules", file), "utf8");
}
