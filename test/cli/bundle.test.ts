import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { temporary } from "./temporary.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");

test("the bundle that a release ships says the same as the sources, without them", { timeout: 60_000 }, async () => {
  const folder = temporary();
  await run(process.execPath, ["scripts/build.ts", join(folder, "dist")], { cwd: root });
  mkdirSync(join(folder, "bin"));
  copyFileSync(join(root, "bin/kubectl-cronaudit.js"), join(folder, "bin/kubectl-cronaudit.js"));
  const program = (at: string, args: string[]) =>
    run(process.execPath, [join(at, "bin/kubectl-cronaudit.js"), ...args], { cwd: root, maxBuffer: 1 << 26 });
  const recorded = ["-f", "examples/threat-model.jsonl"];
  for (const args of [
    ["--help"],
    ["version"],
    recorded,
    ["exposure", "-o", "yaml", ...recorded],
    ["access", ...recorded],
  ]) {
    expect(await program(folder, args), args.join(" ")).toEqual(await program(root, args));
  }
});
