import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { journalFiles } from "../../../src/cleanup/journal-files.ts";
import { Journal } from "../../../src/cleanup/journal.ts";
import type { JournalFile } from "../../../src/cleanup/journal.ts";
import { readJournal } from "../../../src/cleanup/read-journal.ts";
import type { JournalStep } from "../../../src/model/journal.ts";
import { chosenItem, planHead } from "./run-fixture.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cronaudit-journal-"));
  path = join(folder, "case.journal");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const now = (): Date => new Date("2026-11-22T05:41:09Z");
const nobody = { user: null, local: null };
const BEGIN: JournalStep = {
  step: "begin",
  formatVersion: 1,
  tool: "0.0.0",
  operator: nobody,
  plan: planHead(),
  chosen: 2,
};
const intent = (uid: string): JournalStep => ({ step: "intent", uid, resourceVersion: "7", cascade: "background" });
const outcome = (uid: string): JournalStep => ({ step: "outcome", uid, outcome: "going", because: "taken", by: "us" });
const chosen = (name: string): JournalStep => ({ step: "chosen", item: chosenItem(name) });
const STEPS = [BEGIN, chosen("a"), chosen("b"), intent("uid-a"), outcome("uid-a"), intent("uid-b")];

async function written(steps = STEPS): Promise<string> {
  const journal = new Journal(await journalFiles.create(path), now);
  await journal.writeAll(steps);
  await journal.close();
  return readFile(path, "utf8");
}

describe("a journal", () => {
  it("is JSON Lines, each with the hash of the line before, for nobody else's eyes", async () => {
    const lines = (await written()).trimEnd().split("\n");
    let before = "0".repeat(64);
    for (const [at, line] of lines.entries()) {
      expect(JSON.parse(line)).toMatchObject({ n: at + 1, before, step: STEPS[at]!.step });
      before = createHash("sha256").update(line).digest("hex");
    }
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it("takes no name that is taken", async () => {
    await writeFile(path, "somebody's");
    await expect(journalFiles.create(path)).rejects.toThrow("a file of that name exists");
    expect(await readFile(path, "utf8")).toBe("somebody's");
  });

  it("tells what was asked for and what came of it", async () => {
    const state = readJournal(await written(), "case.journal");
    expect(state.items.map(({ object }) => object.name)).toEqual(["a", "b"]);
    expect(state).toMatchObject({ isChoiceWhole: true, cutOff: 0, ended: false, evidence: null });
    expect([...state.open]).toEqual(["uid-b"]);
    expect(state.done.get("uid-a")).toEqual({ outcome: "going", because: "taken", by: "us" });
  });

  it("may be cut off anywhere in its last line, and goes on after the one before", async () => {
    const text = await written();
    const whole = text.lastIndexOf("\n", text.length - 2) + 1;
    for (let end = whole; end < text.length; end += 7) {
      await writeFile(path, text.slice(0, end));
      const state = readJournal(text.slice(0, end), "case.journal");
      expect(state.cutOff).toBe(end - whole);
      expect(state.open.size).toBe(0);
      const journal = new Journal(await journalFiles.continue(path, state.bytes), now, state.end);
      await journal.write(intent("uid-b"));
      await journal.close();
      const again = readJournal(await readFile(path, "utf8"), "case.journal");
      expect([...again.open]).toEqual(["uid-b"]);
      expect(again.end.lines).toBe(STEPS.length);
    }
  });

  it("is refused where any byte before the last line was changed, or a line was left out", async () => {
    const text = await written();
    const lines = text.split("\n");
    const without = [...lines.slice(0, 2), ...lines.slice(3)].join("\n");
    expect(() => readJournal(without, "j")).toThrow("j is damaged: line 3 does not follow from those before it");
    for (let at = 10; at < text.lastIndexOf("\n", text.length - 2); at += 97) {
      if (text[at] === "\n") continue;
      const other = text[at] === "x" ? "y" : "x";
      expect(() => readJournal(text.slice(0, at) + other + text.slice(at + 1), "j"), String(at)).toThrow();
    }
  });

  it("is refused where it is none", () => {
    for (const text of ["", "{}\n", "no journal\n", '{"n":1}\n{"n":2}\n'])
      expect(() => readJournal(text, "j")).toThrow();
  });

  it("that was ended at its very beginning deleted nothing, and says so", () => {
    for (const text of ["", '{"n":1,"at":"2026-'])
      expect(() => readJournal(text, "j")).toThrow("nothing was deleted by it");
  });

  it("is refused where a line is not as a cleanup writes it, although the chain holds", async () => {
    const item = chosenItem("a");
    const change = { way: "suspend", object: item.object, resource: item.resource, diff: [], takes: [], items: [] };
    const broken: unknown[] = [
      { step: "chosen", item: null },
      { step: "chosen", item: { ...item, object: { ...item.object, uid: null } } },
      { step: "chosen", item: { ...item, resource: "jobs" } },
      { step: "chosen", item: { ...item, dependents: [{}] } },
      { step: "outcome", uid: "uid-a", outcome: "well", because: "", by: null },
      { step: "change-intent", way: "delete", uid: "u" },
      { step: "change-outcome", way: "ttl", uid: "u", outcome: "gone", because: "" },
      { step: "constructor" },
    ];
    for (const [at, line] of broken.entries()) {
      const text = await written([BEGIN, line as JournalStep]);
      await rm(path);
      expect(() => readJournal(text, "j"), String(at)).toThrow("j is damaged: line 2 is not as a cleanup writes it");
    }
    const begin = { ...BEGIN, plan: { ...planHead(), changes: [change] } } as unknown as JournalStep;
    const text = await written([begin]);
    expect(() => readJournal(text, "j")).toThrow("j is damaged: line 1 is not as a cleanup writes it");
  });

  it("knows that its choice was cut off", async () => {
    expect(readJournal(await written(STEPS.slice(0, 2)), "j").isChoiceWhole).toBe(false);
  });

  it("stops where another program writes to it", async () => {
    const journal = new Journal(await journalFiles.create(path), now);
    await journal.write(BEGIN);
    await writeFile(path, "more", { flag: "a" });
    await expect(journal.write(intent("uid-a"))).rejects.toThrow("another program writes to it as well");
    await journal.close();
  });
});

describe("writing", () => {
  it("resolves only when the line is on the disk, shares a write, and writes nothing after a failure", async () => {
    const appended: string[] = [];
    let fail = false;
    const file: JournalFile = {
      append: async (text) => {
        await new Promise((resolve) => setTimeout(resolve, 2));
        if (fail) throw new Error("no space left on device");
        appended.push(text);
      },
      close: () => Promise.resolve(),
    };
    const journal = new Journal(file, now);
    await journal.write(BEGIN);
    expect(appended.length).toBe(1);
    await Promise.all(["a", "b", "c"].map((one) => journal.write(intent(one))));
    expect(appended.length).toBeLessThan(4);
    fail = true;
    await expect(journal.write(intent("d"))).rejects.toThrow("no space left");
    fail = false;
    await expect(journal.write(intent("e"))).rejects.toThrow("no space left");
    expect(appended.join("")).not.toContain('"uid":"e"');
  });
});
