import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { evidence, run } from "./run.ts";
import { temporary } from "./temporary.ts";

const dump = join(evidence, "database.yaml");
const key = join(evidence, "fingerprint.key");
const canary = /kX9-canary/;

test("a snapshot answers as its source does, compressed or not, from a file or standard input", async () => {
  const cwd = temporary();
  for (const file of ["out.jsonl", "out.jsonl.gz"]) {
    const { exit, stdout, stderr } = await run(["snapshot", file, "-f", dump, "--fingerprint-key", key], { cwd });
    expect([exit, stdout]).toEqual([3, ""]);
    expect(stderr).toMatch(new RegExp(`^Wrote \\d+ records to ${file}: `, "m"));
    expect(stderr).toMatch(/^sha256 [0-9a-f]{64}$/m);
  }
  const plain = readFileSync(join(cwd, "out.jsonl"));
  expect(gunzipSync(readFileSync(join(cwd, "out.jsonl.gz"))).equals(plain)).toBe(true);
  for (const verb of [[], ["exposure"], ["stale"], ["access"]]) {
    const direct = await run([...verb, "-ojson", "-f", dump, "--fingerprint-key", key], { cwd });
    const fromText = await run([...verb, "-ojson", "-f", "out.jsonl"], { cwd });
    const fromGzip = await run([...verb, "-ojson", "-f", "out.jsonl.gz"], { cwd });
    const fromPipe = await run([...verb, "-ojson", "-f", "-"], { cwd, stdin: plain });
    expect(JSON.parse(fromText.stdout)).toEqual(JSON.parse(direct.stdout));
    expect(fromGzip.stdout).toBe(fromText.stdout);
    expect(fromPipe.stdout).toBe(fromText.stdout);
    expect(fromText.exit).toBe(direct.exit);
  }
});

test("the file is its owner's alone, nothing else is left beside it, and it holds no value", async () => {
  const cwd = temporary();
  await run(["snapshot", "out.jsonl", "-f", dump], { cwd });
  expect(readdirSync(cwd)).toEqual(["out.jsonl"]);
  expect(statSync(join(cwd, "out.jsonl")).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(cwd, "out.jsonl"), "utf8")).not.toMatch(canary);
});

test("a file that exists stays as it is without --force, and is replaced whole with it", async () => {
  const cwd = temporary();
  writeFileSync(join(cwd, "out.jsonl"), "precious");
  const refused = await run(["snapshot", "out.jsonl", "-f", dump], { cwd });
  expect(refused.exit).toBe(2);
  expect(refused.stderr).toBe("error: out.jsonl exists\n       Choose another name, or replace it with --force.\n");
  expect(readFileSync(join(cwd, "out.jsonl"), "utf8")).toBe("precious");
  expect((await run(["snapshot", "out.jsonl", "-f", dump, "--force"], { cwd })).exit).toBe(3);
  expect(readFileSync(join(cwd, "out.jsonl"), "utf8")).toMatch(/^\{"kind":"Snapshot"/);
});

test("standard output gets gzip, text with --plain, and a terminal no binary", async () => {
  const text = await run(["snapshot", "--plain", "-f", dump]);
  expect(text.stdout).toMatch(/^\{"kind":"Snapshot"/);
  expect((await run(["snapshot", "-", "--plain", "-f", dump])).stdout).toMatch(/^\{"kind":"Snapshot"/);
  const refused = await run(["snapshot", "-f", dump], { terminal: 80 });
  expect([refused.exit, refused.stdout]).toEqual([2, ""]);
  expect(refused.stderr).toMatch(/^error: a compressed snapshot is not for a terminal$/m);
  expect((await run(["snapshot", "--plain", "-f", dump], { terminal: 80 })).exit).toBe(3);
});

test.each([
  [["snapshot", "a", "b"], 'snapshot takes one FILE, but got "a" "b"'],
  [["snapshot", "a.gz", "--plain"], "--plain writes text, but a.gz is named like a compressed file"],
  [["snapshot", "--force"], "--force goes with a FILE"],
  [["snapshot", "missing/out.jsonl", "-f", dump], "cannot write missing/out.jsonl: no such file or directory"],
  [
    ["snapshot", "out.jsonl", "-f", dump, "--fingerprint-key", "none"],
    "cannot read the fingerprint key from none: no such file or directory",
  ],
])("refused before anything is written: %j", async (argv, message) => {
  const cwd = temporary();
  const { exit, stderr } = await run(argv, { cwd });
  expect(exit).toBe(2);
  expect(stderr.split("\n")[0]).toBe(`error: ${message}`);
  expect(readdirSync(cwd)).toEqual([]);
});

test("a key that can be guessed is refused", async () => {
  const cwd = temporary();
  writeFileSync(join(cwd, "key"), "short\n");
  const { exit, stderr } = await run(["-f", dump, "--fingerprint-key", "key"], { cwd });
  expect(exit).toBe(2);
  expect(stderr).toMatch(/^error: the fingerprint key in key has fewer than 16 bytes$/m);
  expect(stderr).not.toMatch(/short/);
});

test("the same key gives the same fingerprints, another run's own key gives others", async () => {
  const fingerprints = async (argv: string[]): Promise<string> => {
    const { stdout } = await run(["exposure", "-ojson", "-f", dump, ...argv]);
    return (JSON.parse(stdout) as { items: { credential: { fingerprint: string } }[] }).items[0]!.credential
      .fingerprint;
  };
  expect(await fingerprints(["--fingerprint-key", key])).toBe(await fingerprints(["--fingerprint-key", key]));
  expect(await fingerprints([])).not.toBe(await fingerprints([]));
});

test("a key for a snapshot is refused: its fingerprints are made, and the key would seem to have changed them", async () => {
  const { exit, stdout, stderr } = await run(["exposure", "-f", "whole.jsonl", "--fingerprint-key", key]);
  expect([exit, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(/^error: --fingerprint-key has no effect on whole\.jsonl: /);
});

test("an interrupted capture leaves no file and ends with 130", async () => {
  const cwd = temporary();
  const interrupt = new AbortController();
  interrupt.abort();
  const { exit } = await run(["snapshot", "out.jsonl", "-f", dump], { cwd, signal: interrupt.signal });
  expect(exit).toBe(130);
  expect(existsSync(join(cwd, "out.jsonl"))).toBe(false);
  expect(readdirSync(cwd)).toEqual([]);
});
