import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withLock } from "../../control-plane/build-lock.ts";
import { identify } from "../../control-plane/identify.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cronaudit-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lock = () => join(folder, "key.lock");

/** Another process that takes the lock, says so, and holds it until it is ended. */
async function holdElsewhere() {
  const module = join(import.meta.dirname, "..", "..", "control-plane", "build-lock.ts");
  const program = `
    import { withLock } from ${JSON.stringify(module)};
    await withLock(${JSON.stringify(lock())}, () => {}, async () => {
      console.log("held");
      await new Promise((resolve) => process.stdin.once("data", resolve));
    });
    process.exit();`;
  const args = ["--input-type=module-typescript", "--eval", program];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  await once(createInterface(child.stdout), "line");
  return child;
}

test("a second process waits until the first is done, and says whom it waits for", async () => {
  const other = await holdElsewhere();
  const waitedFor: number[] = [];
  let worked = false;
  const mine = withLock(
    lock(),
    ({ pid }) => {
      waitedFor.push(pid);
      expect(worked).toBe(false);
      other.stdin.write("go on\n");
    },
    async () => void (worked = true),
  );
  await mine;
  expect(waitedFor).toEqual([other.pid]);
  expect(worked).toBe(true);
  expect(existsSync(lock())).toBe(false);
});

test("a lock whose holder was killed is broken", async () => {
  const other = await holdElsewhere();
  const ended = once(other, "exit");
  other.kill("SIGKILL");
  await ended;
  expect(existsSync(lock())).toBe(true);
  expect(
    await withLock(
      lock(),
      () => {},
      async () => "worked",
    ),
  ).toBe("worked");
});

test("a process that merely has the dead holder's pid holds nothing", async () => {
  mkdirSync(lock());
  writeFileSync(join(lock(), "holder.json"), JSON.stringify({ ...identify(), started: "at another time" }));
  expect(
    await withLock(
      lock(),
      () => {},
      async () => "worked",
    ),
  ).toBe("worked");
});

test("the lock is released when the work fails, and waiting ends when it is called off", async () => {
  await expect(
    withLock(
      lock(),
      () => {},
      () => Promise.reject(new Error("no")),
    ),
  ).rejects.toThrow("no");
  expect(existsSync(lock())).toBe(false);
  mkdirSync(lock());
  writeFileSync(join(lock(), "holder.json"), JSON.stringify(identify()));
  const abort = new AbortController();
  const waiting = withLock(
    lock(),
    () => abort.abort(),
    async () => "never",
    abort.signal,
  );
  await expect(waiting).rejects.toThrow(/abort/i);
});
