import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..", "..", "..");
let bin: string;
beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), "cronaudit-path-"));
  symlinkSync(process.execPath, join(bin, "node"));
});
afterEach(() => rmSync(bin, { recursive: true, force: true }));

interface Report {
  success: boolean;
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
}

/** Runs every test that needs the control plane, or those of these files, as on a machine whose PATH is only `bin`. */
async function runClusterSuite(...files: string[]): Promise<{ report: Report; stderr: string; stdout: string }> {
  const output = join(bin, "report.json");
  const reporters = ["--reporter=verbose", "--reporter=json", `--outputFile.json=${output}`];
  const args = [join(root, "node_modules/vitest/vitest.mjs"), "run", "--project", "cluster", ...files];
  const { stderr, stdout } = await run(process.execPath, [...args, ...reporters], {
    cwd: root,
    env: { PATH: bin, HOME: bin, NO_COLOR: "1" },
    maxBuffer: 64 * 1024 * 1024,
  });
  return { report: (await import(output, { with: { type: "json" } })).default as Report, stderr, stdout };
}

test("without Go the cluster suite is counted as skipped, and says why", { timeout: 300_000 }, async () => {
  const { report, stderr, stdout } = await runClusterSuite();
  expect(report).toMatchObject({ success: true, numPassedTests: 0, numFailedTests: 0 });
  expect(report.numPendingTests).toBeGreaterThan(150);
  expect(stderr).toContain("control plane: NOT RUN:");
  expect(stderr).toContain("needs Go 1.26 or later, but there is no go in PATH");
  expect(stdout).toContain("there is no go in PATH");
});

test("an older Go is named", { timeout: 120_000 }, async () => {
  writeFileSync(join(bin, "go"), "#!/bin/sh\necho go version go1.24.4 linux/amd64\n");
  chmodSync(join(bin, "go"), 0o755);
  const { report, stderr } = await runClusterSuite("test/cluster/plane.test.ts");
  expect(report).toMatchObject({ success: true, numPassedTests: 0, numFailedTests: 0 });
  expect(stderr).toContain("needs Go 1.26 or later, but this is `go version go1.24.4 linux/amd64`");
});
