import { describe, expect, test } from "vitest";
import { DRIVER_IMAGE, personLines, Waiting } from "../../../../src/scenarios/lab/person.ts";
import type { LabEntry } from "../../../../src/scenarios/lab/plan.ts";
import { labs } from "../../../../src/scenarios/labs/index.ts";
import { ADVERSARIES } from "../../../../src/scenarios/needs.ts";

const entries: LabEntry[] = ADVERSARIES.map((id, at) => ({ number: at + 1, id, lab: labs[id] }));
const image = "registry.test/team/backup:nightly";

describe("before a run", () => {
  test("it is said what to push, until when, and how to do without", () => {
    expect(personLines(entries, image)).toEqual([
      "Needs you: to push another image under registry.test/team/backup:nightly, once adversary 4 asks for it; it then waits 240 s, and without you proves nothing",
      "           To do without adversary 4, name the others: replay --lab 1 2 3 5",
    ]);
  });

  test("alone it cannot be left out; without it, or with a digest, nobody is needed", () => {
    expect(personLines(entries.slice(3, 4), image)).toHaveLength(1);
    expect(personLines(entries.toSpliced(3, 1), image)).toEqual([]);
    expect(personLines(entries, DRIVER_IMAGE)).toEqual([
      "Left out:  adversary 4, which needs --image with a name that you can push to",
    ]);
    expect(personLines(entries, `registry.test/backup@sha256:${"a".repeat(64)}`)).toEqual([]);
  });
});

describe("while only the adversary that needs somebody is left", () => {
  function waiting(of: readonly LabEntry[]): { wait: Waiting; said: string[]; clock: { seconds: number } } {
    const [said, clock] = [[] as string[], { seconds: 0 }];
    const now = (): Date => new Date(clock.seconds * 1000);
    return { wait: new Waiting(of, { image, now, say: (text) => void said.push(text) }), said, clock };
  }

  test("it is said once, with the time that is left", () => {
    const { wait, said, clock } = waiting(entries);
    wait.asked(entries[3]!);
    for (const one of [entries[0]!, entries[1]!, entries[4]!]) wait.over(one);
    expect(said).toEqual([]);
    clock.seconds = 57;
    wait.over(entries[2]!);
    wait.asked(entries[3]!);
    expect(said).toEqual([
      `Only adversary 4 is not over: it waits at most 183 s more for you to push another image under ${image}.`,
    ]);
  });

  test("nothing is said before it has asked, where it is the only one, or where it was over first", () => {
    const early = waiting(entries.slice(2, 4));
    early.wait.over(entries[2]!);
    expect(early.said).toEqual([]);
    early.wait.asked(entries[3]!);
    expect(early.said).toEqual([expect.stringContaining("at most 240 s more")]);
    const alone = waiting(entries.slice(3, 4));
    alone.wait.asked(entries[3]!);
    alone.wait.over(entries[3]!);
    const first = waiting(entries);
    first.wait.asked(entries[3]!);
    for (const one of [3, 0, 1, 2, 4]) first.wait.over(entries[one]!);
    expect([...alone.said, ...first.said]).toEqual([]);
  });
});
