import { describe, expect, it } from "vitest";
import { changeKey } from "../../../src/cleanup/changes/index.ts";
import { begin, finish, newRun } from "../../../src/cleanup/carry-out.ts";
import { Journal } from "../../../src/cleanup/journal.ts";
import { readJournal } from "../../../src/cleanup/read-journal.ts";
import { resultOf, statusOf } from "../../../src/cleanup/result.ts";
import { isOver, runOf } from "../../../src/cleanup/resume.ts";
import type { Json } from "../../../src/model/api.ts";
import type { Also, CleanupChange, CleanupRules } from "../../../src/model/cleanup.ts";
import type { ChosenItem } from "../../../src/model/journal.ts";
import { Failure } from "./bundle-fixture.ts";
import { rules } from "./objects.ts";
import { chosenItem, FakeServer, jobAndPod, keptOf, Memory, pathOf, planHead, workOver } from "./run-fixture.ts";

const PATIENCE = { milliseconds: 3000, firstPoll: 200, longestPoll: 1000 };
const ALSO: Also[] = [{ way: "suspend" }, { way: "ttl", seconds: 3600 }, { way: "history-limit", limit: 1 }];
const DIFFS: Record<string, [CleanupChange["patch"], string[]]> = {
  suspend: [{ spec: { suspend: true } }, [" spec:", "-  suspend: false", "+  suspend: true"]],
  ttl: [
    { spec: { jobTemplate: { spec: { ttlSecondsAfterFinished: 3600 } } } },
    [" spec:", "   jobTemplate:", "     spec:", "+      ttlSecondsAfterFinished: 3600"],
  ],
  "history-limit": [
    { spec: { successfulJobsHistoryLimit: 1 } },
    [" spec:", "-  successfulJobsHistoryLimit: 3", "+  successfulJobsHistoryLimit: 1"],
  ],
};
const OWNER = { kind: "CronJob", namespace: "database", name: "nightly", uid: "uid-nightly" };

function cronJob(): Json {
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name: "nightly", namespace: "database", uid: "uid-nightly", resourceVersion: "5" },
    spec: { schedule: "0 0 * * *", suspend: false, successfulJobsHistoryLimit: 3, jobTemplate: { spec: {} } },
  };
}

/** A finished run of the CronJob, and its pod. */
function runNamed(name: string): { job: Json; pod: Json } {
  const pair = jobAndPod(name);
  const ownerReferences = [
    { apiVersion: "batch/v1", kind: "CronJob", name: "nightly", uid: "uid-nightly", controller: true },
  ];
  Object.assign(pair.job["metadata"] as Json, { ownerReferences });
  return pair;
}

const itemOf = (name: string): ChosenItem => chosenItem(name, { owner: OWNER });

function changesFor(names: string[], also = ALSO): CleanupChange[] {
  return also.map(({ way }) => ({
    way,
    object: OWNER,
    resource: { group: "batch", version: "v1", resource: "cronjobs" },
    resourceVersion: "5",
    because: "",
    patch: DIFFS[way]![0],
    diff: DIFFS[way]![1],
    takes: [],
    items: names.map((name) => `uid-${name}`),
    decision: "change",
    refusedBecause: null,
  }));
}

const NAMES = ["a", "b"];
/** The CronJob is in the evidence as well. */
const kept = (): Map<string, string> => new Map([...keptOf(...NAMES), ["uid-nightly", "5"]]);

function stage(more: Partial<CleanupRules> = {}, changes = changesFor(NAMES)) {
  const server = new FakeServer(...NAMES.map(runNamed));
  const owner = cronJob();
  server.objects.set(pathOf(owner), owner);
  const memory = new Memory();
  const run = newRun(NAMES.map(itemOf), changes);
  const work = workOver(server, memory, { rules: rules({ also: ALSO, ...more }) });
  const outcomes = (): string[] =>
    changes.map(({ way, object }) => `${way}: ${run.changed.get(changeKey({ way, uid: object.uid }))?.outcome ?? "-"}`);
  return { server, owner, memory, run, work, outcomes, go: () => finish(run, kept(), work, PATIENCE) };
}

