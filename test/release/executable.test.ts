import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { compileFunction } from "node:vm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundle } from "../../scripts/release/bundle.ts";
import { prepareInside } from "../../scripts/release/executable.ts";
import { here, MAKING, unpacked } from "./built.ts";
import { start, startClone, withoutName } from "./started.ts";

let folder: string;
let program: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cronaudit-executable-"));
  if (here !== undefined) program = await unpacked(folder);
}, MAKING);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const model = resolve("examples/threat-model.jsonl");
const file = ["-f", model];

/** Every verb and every format, so that each part that is loaded late is loaded once. */
const lines: [string, string[]][] = [
  ["triage", file],
  ["exposure", ["exposure", ...file, "-o", "json"]],
  ["a timeline", ["exposure", ...file, "--timeline"]],
  ["stale", ["stale", ...file, "-o", "wide"]],
  ["access", ["access", ...file, "--all-subjects", "-o", "yaml"]],
  ["replay", ["replay", ...file]],
  ["a chain", ["access", ...file, "--secret", "database/db-admin"]],
  ["a usage error", ["exposure", "--no-such-flag"]],
  ["a file that is missing", ["exposure", "-f", "none.jsonl"]],
  ["a gate", ["exposure", ...file, "--fail-on", "low", "-o", "name"]],
  ["help of a verb", ["cleanup", "--help"]],
  ["a plan", ["cleanup", ...file]],
  ["a page", ["exposure", ...file, "-o", "html"]],
  ["Markdown", ["exposure", ...file, "-o", "markdown"]],
  ["CSV", ["exposure", ...file, "-o", "csv"]],
  ["SARIF", ["exposure", ...file, "-o", "sarif"]],
  ["a template", ["stale", ...file, "-o", "jsonpath={.items[*].object.name}"]],
  ["columns", ["stale", ...file, "-o", "custom-columns=NAME:.object.name"]],
  // As text its lines break where the program's name ends, and the two are called by different ones.
  ["an explanation", ["explain", "pods-exec", "literal-env", "1", "-o", "json"]],
  ["a script for a shell", ["completion", "bash"]],
  ["words to complete", ["__complete", "exposure", ...file, "-n", ""]],
];

test.skipIf(here === undefined).each(lines)("%s is the same from the executable as from the clone", async (_, args) => {
  const [one, other] = await Promise.all([start(folder, program, args), startClone(folder, args, { _: program })]);
  expect(withoutName(one)).toEqual(withoutName(other));
  expect(one.stdout + one.stderr).not.toBe("");
});

test.skipIf(here === undefined)("writes a snapshot that it reads back as what it was", async () => {
  const saved = await start(folder, program, ["snapshot", "again.jsonl.gz", ...file]);
  expect(saved).toMatchObject({ status: 0, stdout: "" });
  expect(saved.stderr).toContain("sha256 ");
  const again = await start(folder, program, ["exposure", "-f", "again.jsonl.gz", "-o", "csv"]);
  expect(again).toEqual(await start(folder, program, ["exposure", ...file, "-o", "csv"]));
  expect(again.stdout).toContain("DB_PASSWORD");
});

test.skipIf(here === undefined)("runs on the Node that is in it", async () => {
  expect((await start(folder, program, ["version", "-o", "json"])).stdout).toContain(
    `"node": "${process.versions.node}"`,
  );
});

test.skipIf(here === undefined)("takes no options from the developer's NODE_OPTIONS", async () => {
  const { status, stderr } = await start(folder, program, ["version"], { NODE_OPTIONS: "--require=/nonexistent.js" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

test("every chunk of the executable runs, and gives what the module of the bundle gives", async () => {
  const bundled = join(folder, "bundle");
  await bundle(bundled);
  const { assets } = await prepareInside(bundled, join(folder, "inside"));
  const loaded = new Map<string, { exports: Record<string, unknown> }>();
  const sources = new Map<string, string>();
  for (const [name, path] of Object.entries(assets)) sources.set(name, await readFile(path, "utf8"));
  const load = (id: string): Record<string, unknown> => {
    if (!id.startsWith(".")) return process.getBuiltinModule(id) as Record<string, unknown>;
    const name = id.slice(id.lastIndexOf("/") + 1);
    const known = loaded.get(name);
    if (known !== undefined) return known.exports;
    const chunk = { exports: {} };
    loaded.set(name, chunk);
    const run = compileFunction(sources.get(name)!, ["require", "module", "exports", "__url"], { filename: name });
    (run as (...args: unknown[]) => void)(load, chunk, chunk.exports, "file:///program");
    return chunk.exports;
  };
  expect(sources.size).toBeGreaterThan(100);
  for (const name of sources.keys()) {
    const path = join(bundled, name === "main.mjs" ? "" : "chunks", name);
    const module = (await import(path)) as Record<string, unknown>;
    expect(
      Object.keys(load(`./${name}`))
        .filter((key) => key !== "__esModule")
        .sort(),
      name,
    ).toEqual(Object.keys(module).sort());
  }
});
