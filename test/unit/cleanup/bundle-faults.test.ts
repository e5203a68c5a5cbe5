import { chmodSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bundleFiles, BundleFileError } from "../../../src/cleanup/bundle/files.ts";
import type { BundleFiles, NewFile } from "../../../src/cleanup/bundle/files.ts";
import { preserve } from "../../../src/cleanup/bundle/preserve.ts";
import { temporary } from "../../cli/temporary.ts";
import { backup, Failure, fakeApi, filesThat, optionsFor, pathsOf, wanted } from "./bundle-fixture.ts";

const { job, pod, cronJob } = backup(() => "hunter22");
const objects = [wanted(job), wanted(pod)];
const api = () => fakeApi({ objects: pathsOf([job, pod, cronJob]) });
const STEPS = ["create", "objects", "events", "logs", "manifest", "sync", "read back", "name"].map(
  (one) => `bundle: ${one}`,
);

/** The machine's files, with something done to the one that is made. */
function filesWith(change: (file: NewFile) => Partial<NewFile>): BundleFiles {
  return {
    ...bundleFiles,
    create: async (path, force) => {
      const file = await bundleFiles.create(path, force);
      const bound: NewFile = {
        place: file.place,
        write: (bytes) => file.write(bytes),
        sync: () => file.sync(),
        read: () => file.read(),
        name: () => file.name(),
        discard: () => file.discard(),
      };
      return Object.assign(bound, change(file));
    },
  };
}

const full = (): Promise<never> => Promise.reject(new BundleFileError("no space left on device"));

test.each([
  ["at the first byte", () => filesWith(() => ({ write: full }))],
  [
    "after some bytes",
    () => {
      let written = 0;
      return filesWith((file) => ({ write: (bytes) => (++written > 1 ? full() : file.write(bytes)) }));
    },
  ],
  ["when it is synced", () => filesWith(() => ({ sync: full }))],
  ["when it gets its name", () => filesWith(() => ({ name: full }))],
])("a disk that is full %s leaves no file, and is said", async (_, files) => {
  const folder = temporary();
  const done = preserve(api(), { objects }, optionsFor(join(folder, "b"), { files: files() }));
  await expect(done).rejects.toThrow("cannot write the evidence to test.evidence: no space left on device");
  expect(readdirSync(folder)).toEqual([]);
});

test("a disk that gives back other bytes is noticed", async () => {
  const folder = temporary();
  const files = filesWith((file) => ({
    async *read() {
      for await (const chunk of file.read()) {
        chunk[20]! ^= 1;
        yield chunk;
      }
    },
  }));
  const done = preserve(api(), { objects }, optionsFor(join(folder, "b"), { files }));
  await expect(done).rejects.toThrow(/test.evidence is not what was written/);
  expect(readdirSync(folder)).toEqual([]);
});

test("a directory that may not be written to, or is none, fails before anything is asked", async () => {
  const folder = temporary();
  const asked: string[] = [];
  const watched = fakeApi({ objects: {}, asked });
  const missing = preserve(watched, { objects }, optionsFor(join(folder, "nowhere", "b")));
  await expect(missing).rejects.toThrow(/no such file or directory/);
  writeFileSync(join(folder, "file"), "");
  await expect(preserve(watched, { objects }, optionsFor(join(folder, "file", "b")))).rejects.toThrow(
    /not a directory/,
  );
  if (process.getuid?.() !== 0) {
    chmodSync(folder, 0o500);
    await expect(preserve(watched, { objects }, optionsFor(join(folder, "b")))).rejects.toThrow(/permission denied/);
    chmodSync(folder, 0o700);
  }
  expect(asked).toEqual([]);
});

test.each(STEPS)("what stops at step %s leaves no file under its name", async (step) => {
  const folder = temporary();
  const files = filesThat(step, () => {
    throw new Error("stopped");
  });
  await expect(preserve(api(), { objects }, optionsFor(join(folder, "b"), { files, logs: true }))).rejects.toThrow(
    "stopped",
  );
  expect(readdirSync(folder)).toEqual([]);
});

test.each(STEPS)("Ctrl-C at step %s leaves no file", async (step) => {
  const folder = temporary();
  const interrupt = new AbortController();
  const files = filesThat(step, () => interrupt.abort());
  const options = optionsFor(join(folder, "b"), { files, signal: interrupt.signal, logs: true });
  await expect(preserve(api(), { objects }, options)).rejects.toThrow();
  expect(readdirSync(folder)).toEqual([]);
});

test("a file that appears under the name in the meantime stays", async () => {
  const folder = temporary();
  const path = join(folder, "b");
  const files = filesThat("bundle: name", () => writeFileSync(path, "somebody else's"));
  await expect(preserve(api(), { objects }, optionsFor(path, { files }))).rejects.toThrow(/a file of that name exists/);
  expect(readdirSync(folder)).toEqual(["b"]);
});

test("a failure that ends every request leaves no file", async () => {
  const folder = temporary();
  const broken = fakeApi({ objects: { [Object.keys(pathsOf([pod]))[0]!]: new Failure(401, "Unauthorized", true) } });
  await expect(preserve(broken, { objects }, optionsFor(join(folder, "b")))).rejects.toThrow("Unauthorized");
  expect(existsSync(join(folder, "b"))).toBe(false);
  expect(readdirSync(folder)).toEqual([]);
});
