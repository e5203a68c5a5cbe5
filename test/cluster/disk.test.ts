import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { buildControlPlane } from "../control-plane/build.ts";
import { useCluster } from "../control-plane/test.ts";

// For its reason where there is no Go: a build is refused earlier there.
useCluster();
const lines: string[] = [];
const log = (line: string): void => void lines.push(line);
const before = process.env["XDG_CACHE_HOME"];
let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "cronaudit-cache-"));
  lines.length = 0;
});
afterEach(() => {
  if (before === undefined) delete process.env["XDG_CACHE_HOME"];
  else process.env["XDG_CACHE_HOME"] = before;
  rmSync(cache, { recursive: true, force: true });
});

test("a build is refused before it starts where the disk is too full, with what it needs and what there is", async () => {
  process.env["XDG_CACHE_HOME"] = cache;
  await expect(buildControlPlane({ log, free: () => Promise.resolve(1.5e9) })).rejects.toThrow(
    /^building the control plane needs about 6 GB of free disk, but .* has 1\.5 GB; free some/,
  );
  expect(lines).toEqual([]);
  expect(
    readdirSync(cache, { recursive: true, encoding: "utf8" }).filter((name) => /kube-apiserver|partial-/.test(name)),
  ).toEqual([]);
});

test("what is in the cache is used however full the disk is", async () => {
  const binaries = await buildControlPlane({ log, free: () => Promise.resolve(0) });
  expect(binaries.version).toMatch(/^v1\.36\./);
  expect(lines).toEqual([]);
});
