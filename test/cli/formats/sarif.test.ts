import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import * as addFormats from "ajv-formats";
import fc from "fast-check";
import { expect, test } from "vitest";
import { topicOf } from "../../../src/explain/index.ts";
import { findingsOf } from "../../../src/output/sarif/findings.ts";
import { HOME } from "../../../src/output/sarif/rules.ts";
import { run } from "../run.ts";
import { temporary } from "../temporary.ts";
import { FILES, hostileTexts, printed, renamed, reportOf, VERBS, written } from "./reports.ts";

interface Result {
  ruleId: string;
  ruleIndex: number;
  kind: string;
  level: string;
  message: { text: string };
  locations: { physicalLocation: { artifactLocation: { uri: string } } }[];
  partialFingerprints: Record<string, string>;
  suppressions?: { kind: string; status: string; justification: string }[];
  properties: Record<string, unknown>;
}
interface Rule {
  id: string;
  helpUri: string;
  help: { text: string };
  properties: Record<string, unknown>;
}
interface Run {
  tool: { driver: { rules: Rule[] } };
  automationDetails: { id: string };
  invocations: {
    executionSuccessful: boolean;
    toolExecutionNotifications: { level: string; message: { text: string } }[];
  }[];
  results: Result[];
}

const verbs = VERBS.filter(([verb]) => verb !== "cleanup");
const cases = FILES.flatMap((file) => verbs.map((verb) => ({ file, verb, of: file.split("/").at(-1)! })));
const modules = createRequire(createRequire(import.meta.url).resolve("@microsoft/sarif-multitool/package.json"));
const hasTool = process.platform === "linux" && process.arch === "x64";
const tool = hasTool ? dirname(modules.resolve("@microsoft/sarif-multitool-linux/package.json")) : "";

const published = hasTool
  ? (() => {
      const ajv = new Ajv2020({ strict: false, allErrors: true });
      (addFormats.default as unknown as (ajv: Ajv2020) => void)(ajv);
      return ajv.compile(JSON.parse(readFileSync(join(tool, "sarif-2.1.0.json"), "utf8")) as object);
    })()
  : null;

function runOf(text: string): Run {
  const log = JSON.parse(text) as { version: string; runs: Run[] };
  expect(log).toMatchObject({ version: "2.1.0" });
  expect(log.runs).toHaveLength(1);
  if (published !== null && !published(log)) expect.fail(JSON.stringify(published.errors?.slice(0, 5), null, 2));
  return log.runs[0]!;
}

test.each(cases)("keeps to the published schema, with a rule for each result: $verb of $of", async ({ verb, file }) => {
  const { results, tool: by, automationDetails } = runOf(await printed(verb, file, "sarif"));
  expect(results).toHaveLength([...findingsOf(await reportOf(verb, file))].length);
  for (const { ruleId, ruleIndex, kind, level, locations, message } of results) {
    expect(by.driver.rules[ruleIndex]).toMatchObject({ id: ruleId });
    expect(level === "none").toBe(kind === "open");
    expect(locations).toHaveLength(1);
    expect(message.text).toMatch(/[.!?]$/);
  }
  const fingerprints = results.map((result) => result.partialFingerprints["cronaudit/v1"]);
  expect(new Set(fingerprints).size).toBe(fingerprints.length);
  expect(automationDetails.id).toMatch(/^cronaudit\/\w+Report\/[^/]+\/(?:[^/]+\/)?$/);
});

test.skipIf(!hasTool)(
  "Microsoft's validator finds neither an error nor a warning, its rules for GitHub included",
  { timeout: 120_000 },
  async () => {
    const folder = temporary();
    const program = join(folder, "Sarif.Multitool");
    copyFileSync(join(tool, "Sarif.Multitool"), program);
    chmodSync(program, 0o755);
    for (const [index, { verb, file }] of [
      cases[0]!,
      cases[1]!,
      cases.find(({ verb }) => verb[0] === "replay")!,
    ].entries()) {
      writeFileSync(join(folder, `${String(index)}.sarif`), await printed(verb, file, "sarif"));
    }
    const ignored = await run([
      "exposure",
      "-f",
      "ignored.yaml",
      "--rules",
      "rules.yaml",
      "--show-ignored",
      "-o",
      "sarif",
    ]);
    writeFileSync(join(folder, "ignored.sarif"), ignored.stdout);
    // The validator does find what is wrong.
    const broken = (await printed([], "database.yaml", "sarif")).replaceAll('"startLine": 1', '"startLine": 0');
    writeFileSync(join(folder, "broken.sarif"), broken);
    const { stdout } = spawnSync(program, ["validate", join(folder, "*.sarif"), "--rule-kind", "Sarif;Ghas"], {
      encoding: "utf8",
    });
    expect(stdout).toMatch(/Done\. \d+ files scanned/);
    const complaints = stdout.split("\n").filter((line) => /: (?:error|warning) /.test(line));
    expect(complaints.filter((line) => !line.includes("broken.sarif"))).toEqual([]);
    expect(complaints).not.toEqual([]);
  },
);

test("two captures of the same have the same fingerprints, and values have no part in them", async () => {
  const key = ["--fingerprint-key", "fingerprint.key"];
  const first = runOf(await printed(["exposure"], "database.yaml", "sarif"));
  const again = runOf(await printed(["exposure"], "database.yaml", "sarif", ...key));
  const of = ({ results }: Run): unknown[] => results.map(({ partialFingerprints }) => partialFingerprints);
  expect(of(again)).toEqual(of(first));
  expect(of(first)).not.toEqual([]);
  expect(again.automationDetails).toEqual(first.automationDetails);
});