describe("changes beside a cleanup", () => {
  it("suspend first, the others after all deletions; each with preconditions, after its intent, and read afterwards", async () => {
    const set = stage();
    const order: string[] = [];
    set.server.before = () => order.push("delete");
    set.server.beforePatch = ({ patch }) => {
      order.push(Object.keys(patch["spec"] as Json)[0]!);
      expect(patch["metadata"]).toMatchObject({ uid: "uid-nightly" });
      expect(set.memory.steps.at(-1)).toMatchObject({ step: "change-intent", uid: "uid-nightly" });
    };
    await set.go();
    expect(order).toEqual(["suspend", "delete", "delete", "jobTemplate", "successfulJobsHistoryLimit"]);
    expect(set.outcomes()).toEqual(["suspend: done", "ttl: done", "history-limit: done"]);
    expect(set.owner["spec"]).toMatchObject({
      suspend: true,
      successfulJobsHistoryLimit: 1,
      jobTemplate: { spec: { ttlSecondsAfterFinished: 3600 } },
    });
    const result = resultOf(planHead(), {
      ...set.run,
      journal: "j",
      token: null,
      notes: [],
      at: "2026-11-22T05:41:09Z",
    });
    expect(statusOf(result, set.run.chosen)).toBe(0);
    expect(statusOf({ ...result, changes: [{ ...result.changes[0]!, outcome: "refused" }] }, set.run.chosen)).toBe(2);
  });

  it.each<[string, (set: ReturnType<typeof stage>) => void, string, string]>([
    [
      "the status moved alone",
      ({ owner }) => void Object.assign(owner["metadata"] as Json, { resourceVersion: "6" }),
      "done",
      "",
    ],
    [
      "it is so already",
      ({ owner }) => void Object.assign(owner["spec"] as Json, { suspend: true }),
      "already",
      "so already",
    ],
    ["it is gone", ({ server, owner }) => void server.objects.delete(pathOf(owner)), "already", "gone"],
    [
      "it was made anew",
      ({ owner }) => void Object.assign(owner["metadata"] as Json, { uid: "uid-2" }),
      "refused",
      "another object",
    ],
    [
      "it is protected now",
      ({ owner }) => void Object.assign(owner["metadata"] as Json, { annotations: { "cronaudit/protect": "" } }),
      "refused",
      "cronaudit/protect",
    ],
    [
      "a tool manages it now",
      ({ owner }) => void Object.assign(owner["metadata"] as Json, { labels: { "argocd.argoproj.io/instance": "x" } }),
      "refused",
      "Argo CD",
    ],
    ["the server refuses", ({ server }) => void (server.beforePatch = () => thrown(403)), "failed", ""],
    ["it changes each time", ({ server }) => void (server.beforePatch = () => thrown(409)), "conflict", ""],
    [
      "somebody puts it back",
      ({ server, owner }) => void (server.afterPatch = () => reset(owner)),
      "failed",
      "shows it undone",
    ],
  ])("%s", async (_, act, outcome, because) => {
    const set = stage({ also: [ALSO[0]!] }, changesFor(NAMES, [ALSO[0]!]));
    act(set);
    await set.go();
    const done = set.run.changed.get("suspend uid-nightly")!;
    expect(done.outcome).toBe(outcome);
    expect(done.because).toContain(because);
  });

  it("an answer that did not come is read, and what stands is not sent again", async () => {
    for (const when of ["before", "after"] as const) {
      const set = stage();
      let first = true;
      const fails = (): void => {
        if (first) {
          first = false;
          thrown(503);
        }
      };
      if (when === "before") set.server.beforePatch = fails;
      else set.server.afterPatch = fails;
      await set.go();
      expect(set.outcomes()).toEqual(["suspend: done", "ttl: done", "history-limit: done"]);
      expect(set.server.patches.length, when).toBe(when === "before" ? 4 : 3);
    }
  });

  it("a plan's changes have to follow from its own rules and choice", async () => {
    const [suspend, ttl] = changesFor(NAMES);
    const other = { ...OWNER, name: "other", uid: "uid-other" };
    const changes = [
      { ...suspend!, object: other },
      { ...suspend!, items: ["uid-none"] },
      { ...ttl!, patch: { spec: { jobTemplate: { spec: { ttlSecondsAfterFinished: 9 } } } } },
    ];
    const set = stage({ also: [{ way: "suspend" }, { way: "ttl", seconds: 3600 }] }, changes);
    await set.go();
    expect(set.outcomes()).toEqual(["suspend: refused", "suspend: refused", "ttl: refused"]);
    const none = stage({ also: [] });
    await none.go();
    expect(none.outcomes()).toEqual(["suspend: refused", "ttl: refused", "history-limit: refused"]);
    expect([...set.server.patches, ...none.server.patches]).toEqual([]);
  });

  it("a lower limit is not set where it would take a Job at once", async () => {
    const set = stage();
    set.server.after = () => {
      for (const name of ["late-1", "late-2"]) {
        const { job, pod } = runNamed(name);
        for (const one of [job, pod]) set.server.objects.set(pathOf(one), one);
      }
    };
    await set.go();
    expect(set.run.changed.get("history-limit uid-nightly")).toMatchObject({
      outcome: "refused",
      because: expect.stringContaining("job/late-1 would go at once") as string,
    });
    // Nor where one that was to go is still there.
    const still = stage();
    await finish(still.run, new Map([["uid-nightly", "5"]]), still.work, PATIENCE);
    expect(still.run.changed.get("history-limit uid-nightly")!.because).toContain("was to be deleted before");
  });

  it("of a dry run are asked for, and not made", async () => {
    const set = stage();
    const before = structuredClone(set.owner);
    await finish(set.run, null, { ...set.work, journal: null }, PATIENCE);
    expect(set.outcomes()).toEqual(["suspend: dry-run", "ttl: dry-run", "history-limit: dry-run"]);
    expect(set.owner).toEqual(before);
    expect(set.server.patches.every(({ dryRun }) => dryRun)).toBe(true);
  });
});

