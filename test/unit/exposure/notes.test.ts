import { describe, expect, test } from "vitest";
import { judge } from "../../../src/exposure/judge.ts";
import type { Judged } from "../../../src/exposure/judged.ts";
import { questionNotes } from "../../../src/exposure/notes.ts";
import { EVERYTHING } from "../../../src/exposure/report.ts";
import type { SubjectRef } from "../../../src/model/report.ts";
import { ago, cronJob, DAY } from "../batch/objects.ts";
import { carrying, literal, run, seen } from "./objects.ts";

const judged = (objects: Parameters<typeof seen>[0]): Judged[] => judge(seen(objects), { allReaders: false }).judged;
const notes = (of: readonly Judged[], parts: Partial<typeof EVERYTHING> = {}): string[] =>
  questionNotes(of, { ...EVERYTHING, ...parts });
const [bare] = judged(run("r", DAY, null, [literal("a")]));

describe("a report says", () => {
  test("nothing that does not concern it", () => {
    expect(notes([])).toEqual([]);
    expect(notes([bare!])).toEqual([]);
  });

  test("that runs which are gone are not left out of a CronJob's hours", () => {
    expect(notes(judged([carrying("backup", [literal("a")])]))).toEqual([
      expect.stringMatching(/^Hours at rest of a CronJob's credentials do not leave out runs that are no longer/),
    ]);
  });

  test("that ends by history limits assume something", () => {
    const owner = { ...cronJob("backup"), successfulJobsHistoryLimit: 1, timeZone: "Etc/UTC" };
    const all = judged([owner, ...run("r", DAY, owner, [literal("a")])]);
    expect(all[0]!.item.carriers[0]!.closesAssumes).not.toBeNull();
    expect(notes(all)).toEqual([expect.stringMatching(/^Ends by history limits are the earliest credible ones/)]);
  });

  test("which time the hours count", () => {
    const whole = "windows are shown whole.";
    expect(notes([bare!], { since: ago(DAY) })).toEqual([
      `Hours at rest count the time from ${ago(DAY)} alone; ${whole}`,
    ]);
    expect(notes([], { since: ago(DAY), until: ago(0) })).toEqual([
      `Hours at rest count the time from ${ago(DAY)} to ${ago(0)} alone; ${whole}`,
    ]);
    expect(notes([], { until: ago(0) })).toEqual([`Hours at rest count the time to ${ago(0)} alone; ${whole}`]);
  });

  test("whose view it is, and that a user's groups are not in the cluster", () => {
    const alice: SubjectRef = { kind: "User", namespace: null, name: "alice" };
    const etl: SubjectRef = { kind: "ServiceAccount", namespace: "database", name: "etl" };
    const [said] = notes([], { asSeenBy: [alice, { kind: "Group", namespace: null, name: "dba" }] });
    expect(said).toMatch(
      /^What alice, dba reads by its own grants, from when each is proved; .*--as-seen-by group:NAME\.$/,
    );
    expect(notes([], { asSeenBy: [etl] })[0]).toMatch(
      /^What database\/etl reads by its own grants.*kubectl cronaudit access\.$/,
    );
  });
});
