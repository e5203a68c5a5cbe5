import { spawnSync } from "node:child_process";
import { createReadStream, existsSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { verifyBundle } from "../../src/cleanup/bundle/verify.ts";

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

const CHILD = join(import.meta.dirname, "bundle-killed-child.ts");
const BEFORE = ["create", "objects", "events", "logs", "manifest", "sync", "read back", "name"];

async function killedAt(step: string, before: string | null): Promise<{ path: string; signal: string | null }> {
  const folder = await mkdtemp(join(tmpdir(), "cronaudit-killed-"));
  folders.push(folder);
  const path = join(folder, "b.evidence");
  if (before !== null) writeFileSync(path, before);
  const argv = [CHILD, path, `bundle: ${step}`, before === null ? "" : "force"];
  const { signal } = spawnSync(process.execPath, argv, { encoding: "utf8" });
  return { path, signal };
}

test.each(BEFORE)("SIGKILL at step %s leaves no file under the name, and an older one as it was", async (step) => {
  const fresh = await killedAt(step, null);
  expect(fresh.signal).toBe("SIGKILL");
  expect(existsSync(fresh.path)).toBe(false);
  const older = await killedAt(step, "older");
  expect(older.signal).toBe("SIGKILL");
  expect(readFileSync(older.path, "utf8")).toBe("older");
});

test("SIGKILL at the last step leaves a file that is whole", async () => {
  const { path, signal } = await killedAt("done", null);
  expect(signal).toBe("SIGKILL");
  const { manifest } = await verifyBundle(createReadStream(path), "b");
  expect(manifest.parts.length).toBeGreaterThan(3);
});

test("a file that may not grow leaves nothing, and says why", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cronaudit-full-"));
  folders.push(folder);
  const path = join(folder, "b.evidence");
  const command = `trap '' XFSZ; ulimit -f 1; exec "$0" "$1" "$2" never`;
  const { status, stderr } = spawnSync("bash", ["-c", command, process.execPath, CHILD, path], { encoding: "utf8" });
  expect(status).not.toBe(0);
  expect(stderr).toContain("cannot write the evidence to test.evidence: file too large");
  expect(existsSync(path)).toBe(false);
});
