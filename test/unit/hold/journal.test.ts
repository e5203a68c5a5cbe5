import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { journalPath, openJournal, readJournal, stateDirectory } from "../../../src/hold/files.ts";
import { foldEntries, parseJournal, type Entry, type Intent, type Outcome } from "../../../src/hold/journal.ts";
import { fieldOwners } from "../../../src/hold/managers.ts";
import { judgeRelease } from "../../../src/hold/release.ts";
import { resolveIntent } from "../../../src/hold/resolve.ts";
import { NOW } from "../batch/objects.ts";

const object = { kind: "Job", namespace: "database", name: "run", uid: "u" };
const intent = (id: string, more: Partial<Intent> = {}): Intent => ({
  ...{ v: 1, entry: "intent", id, action: "hold", at: NOW, user: "alice", server: "s", object, resourceVersion: "7" },
  changes: [{ field: "ttlSecondsAfterFinished", from: 60, to: null }],
  ...more,
});
const outcome = (id: string, what: Outcome["outcome"] = "done"): Entry => ({
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
      JSON.stringify({ ...intent("x"), manager: 7 }),
      JSON.stringify({ ...outcome("x"), outcome: "perhaps" }),
    ];
    expect(parseJournal(strange.join("\n"))).toEqual({ entries: [], unread: [1, 2, 3, 4, 5, 6, 7] });
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

describe("two runs that write at once", () => {
  it("do not lose a hold: one may read the object while the other's patch is under way", () => {
    const raced = [intent("a"), outcome("a", "not-done"), outcome("a")];
    expect(foldEntries(raced)).toMatchObject({ held: new Map([["u", { since: NOW }]]), open: [] });
    const release = intent("b", { action: "release" });
    const late = [intent("a"), outcome("a"), release, outcome("b"), outcome("a"), outcome("b", "not-done")];
    expect(foldEntries(late).held.size).toBe(0);
  });
});

describe("a patch of which nothing was written down", () => {
  const suspension = (more: Partial<Intent> = {}): Intent =>
    intent("a", {
      object: { ...object, kind: "CronJob" },
      changes: [
        { field: "suspend", from: false, to: true },
        { field: "failedJobsHistoryLimit", from: 1, to: 9 },
      ],
      manager: "kubectl-cronaudit-hold-a",
      ...more,
    });
  const entry = (manager: string, ...fields: string[]) => ({
    ...{ manager, operation: "Update" },
    fieldsV1: { "f:spec": Object.fromEntries(fields.map((field) => [`f:${field}`, {}])) },
  });
  const ours = entry("kubectl-cronaudit-hold-a", "suspend");
  const theirs = entry("kubectl-patch", "suspend", "failedJobsHistoryLimit");
  const raw = (resourceVersion: string, spec: object, managedFields: object[] = [], uid = "u") => ({
    metadata: { uid, resourceVersion, managedFields },
    spec,
  });
  const there = { suspend: true, failedJobsHistoryLimit: 9 };

  it.each([
    ["not sent", suspension(), raw("7", { suspend: false }), "not-done"],
    ["made", suspension(), raw("8", there, [theirs, ours]), "done"],
    ["made, and in part undone", suspension(), raw("9", { ...there, failedJobsHistoryLimit: 4 }, [ours]), "done"],
    ["not made, and the object changed otherwise", suspension(), raw("9", { suspend: false }, [theirs]), "not-done"],
    ["made by somebody else", suspension(), raw("8", there, [theirs]), "not-done"],
    ["made by another hold", suspension(), raw("8", there, [entry("kubectl-cronaudit-hold-b")]), "not-done"],
    ["made by whom managedFields do not say", suspension(), raw("8", there), "unclear"],
    ["among those put together", suspension(), raw("8", there, [entry("ancient-changes", "suspend")]), "unclear"],
    ["in part there, by whom is not said", suspension(), raw("8", { suspend: true }), "unclear"],
    ["of an earlier version", suspension({ manager: undefined as never }), raw("8", there, [theirs]), "unclear"],
    ["a field taken away, which leaves no trace", intent("a", { manager: "m" }), raw("8", {}, [theirs]), "unclear"],
    ["not made on a Job", intent("a"), raw("9", { ttlSecondsAfterFinished: 60 }), "not-done"],
    ["of an object that is gone", intent("a"), null, "gone"],
    ["of an object that was made anew", intent("a"), raw("8", {}, [], "other"), "gone"],
    ["a release that was made", suspension({ action: "release" }), raw("8", there, [theirs]), "done"],
    ["a release that was not", suspension({ action: "release" }), raw("8", { suspend: true }), "not-done"],
    ["a release, and somebody changed it since", suspension({ action: "release" }), raw("9", {}, [ours]), "done"],
  ])("was %s", (_, given, found, expected) => {
    expect(resolveIntent(given, found).outcome).toBe(expected);
  });

  it("and may as well be somebody else's is never put back, until it is held again", () => {
    const held = foldEntries([intent("a"), outcome("a", "unclear")]).held.get("u")!;
    expect(held.unclear).toEqual(["ttlSecondsAfterFinished"]);
    expect(judgeRelease(held, { ttlSecondsAfterFinished: null })).toMatchObject({
      unclear: expect.stringContaining("cannot be told") as string,
      rest: [{ field: "ttlSecondsAfterFinished", from: null, to: 60 }],
    });
    expect(judgeRelease(held, { ttlSecondsAfterFinished: 60 })).toEqual({ over: "it is as it was before" });
    const more = [intent("b", { changes: [{ field: "ttlSecondsAfterFinished", from: 90, to: null }] }), outcome("b")];
    const again = foldEntries([intent("a"), outcome("a", "unclear"), ...more]).held.get("u")!;
    expect(judgeRelease(again, { ttlSecondsAfterFinished: null })).toMatchObject({ steps: [{ to: 90 }] });
  });

  it("once it is, its fields are put back as long as nobody else set them", () => {
    const held = foldEntries([suspension(), outcome("a")]).held.get("u")!;
    const judge = (...entries: object[]) => judgeRelease(held, there, fieldOwners(raw("9", there, entries)));
    const both = entry("kubectl-cronaudit-hold-a", "suspend", "failedJobsHistoryLimit");
    for (const entries of [[both], [], [entry("ancient-changes", "suspend")], [entry("other", "schedule")]])
      expect(judge(...entries)).toMatchObject({ steps: [{ to: false }, { to: 1 }] });
    const limit = entry("kubectl-cronaudit-hold-a", "failedJobsHistoryLimit");
    expect(judge(entry("kubectl-patch", "suspend"), limit)).toMatchObject({
      changed: "changed since it was held: spec.suspend is now true by kubectl-patch",
      rest: [{ field: "failedJobsHistoryLimit" }],
    });
    expect(judge(both, entry("argocd", "suspend"))).toMatchObject({ changed: expect.any(String) as string });
    expect(judge(theirs)).toMatchObject({ over: expect.stringContaining("nothing of the hold is left") as string });
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
