import { execFile } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openCanaries } from "../../../../src/scenarios/lab/canary.ts";
import { reportOf, ROTATE } from "../../../../src/scenarios/labs/rotation-script.ts";

const run = promisify(execFile);
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cronaudit-script-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs the script alone, with a kubectl that is played: its write is answered with these words. */
async function refusedFor(said: string): Promise<string | undefined> {
  const kubectl = `#!/bin/sh
case "$1 $2" in
  "get secret") printf '1 %s' "$(printf old | base64)";;
  "get configmap") echo run-a.read;;
  "patch secret") printf '%s\\n' '${said}' >&2; exit 1;;
esac
`;
  await writeFile(join(folder, "kubectl"), kubectl);
  await chmod(join(folder, "kubectl"), 0o755);
  const script = ROTATE.replaceAll("/dev/termination-log", join(folder, "words")).replace(/until_two read \d+/, ":");
  const hashing = openCanaries()
    .mint()
    .hashing.map(({ name, value }) => [name, value]);
  const names = { RUN: "run-a", SECRET: "t-password", BARRIER: "b", LOCKED: "yes" };
  const env = { ...names, ...Object.fromEntries(hashing), PATH: `${folder}:${process.env["PATH"] ?? ""}` };
  await run("sh", ["-c", script], { env: env as NodeJS.ProcessEnv });
  return reportOf(await readFile(join(folder, "words"), "utf8"))?.refused;
}

const conflict = 'Operation cannot be fulfilled on secrets "t-password": the object has been modified';

test.each([
  [`Error from server (Conflict): ${conflict}`, "Conflict"],
  ["Error from server (Conflict): the server reported a conflict (patch secrets t-password)", "Unknown"],
  [`Error from server (Conflict): ${conflict.replace("t-password", "other")}`, "Unknown"],
  ['Error from server (Forbidden): secrets "t-password" is forbidden', "Forbidden"],
  ["Unable to connect to the server", "Unabletoconnecttotheserver"],
])("of kubectl's %j the reason is %s", async (said, reason) => {
  expect(await refusedFor(said)).toBe(reason);
});
