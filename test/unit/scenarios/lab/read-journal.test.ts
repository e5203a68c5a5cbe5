import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Journal } from "../../../../src/cleanup/journal.ts";
import type { LabJournalStep, LabObject } from "../../../../src/model/lab-journal.ts";
import { nameOf } from "../../../../src/scenarios/lab/kinds.ts";
import { namespacesOf } from "../../../../src/scenarios/lab/names.ts";
import { readLabJournal } from "../../../../src/scenarios/lab/read-journal.ts";

const run = "r0badcafe";
const { namespace } = namespacesOf(run);
const at = new Date("2026-01-01T00:00:00Z");
const cluster = { uid: "u", server: "https://x", context: "c" };
const begin: LabJournalStep = {
  step: "begin",
  formatVersion: 1,
  tool: "1",
  run,
  cluster,
  operator: { user: null, local: null },
};
const secret = (name: string, where = namespace): LabObject =>
  nameOf({ apiVersion: "v1", kind: "Secret", metadata: { name, namespace: where } });

async function written(steps: LabJournalStep[]): Promise<string> {
  let text = "";
  const append = (more: string) => Promise.resolve(void (text += more));
  const journal = new Journal<LabJournalStep>({ append, close: () => Promise.resolve() }, () => at);
  await journal.writeAll(steps);
  return text;
}

const STEPS: LabJournalStep[] = [
  begin,
  { step: "intent", object: secret("a") },
  { step: "made", object: secret("a"), uid: "1" },
  { step: "intent", object: secret("b") },
];

describe("a lab's journal", () => {
  test("says what was made, and what was begun", async () => {
    const state = readLabJournal(await written(STEPS), "j")!;
    expect(state.made).toEqual([
      { object: secret("a"), uid: "1" },
      { object: secret("b"), uid: null },
    ]);
    expect([state.isOver, state.begin.run, state.end.lines]).toEqual([false, run, 4]);
  });

  test.each([
    [0, true],
    [1, false],
    [null, false],
  ])("is over only where nothing remains: %s", async (remains, isOver) => {
    expect(readLabJournal(await written([...STEPS, { step: "end", remains }]), "j")!.isOver).toBe(isOver);
  });

  test("cut off anywhere, it says no more than was written, and forgets no object whose line was whole", async () => {
    const text = await written(STEPS);
    for (let length = 0; length < text.length; length++) {
      const state = readLabJournal(text.slice(0, length), "j");
      const whole = text.slice(0, length).split("\n").length - 1;
      expect(state?.end.lines ?? 0).toBe(whole);
      expect(state?.made.length ?? 0).toBe(whole < 2 ? 0 : whole < 4 ? 1 : 2);
    }
  });

  test("changed in any byte but the last line's, it counts for nothing", async () => {
    const text = await written(STEPS);
    const lastLine = text.lastIndexOf("\n", text.length - 2) + 1;
    fc.assert(
      fc.property(fc.nat({ max: lastLine - 2 }), fc.constantFrom("x", "0", '"', "\n"), (place, by) => {
        const changed = text.slice(0, place) + by + text.slice(place + 1);
        fc.pre(changed !== text);
        expect(() => readLabJournal(changed, "j")).toThrow(/damaged/);
      }),
    );
  });

  test.each([
    ["a namespace that is not the run's", { step: "intent", object: secret("a", "kube-system") }],
    ["another run's", { step: "intent", object: secret("a", "cronaudit-lab-r00000000") }],
    ["a line that no lab writes", { step: "intent", object: { name: "a" } }],
  ])("that names %s counts for nothing", async (_, step) => {
    const text = await written([begin, step as LabJournalStep]);
    expect(() => readLabJournal(text, "j")).toThrow(/damaged/);
  });
});
