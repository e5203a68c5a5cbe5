import { beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { schemaErrors } from "../schema.ts";
import { run } from "./run.ts";

const files = ["database.yaml", "pods-only.json", "hostile.json"];
const verbs: [string, string][] = [
  ["", "TriageReport"],
  ["exposure", "ExposureReport"],
  ["stale", "StaleReport"],
  ["access", "AccessReport"],
  ["replay", "ReplayReport"],
  ["cleanup", "CleanupPlan"],
];
const cases = files.flatMap((file) => verbs.map(([verb, kind]) => ({ file, verb, kind })));

test.each(cases)("-o json keeps to the schema: $verb of $file", async ({ file, verb, kind }) => {
  const { stdout } = await run([...(verb === "" ? [] : [verb]), "-ojson", "-f", file]);
  const report = JSON.parse(stdout) as { kind: string };
  expect(schemaErrors(report)).toEqual([]);
  expect(report).toMatchObject({ apiVersion: "cronaudit/v1", kind });
});

test("version keeps to its schema", async () => {
  const report = JSON.parse((await run(["version", "-ojson"])).stdout) as { kind: string };
  expect(report.kind).toBe("VersionReport");
  expect(schemaErrors(report)).toEqual([]);
});

const snapshots = new Map<string, string>();
beforeAll(async () => {
  for (const file of files) snapshots.set(file, (await run(["snapshot", "--plain", "-f", file])).stdout);
});

test.each(cases)("yaml says the same as json, and two runs the same bytes: $verb of $file", async ({ file, verb }) => {
  const again = async (argv: string[]): ReturnType<typeof run> =>
    run([...(verb === "" ? [] : [verb]), "-f", "-", ...argv], { stdin: snapshots.get(file)! });
  const json = await again(["-ojson"]);
  const yaml = await again(["-oyaml"]);
  expect(parse(yaml.stdout)).toEqual(JSON.parse(json.stdout));
  expect(parse(yaml.stdout, { version: "1.1" })).toEqual(JSON.parse(json.stdout));
  expect(await again(["-ojson"])).toEqual(json);
  expect(await again(["-oyaml"])).toEqual(yaml);
});

/** Every format, with templates that print all there is. */
const every = [
  ...["table", "wide", "json", "yaml", "name", "csv", "markdown", "html", "sarif"],
  ...["jsonpath={@}", "jsonpath={..name}{..because}", "jsonpath-as-json={@}"],
  "custom-columns=A:.*,B:..name,C:..path",
];

test.each(cases)(
  "no value and nothing that steers a terminal in any format: $verb of $file",
  async ({ file, verb }) => {
    for (const format of verb === "cleanup" ? every.filter((one) => one !== "sarif") : every) {
      const { stdout, stderr, exit } = await run([...(verb === "" ? [] : [verb]), "-f", file, "-o", format, "-v", "9"]);
      expect([0, 3], `${format}: ${stderr}`).toContain(exit);
      expect(stdout + stderr).not.toMatch(/kX9-canary/);
      // The lines of CSV end as RFC 4180 has it.
      const shown = (format === "csv" ? stdout.replaceAll("\r\n", "\n") : stdout) + stderr;
      expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e]/);
    }
  },
);

test("a terminal as narrow as 100 columns is not exceeded by a table of ordinary names", async () => {
  for (const [verb] of verbs) {
    const { stdout } = await run([...(verb === "" ? [] : [verb]), "-f", "database.yaml", "--color", "never"], {
      terminal: 100,
    });
    const rows = stdout.split("\n").filter((line) => / {3}/.test(line));
    expect(rows.length).toBeGreaterThan(1);
    expect(Math.max(...rows.map((line) => line.length))).toBeLessThanOrEqual(100);
  }
});
