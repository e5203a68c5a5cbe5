import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { journalPath, openJournal, readJournal, stateDirectory } from "../../../src/hold/files.ts";
import { foldEntries, parseJournal, type Entry, type Intent } from "../../../src/hold/journal.ts";
import { resolveIntent } from "../../../src/hold/resolve.ts";
import { NOW } from "../batch/objects.ts";

const object = { kind: "Job", namespace: "database", name: "run", uid: "u" };
const intent = (id: string, more: Partial<Intent> = {}): Intent => ({
  ...{ v: 1, entry: "intent", id, action: "hold", at: NOW, user: "alice", server: "s", object, resourceVersion: "7" },
  changes: [{ field: "ttlSecondsAfterFinished", from: 60, to: null }],
  ...more,
});
const outcome = (id: string, what: "done" | "not-done" | "gone" = "done"): Entry => ({
  ...{ v: 1, entry: "outcome", id, at: NOW, outcome: what, because: "" },
});

describe("the journal", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "cronaudit-journal-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("keeps what was written at once by many, in whole lines, for its owner alone", async () => {
    const path = join(folder, "holds", "c.jsonl");
    const file = await openJournal(path);
    await Promise.all(Array.from({ length: 50 }, (_, at) => file.write(intent(String(at)))));
    await file.close();
    const { entries, unread } = await readJournal(path);
    expect([entries.length, unread]).toEqual([50, []]);
    expect(new Set(entries.map(({ id }) => id)).size).toBe(50);
    expect([(await stat(path)).mode & 0o777, (await stat(dirname(path))).mode & 0o777]).toEqual([0o600, 0o700]);
  });

  it("goes on after a line that was cut off", async () => {
    const path = join(folder, "c.jsonl");
    await writeFile(path, `${JSON.stringify(intent("a"))}\n{"v":1,"entry":"outc`);
    const file = await openJournal(path);
    await file.write(outcome("a"));
    await file.close();
    const { entries, unread } = await readJournal(path);
    expect([entries.map(({ entry }) => entry), unread]).toEqual([["intent", "outcome"], [2]]);
    expect((await readFile(path, "utf8")).endsWith("\n")).toBe(true);
    expect(await readJournal(join(folder, "none"))).toEqual({ entries: [], unread: [] });
  });

  it("passes over what is no entry", () => {
    const strange = [
      "null",
      "7",
      "{}",
      '{"v":2,"entry":"intent","id":"x"}',
      JSON.stringify({ ...intent("x"), changes: [{ field: "template" }] }),
    ];
    expect(parseJournal(strange.join("\n"))).toEqual({ entries: [], unread: [1, 2, 3, 4, 5] });
  });
});

describe("what the journal says", () => {
  it("is what is held, what is open, and what is over", () => {
    const held = foldEntries([intent("a"), outcome("a")]).held.get("u")!;
    expect(held).toMatchObject({
      since: NOW,
      by: "alice",
      before: { ttlSecondsAfterFinished: 60 },
      after: { ttlSecondsAfterFinished: null },
    });
    expect(foldEntries([intent("a")])).toMatchObject({ held: new Map(), open: [{ id: "a" }] });
    expect(foldEntries([intent("a"), outcome("a", "not-done")])).toEqual({ held: new Map(), open: [] });
    const release = intent("b", { action: "release" });
    expect(foldEntries([intent("a"), outcome("a"), release]).held.size).toBe(1);
    for (const what of ["done", "gone"] as const) {
      expect(foldEntries([intent("a"), outcome("a"), release, outcome("b", what)]).held.size).toBe(0);
    }
  });

  it("is what somebody put there between two holds", () => {
    const second = intent("b", { changes: [{ field: "ttlSecondsAfterFinished", from: 90, to: null }] });
    expect(foldEntries([intent("a"), outcome("a"), second, outcome("b")]).held.get("u")!.before).toEqual({
      ttlSecondsAfterFinished: 90,
    });
  });
});

describe("a patch of which nothing was written down", () => {
  const raw = (resourceVersion: string, spec: object, uid = "u") => ({ metadata: { uid, resourceVersion }, spec });
  it.each([
    ["not sent", raw("7", { ttlSecondsAfterFinished: 60 }), "not-done"],
    ["made", raw("8", {}), "done"],
    ["not made, and the object changed otherwise", raw("9", { ttlSecondsAfterFinished: 60 }), "not-done"],
    ["of an object that is gone", null, "gone"],
    ["of an object that was made anew", raw("8", {}, "other"), "gone"],
  ])("was %s", (_, object, expected) => {
    expect(resolveIntent(intent("a"), object).outcome).toBe(expected);
  });
});

describe("where it is", () => {
  it.each([
    [{ XDG_STATE_HOME: "/state", HOME: "/home/a" }, "linux/x64", "/state/kubectl-cronaudit"],
    [{ XDG_STATE_HOME: "relative", HOME: "/home/a" }, "darwin/arm64", "/home/a/.local/state/kubectl-cronaudit"],
    [{ LOCALAPPDATA: "C:\\Users\\a\\AppData\\Local" }, "win32/x64", "C:\\Users\\a\\AppData\\Local\\kubectl-cronaudit"],
    [{ USERPROFILE: "C:\\Users\\a" }, "win32/x64", "C:\\Users\\a\\AppData\\Local\\kubectl-cronaudit"],
    [{}, "linux/x64", null],
    [{}, "win32/x64", null],
  ])("%j on %s", (env, platform, expected) => {
    expect(stateDirectory(env, platform)).toBe(expected);
  });

  it("is one file a cluster", () => {
    expect(journalPath("/s", { uid: "6f", server: "x" })).toBe(join("/s", "holds", "6f.jsonl"));
    expect(journalPath("/s", { uid: null, server: "https://10.0.0.1:6443/a/../b" })).toBe(
      join("/s", "holds", "https_10.0.0.1_6443_a_.._b.jsonl"),
    );
  });
});
