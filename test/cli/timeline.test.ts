import { expect, test } from "vitest";
import { width } from "../../src/output/width.ts";
import { run } from "./run.ts";

const files = ["database.yaml", "pods-only.json", "hostile.json", "some-jobs.yaml"];
const cases = files.flatMap((file) => [40, 60, 61, 100, 200].map((terminal) => ({ file, terminal })));

test.each(cases)(
  "a timeline of $file keeps within $terminal columns and shows no value",
  async ({ file, terminal }) => {
    const { stdout, exit } = await run(["exposure", "-f", file, "--timeline", "--all", "--color", "never"], {
      terminal,
    });
    expect([0, 3]).toContain(exit);
    // A command to paste is not broken.
    for (const line of stdout.split("\n").filter((each) => !/^Next: |: kubectl cronaudit /.test(each))) {
      expect(width(line), line).toBeLessThanOrEqual(terminal);
    }
    expect(stdout).not.toMatch(/kX9-canary/);
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e]/);
  },
);

test("a timeline has a bar for each line of the table", async () => {
  for (const format of ["table", "wide"]) {
    const table = await run(["exposure", "-f", "pods-only.json", "--all", "-o", format, "--no-headers"]);
    const drawn = await run(["exposure", "-f", "pods-only.json", "--all", "-o", format, "--no-headers", "--timeline"]);
    const bars = drawn.stdout.split("\n").filter((line) => /│[▒┤≤≥→?›]/.test(line));
    expect(bars.length).toBeGreaterThan(0);
    expect(bars).toHaveLength(table.stdout.trimEnd().split("\n").length);
  }
});

test.each(["json", "yaml", "name"])("-o %s and --timeline contradict each other", async (format) => {
  const { stdout, stderr, exit } = await run(["exposure", "-f", "database.yaml", "--timeline", "-o", format]);
  expect({ stdout, exit }).toEqual({ stdout: "", exit: 2 });
  expect(stderr).toContain("--timeline draws for people");
});
