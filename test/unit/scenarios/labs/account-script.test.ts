import { execFile } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openCanaries } from "../../../../src/scenarios/lab/canary.ts";
import { reportLines } from "../../../../src/scenarios/lab/container-report.ts";
import { accountScript } from "../../../../src/scenarios/labs/account-script.ts";
import { place } from "./stage.ts";

const run = promisify(execFile);
const { mint, fingerprint } = openCanaries();
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cronaudit-script-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs the script with a kubectl that is played by a shell script, and its files in the folder. */
async function play(kubectl: string): Promise<Record<string, unknown>[]> {
  await writeFile(join(folder, "kubectl"), `#!/bin/sh\n${kubectl}\n`);
  await chmod(join(folder, "kubectl"), 0o755);
  await writeFile(join(folder, "token"), "");
  const script = accountScript(place, { name: "t" })
    .replaceAll("/dev/termination-log", join(folder, "words"))
    .replaceAll("/tmp/said", join(folder, "said"))
    .replaceAll("/var/run/secrets/kubernetes.io/serviceaccount/token", join(folder, "token"))
    .replace("sleep 1", ":");
  const hashing = Object.fromEntries(mint().hashing.map(({ name, value }) => [name, value]));
  const env = { ...hashing, PATH: `${folder}:${process.env["PATH"] ?? ""}` };
  await run("sh", ["-c", script], { env });
  return reportLines(await readFile(join(folder, "words"), "utf8"));
}

test("values of its own twin are told by their fingerprints, all others are counted", async () => {
  const values = ["t-neighbour p%s'w\\d $(x)", "other-secret y", "t-own two words", "stray"];
  const lines = values.map((line) => `printf '%s\\n' '${line.replaceAll("'", "'\\''")}'`).join("\n");
  const [own, list] = await play(`echo "klog says" >&2\n${lines}`);
  expect(own).toMatchObject({ asked: "own", exit: 0, reason: "", count: 4 });
  const prints = ["p%s'w\\d $(x)", "two words"].map((value) => fingerprint(value));
  expect([own!["fingerprints"], list!["fingerprints"]]).toEqual([prints, prints]);
});

test.each([
  ['Error from server (Forbidden): secrets "x" is forbidden: User "y" cannot get (at all)', "Forbidden"],
  ["error: You must be logged in to the server (Unauthorized)", "Unauthorized"],
  ["Unable to connect to the server: dial tcp 10.0.0.1:443: i/o timeout", ""],
  ['Error from server ("; printf hostile): x', ""],
  ["", ""],
])("of kubectl's %j the reason is %j", async (said, reason) => {
  const answers = await play(`printf '%s\\n' 'W0101 a warning (Warned)' '${said}' >&2\nexit 1`);
  expect(answers.map(({ exit }) => exit)).toEqual([1, 1, 1, 1, 1]);
  expect(new Set(answers.map((one) => one["reason"]))).toEqual(new Set([reason]));
});

test.each([
  ["system:serviceaccount:lab:t", true],
  ["system:serviceaccount:lab:t-other", false],
])("whether a refusal of %s names the account: %s", async (user, named) => {
  const answers = await play(`echo 'Error from server (Forbidden): x is forbidden: User "${user}" cannot' >&2\nexit 1`);
  expect(new Set(answers.map((one) => one["named"]))).toEqual(new Set([named]));
});