function thrown(status: number): never {
  throw new Failure(status, "Refused");
}

function reset(owner: Json): void {
  Object.assign(owner["spec"] as Json, { suspend: false });
}

/** Thrown where the process would have ended. */
class Killed extends Error {}

describe("a run with changes that is resumed", () => {
  it.each(["request", "ttl"] as const)(
    "ends the same wherever it was ended, and sends nothing twice (%s)",
    async (by) => {
      for (let nth = 1; nth < 60; nth++) {
        const set = stage({ by, cascade: by === "ttl" ? "foreground" : "background" });
        let steps = 0;
        const reached = (): Promise<void> => ((steps += 1) >= nth ? Promise.reject(new Killed()) : Promise.resolve());
        set.memory.before = () => {
          if (steps >= nth) throw new Killed();
        };
        const head = planHead({ rules: set.work.rules, changes: [...set.run.changes] });
        try {
          const tool = { tool: "t", operator: { user: null, local: null } };
          await begin(set.work.journal!, head, set.run, tool);
          await set.work.journal!.write({ step: "evidence", evidence: { path: "x", sha256: "y" }, missing: [] });
          await finish(set.run, kept(), { ...set.work, reached }, PATIENCE);
        } catch (error) {
          if (!(error instanceof Killed) && (error as Error).name !== "Stopped") throw error;
        }
        set.memory.before = () => undefined;
        const state = readJournal(set.memory.text, "j");
        const run = runOf(state, "j");
        const journal = new Journal(set.memory, set.work.now, state.end);
        await finish(run, kept(), { ...set.work, journal }, PATIENCE);
        expect(
          [...run.changed.values()].map(({ outcome }) => outcome),
          `step ${String(nth)}`,
        ).toEqual(["done", "done", "done"]);
        expect(
          [...run.verified.values()].map(({ outcome }) => outcome),
          `step ${String(nth)}`,
        ).toEqual(["gone", "gone"]);
        const sent = set.server.patches.map(({ path, patch }) => `${path} ${JSON.stringify(patch["spec"])}`);
        expect(new Set(sent).size, `step ${String(nth)}`).toBe(sent.length);
        expect(set.server.names()).toEqual(["nightly"]);
        expect(isOver(readJournal(set.memory.text, "j"), run)).toBe(true);
      }
    },
  );
});

describe("by a TTL", () => {
  it("each Job gets one of 0, with its uid and resourceVersion, and goes", async () => {
    const set = stage({ by: "ttl", cascade: "foreground", also: [] }, []);
    await set.go();
    expect(set.server.removals).toEqual([]);
    expect(set.server.patches).toMatchObject([
      { patch: { metadata: { uid: "uid-a", resourceVersion: "7" }, spec: { ttlSecondsAfterFinished: 0 } } },
      { patch: { metadata: { uid: "uid-b", resourceVersion: "7" } } },
    ]);
    expect([...set.run.verified.values()].map(({ outcome }) => outcome)).toEqual(["gone", "gone"]);
    expect(set.memory.steps.filter(({ step }) => step === "intent")).toMatchObject([{ by: "ttl" }, { by: "ttl" }]);
  });

  it("where nobody acts on it that is said, and no answer is resolved by what stands", async () => {
    const set = stage({ by: "ttl", cascade: "foreground", also: [] }, []);
    set.server.hasTtl = false;
    set.server.afterPatch = () => thrown(503);
    await set.go();
    expect(set.server.patches.length).toBe(2);
    expect([...set.run.verified.values()]).toMatchObject([
      {
        outcome: "unknown",
        because: "its TTL was set to 0, and it was not seen to go: the TTL controller deletes it, if it runs",
      },
      { outcome: "unknown" },
    ]);
  });
});
