import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TARGETS } from "../../scripts/release/targets.ts";
import { sayNotRun } from "../control-plane/not-run.ts";
import { here, MAKING, unpacked } from "./built.ts";
import { start, startClone, withoutName, type Result } from "./started.ts";

const EMULATOR = "qemu-aarch64";
/** Where Debian's cross packages put the libraries that Node is linked with. */
const LIBRARIES = "/usr/aarch64-linux-gnu";

const target = TARGETS.find(({ os, arch }) => os === "linux" && arch === "arm64")!;
const isInPath = (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, EMULATOR)));
const isInstalled = isInPath && existsSync(join(LIBRARIES, "lib", "libatomic.so.1"));
// On such a machine the other tests start it without an emulator.
const isNeeded = here !== target;
if (isNeeded && !isInstalled)
  sayNotRun(
    `the executable for linux/arm64 was not started: ${EMULATOR} and its libraries are missing; on Debian \`npm run set-up -- arm64\`, as root, installs them`,
  );

let folder: string;
let program: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cronaudit-emulated-"));
  if (isNeeded && isInstalled) program = await unpacked(folder, target);
}, MAKING);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const emulated = (...args: string[]): Promise<Result> => start(folder, EMULATOR, ["-L", LIBRARIES, program, ...args]);

describe.skipIf(!isNeeded || !isInstalled)("the executable for linux/arm64, emulated", () => {
  test("runs on the Node of that platform that is in it", async () => {
    const { status, stdout } = await emulated("version", "-o", "json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ node: process.versions.node, platform: "linux/arm64" });
  });

  const file = ["-f", resolve("examples/threat-model.jsonl")];
  test.each([
    ["the triage", file],
    ["a report", ["exposure", ...file, "-o", "json"]],
    ["the adversaries", ["replay", ...file]],
    ["a page", ["exposure", ...file, "-o", "html"]],
    ["a plan", ["cleanup", ...file]],
    ["a gate that is not met", ["exposure", ...file, "--fail-on", "low", "-o", "name"]],
    ["a usage error", ["exposure", "--no-such-flag"]],
    ["words to complete", ["__complete", "exposure", ...file, "-n", ""]],
  ])("%s is what the clone gives", async (_, args) => {
    const [one, other] = await Promise.all([emulated(...args), startClone(folder, args, { _: program })]);
    expect(withoutName(one)).toEqual(withoutName(other));
    expect(one.stdout + one.stderr).not.toBe("");
  });
});
