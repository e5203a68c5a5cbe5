import { expect, test } from "vitest";
import { parse } from "yaml";
import type { ExplainReport } from "../../../src/model/topic.ts";
import { run } from "../../cli/run.ts";
import { schemaErrors } from "../../schema.ts";

test("json keeps to its published schema, yaml is the same, and name is one id a line", async () => {
  const [json, yaml, name] = await Promise.all(
    ["json", "yaml", "name"].map((format) => run(["explain", "-o", format])),
  );
  const report = JSON.parse(json!.stdout) as ExplainReport;
  expect(report.items.length).toBeGreaterThan(150);
  expect(schemaErrors(report)).toEqual([]);
  expect(parse(yaml!.stdout)).toEqual(report);
  expect(name!.stdout.trimEnd().split("\n")).toEqual(report.items.map(({ id }) => id));
});

test("every id can be asked for at once, and is printed once however often it is named", async () => {
  const { stdout } = await run(["explain", "-o", "name"]);
  const ids = stdout.trimEnd().split("\n");
  expect((await run(["explain", ...ids, "-o", "name"])).stdout).toBe(stdout);
  expect((await run(["explain", "1", "completed-pod", "COMPLETED_POD", "-o", "name"])).stdout).toBe("completed-pod\n");
});

test.each(["\u001b[31mred", "a\u202eb", "<img onerror=x>", "x".repeat(10_000), "..", "constructor"])(
  "a word that is hostile means nothing and stays text: %j",
  async (word) => {
    const { stdout, stderr, exit } = await run(["explain", "hung", word]);
    expect({ stdout, exit }).toEqual({ stdout: "", exit: 2 });
    expect(stderr).toContain("error: nothing is called");
    expect(stderr).not.toMatch(/[\u001b\u202e]/);
  },
);
