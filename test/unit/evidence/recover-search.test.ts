import fc from "fast-check";
import { expect, test } from "vitest";
import { oldestAnswering, versionNumber, versionsBetween } from "../../../src/evidence/recover-search.ts";

/** A server that has forgotten all before `oldest`, and counts how often it is asked. */
function server(oldest: number): { asked: number[]; answers: (version: number) => Promise<boolean> } {
  const asked: number[] = [];
  return {
    asked,
    answers: (version) => {
      asked.push(version);
      return Promise.resolve(version >= oldest);
    },
  };
}

test("finds the oldest version that answers, within a thousandth of the way and thirty questions", async () => {
  const versions = fc.integer({ min: 1, max: 2 ** 40 });
  await fc.assert(
    fc.asyncProperty(versions, fc.integer({ min: 0, max: 2 ** 22 }), async (current, history) => {
      const oldest = Math.max(1, current - history);
      const { asked, answers } = server(oldest);
      const found = await oldestAnswering(current, answers);
      expect(found).not.toBe(null);
      expect(found!).toBeGreaterThanOrEqual(oldest);
      expect(found! - oldest).toBeLessThanOrEqual(Math.max(1, (current - oldest) / 1024));
      expect(asked.length).toBeLessThanOrEqual(30);
      // Nobody asks for what was never there or is still to come, or twice.
      expect(Math.min(...asked)).toBeGreaterThanOrEqual(1);
      expect(Math.max(...asked)).toBe(current);
      expect(new Set(asked).size).toBe(asked.length);
    }),
    { numRuns: 2000 },
  );
});

test("a short history is found exactly, and one that was never cut reaches to the first version", async () => {
  for (const [current, oldest] of [
    [1, 1],
    [2, 2],
    [600, 600],
    [600, 87],
    [5000, 4990],
    [5000, 1],
    [2 ** 52, 1],
  ] as const)
    expect(await oldestAnswering(current, server(oldest).answers)).toBe(oldest);
});

test("nothing answers, not even the present", async () => {
  const { asked, answers } = server(Infinity);
  expect(await oldestAnswering(5000, answers)).toBe(null);
  expect(asked).toEqual([5000]);
});

test("with a lowest version nothing below it is asked for", async () => {
  const { asked, answers } = server(10);
  expect(await oldestAnswering(5000, answers, 3000)).toBe(3000);
  expect(Math.min(...asked)).toBe(3000);
});

test("servers that disagree end the search all the same, with a version that did answer", async () => {
  await fc.assert(
    fc.asyncProperty(fc.func(fc.boolean()), async (answer) => {
      const answered = new Set<number>();
      let asked = 0;
      const found = await oldestAnswering(100_000, (version) => {
        asked += 1;
        const answers = answer(version);
        if (answers) answered.add(version);
        return Promise.resolve(answers);
      });
      expect(asked).toBeLessThanOrEqual(30);
      if (found !== null) expect(answered.has(found)).toBe(true);
    }),
  );
});

test("what the server refuses for another reason ends the search", async () => {
  const refuse = (): Promise<boolean> => Promise.reject(new Error("forbidden"));
  await expect(oldestAnswering(5000, refuse)).rejects.toThrow("forbidden");
});

test.each([
  ["8123", 8123],
  ["1", 1],
  ["9007199254740991", 9007199254740991],
  ["0", null],
  ["", null],
  ["007", null],
  ["-5", null],
  ["1.5", null],
  ["1e3", null],
  ["v1", null],
  [" 1", null],
  ["9007199254740993", null],
  ["99999999999999999999", null],
  [8123, null],
  [null, null],
])("the resourceVersion %j is %j", (text, number) => {
  expect(versionNumber(text)).toBe(number);
});

test("versions between two are inside, even and distinct", () => {
  expect(versionsBetween(100, 500, 3)).toEqual([200, 300, 400]);
  expect(versionsBetween(100, 102, 3)).toEqual([101]);
  expect(versionsBetween(100, 101, 3)).toEqual([]);
  expect(versionsBetween(500, 100, 3)).toEqual([]);
});
