import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hold, letGo, liveHolder, lockPath, type Holder } from "../../../src/commands/replay-lab-lock.ts";

const all = (pid: number, lives: boolean) => ({ own: pid, isAlive: () => lives });

let folder: string;
let lock: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cronaudit-lock-"));
  lock = lockPath(join(folder, "r0badcafe.jsonl"));
});
afterEach(() => rm(folder, { recursive: true }));

async function change(more: Partial<Holder>): Promise<void> {
  await writeFile(lock, JSON.stringify({ ...(JSON.parse(await readFile(lock, "utf8")) as Holder), ...more }));
}

test("a lock holds while its process lives", async () => {
  await hold(lock, all(process.pid, true));
  expect(await liveHolder(lock, all(1, true))).toMatchObject({ pid: process.pid });
  expect(await liveHolder(lock, all(1, false))).toBeNull();
  await letGo(lock);
  await letGo(lock);
  expect(await liveHolder(lock, all(1, true))).toBeNull();
});

test("a later process with the same number, another machine and a file that is no lock do not hold it", async () => {
  await hold(lock, all(process.pid, true));
  await change({ host: "another.example" });
  expect(await liveHolder(lock, all(1, true))).toBeNull();
  await hold(lock, all(process.pid, true));
  await change({ began: "1" });
  expect(await liveHolder(lock, all(1, true))).toBeNull();
  for (const text of ["", "{", "[]", '{"pid":"1"}']) {
    await writeFile(lock, text);
    expect(await liveHolder(lock, all(1, true))).toBeNull();
  }
});

test("where nothing is known of processes there is no lock", async () => {
  await hold(lock, undefined);
  await expect(readFile(lock)).rejects.toMatchObject({ code: "ENOENT" });
});