test("a later capture has the same fingerprints and the same place for its alerts", async () => {
  for (const verb of verbs) {
    const [first, later] = await Promise.all(
      ["2026-11-22T05:41:09Z", "2026-11-22T05:59:40Z"].map(async (now) =>
        runOf((await run([...verb, "-f", "database.yaml", "-o", "sarif"], { now })).stdout),
      ),
    );
    const of = ({ results }: Run): unknown[] => results.map(({ partialFingerprints }) => partialFingerprints).sort();
    expect(of(later!), verb.join(" ")).toEqual(of(first!));
    expect(later!.automationDetails).toEqual(first!.automationDetails);
  }
});

test("a run over some namespaces does not close the alerts of another", async () => {
  const ids = await Promise.all(
    [[], ["-n", "database"], ["-n", "payments"]].map(
      async (more) => runOf(await printed(["stale"], "whole.jsonl", "sarif", ...more)).automationDetails.id,
    ),
  );
  const [whole = "", database = "", payments = ""] = ids;
  expect(whole).toMatch(/^cronaudit\/StaleReport\/[^/]+\/$/);
  expect([database, payments]).toEqual([`${whole}database/`, `${whole}payments/`]);
});

test("a message says nothing twice", async () => {
  for (const { message } of runOf(await printed(["stale"], FILES[0]!, "sarif")).results) {
    const sentences = message.text.split(/(?:: |\. )/);
    expect(new Set(sentences.map((each) => each.replace(/\.$/, ""))).size, message.text).toBe(sentences.length);
  }
});

test("severities are levels and scores, by which viewers sort", async () => {
  const { results, tool: by } = runOf(await printed(["exposure"], "database.yaml", "sarif"));
  const report = await reportOf(["exposure"], "database.yaml");
  for (const [index, { ruleIndex, level, properties }] of results.entries()) {
    const { severity } = report.items[index] as { severity: string };
    expect(properties["severity"]).toBe(severity);
    const score = Number(by.driver.rules[ruleIndex]!.properties["security-severity"]);
    // GitHub's bounds: over 9 is critical, from 7 high, from 4 medium.
    expect(score > 9 ? "critical" : score >= 7 ? "high" : score >= 4 ? "medium" : score >= 1 ? "low" : "info").toBe(
      severity,
    );
    expect(level).toBe(score >= 7 ? "error" : score >= 4 ? "warning" : "note");
  }
});

test("what was not seen is a notification, so that no results are not taken for none", async () => {
  const { stdout, exit } = await run(["exposure", "-f", "partial.jsonl", "-o", "sarif"]);
  const [invocation] = runOf(stdout).invocations;
  expect(exit).toBe(3);
  expect(invocation!.executionSuccessful).toBe(true);
  const warnings = invocation!.toolExecutionNotifications.filter(({ level }) => level === "warning");
  expect(warnings.some(({ message }) => message.text.startsWith("Not seen: "))).toBe(true);
});

test("what is ignored is suppressed, and what only an annotation ignores is under review", async () => {
  const more = ["--rules", "rules.yaml", "--show-ignored"];
  const { results } = runOf(await printed(["exposure"], "ignored.yaml", "sarif", ...more));
  const ignored = (await reportOf(["exposure"], "ignored.yaml", ...more)).items as {
    ignored?: { confirmed: boolean };
  }[];
  expect(ignored.some((item) => item.ignored !== undefined)).toBe(true);
  for (const [index, { suppressions }] of results.entries()) {
    const because = ignored[index]!.ignored;
    const status = because === undefined ? [] : [because.confirmed ? "accepted" : "underReview"];
    expect(suppressions!.map((one) => one.status)).toEqual(status);
  }
});

test("rules say what explain says, and lead to the page with it", async () => {
  const manifest = readFileSync(join(import.meta.dirname, "../../../krew-manifest.yaml"), "utf8");
  expect(manifest).toContain(`homepage: ${HOME}\n`);
  for (const verb of verbs) {
    for (const { id, help, helpUri } of runOf(await printed(verb, FILES[0]!, "sarif")).tool.driver.rules) {
      const topic = topicOf(id.split(":")[0]!);
      const [, page = "", anchor] = /\/docs\/([\w-]+\.md)(?:#(.+))?$/.exec(helpUri) ?? [];
      const text = readFileSync(join(import.meta.dirname, "../../../docs", page), "utf8");
      if (topic === null) expect(id).toMatch(/^exposed-credential:/);
      else {
        for (const line of topic.fix) expect(help.text).toContain(line);
        expect(anchor, id).toBe(topic.id);
        expect(text, id).toContain(`## ${topic.id}\n`);
      }
    }
  }
});

test("names lead out of no folder and make no link, whatever they are", async () => {
  for (const verb of [["exposure"], ["stale"], []]) {
    const report = await reportOf(verb, "database.yaml");
    await fc.assert(
      fc.asyncProperty(hostileTexts, async (texts) => {
        const { results } = runOf(await written(renamed(report, texts), "sarif", { topic: topicOf }));
        expect(results).toHaveLength([...findingsOf(report)].length);
        for (const { locations, message } of results) {
          const { uri } = locations[0]!.physicalLocation.artifactLocation;
          const base = "https://host.test/folder/";
          expect(new URL(uri, base).href.startsWith(base)).toBe(true);
          expect(uri).toMatch(/^[^/]+\/[a-z]+\/[^/]+\.yaml$/);
          expect(message.text.replaceAll(/\\[\\[\]]/g, "")).not.toMatch(/[[\]]/);
          expect(message.text.replaceAll(/\{\{|\}\}/g, "")).not.toMatch(/[{}]/);
          expect(message.text).not.toMatch(/[\u0000-\u001f\u202a-\u202e]/);
        }
      }),
      { numRuns: 15 },
    );
  }
});
