import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jobOutcome } from "../../../src/batch/finish.ts";
import { indexHistory } from "../../../src/batch/history.ts";
import type { Job } from "../../../src/model/workload.ts";
import { ago, controlledBy, cronJob, DAY, finished, HOUR, job, snapshot } from "./objects.ts";

const backup = cronJob("backup");

function runsLeft(jobs: Job[], limits: Parameters<typeof cronJob>[1] = {}): (number | null | undefined)[] {
  const place = indexHistory(snapshot([cronJob("backup", limits), ...jobs]));
  return jobs.map((one) => place(one)?.runsLeft);
}

describe("history limits (cleanupFinishedJobs, pkg/controller/cronjob/cronjob_controllerv2.go)", () => {
  it("push out the oldest first and keep as many as the limit", () => {
    const jobs = [5, 4, 3, 2, 1].map((days) => finished(`d${String(days)}`, days * DAY, backup));
    expect(runsLeft(jobs)).toEqual([0, 0, 1, 2, 3]);
  });

  it("leave room for further runs below the limit", () => {
    expect(runsLeft([finished("one", DAY, backup)])).toEqual([3]);
  });

  it("count Complete and Failed apart", () => {
    const jobs = [
      finished("good", 3 * DAY, backup),
      finished("bad-old", 2 * DAY, backup, { outcome: "Failed" }),
      finished("bad-new", 1 * DAY, backup, { outcome: "Failed" }),
    ];
    expect(runsLeft(jobs)).toEqual([3, 0, 1]);
  });

  it("keep none at 0", () => {
    expect(runsLeft([finished("one", DAY, backup)], { successfulJobsHistoryLimit: 0 })).toEqual([0]);
  });

  it("break ties of startTime by name", () => {
    const [b, a] = [finished("b", DAY, backup), finished("a", DAY, backup)];
    expect(runsLeft([b, a], { successfulJobsHistoryLimit: 1 })).toEqual([1, 0]);
  });

  it("go by startTime, not by when a Job finished", () => {
    const slow = finished("slow", HOUR, backup, { startTime: ago(3 * DAY) });
    const quick = finished("quick", DAY, backup);
    expect(runsLeft([slow, quick], { successfulJobsHistoryLimit: 1 })).toEqual([0, 1]);
  });

  it("sort a Job without startTime last: it stays for ever, however old", () => {
    const [nameless, dated] = [finished("a", 9 * DAY, backup, { startTime: null }), finished("b", DAY, backup)];
    expect(runsLeft([nameless, dated], { successfulJobsHistoryLimit: 1 })).toEqual([null, 0]);
  });

  it("never count a Job that has not finished", () => {
    const unfinished = job("running", { meta: { ownerReferences: controlledBy(backup) } });
    const deciding = finished("deciding", DAY, backup, {
      conditions: [{ type: "FailureTarget", status: "True", reason: null, lastTransitionTime: ago(9) }],
    });
    expect(runsLeft([unfinished, deciding], { successfulJobsHistoryLimit: 0, failedJobsHistoryLimit: 0 })).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("match by the name of the controller reference alone, whatever its kind and uid", () => {
    const ownerReferences = [
      { apiVersion: "v1", kind: "ConfigMap", name: "backup", uid: "uid-of-a-configmap", controller: true },
    ];
    const strange = finished("strange", DAY, null, { meta: { ownerReferences } });
    expect(runsLeft([strange], { successfulJobsHistoryLimit: 0 })).toEqual([0]);
  });

  it("do not match an owner that does not control, nor another namespace", () => {
    const owned = finished("owned", DAY, null, {
      meta: { ownerReferences: controlledBy(backup, { controller: false }) },
    });
    const elsewhere = finished("elsewhere", DAY, backup, {
      meta: { namespace: "payments", ownerReferences: controlledBy(backup) },
    });
    expect(runsLeft([owned, elsewhere], { successfulJobsHistoryLimit: 0 })).toEqual([undefined, undefined]);
  });

  it("still count a Job whose deletion is held", () => {
    const held = finished("held", 2 * DAY, backup, {
      meta: { ownerReferences: controlledBy(backup), deletionTimestamp: ago(HOUR), finalizers: ["example.com/keep"] },
    });
    expect(runsLeft([held, finished("next", DAY, backup)], { successfulJobsHistoryLimit: 1 })).toEqual([0, 1]);
  });

  it("agree with playing the controller forward, run by run", () => {
    const anyJob = fc.record({ days: fc.option(fc.integer({ min: 1, max: 4 }), { nil: null }), failed: fc.boolean() });
    const property = fc.property(
      fc.array(anyJob, { maxLength: 8 }),
      fc.nat(3),
      fc.nat(3),
      (shapes, successful, failed) => {
        const jobs = shapes.map(({ days, failed: bad }, index) =>
          finished(`job-${String(index)}`, HOUR, backup, {
            outcome: bad ? "Failed" : "Complete",
            startTime: days === null ? null : ago(days * DAY),
          }),
        );
        const limits = { successfulJobsHistoryLimit: successful, failedJobsHistoryLimit: failed };
        expect(runsLeft(jobs, limits)).toEqual(
          jobs.map((one) => playForward(one, jobs, one.conditions[0]!.type === "Complete" ? successful : failed)),
        );
      },
    );
    fc.assert(property, { numRuns: 300 });
  });
});

/** Runs that it takes until the Job is deleted; null when twenty do not. Written as the controller acts: sort, cut, repeat. */
function playForward(job: Job, all: Job[], limit: number): number | null {
  let kept = all.filter((one) => jobOutcome(one) === jobOutcome(job));
  for (let runs = 0; runs <= 20; runs++) {
    kept.sort((a, b) => {
      const [x, y] = [a.startTime ?? "9999", b.startTime ?? "9999"];
      return x === y ? (a.meta.name < b.meta.name ? -1 : 1) : x < y ? -1 : 1;
    });
    kept = kept.slice(Math.max(0, kept.length - limit));
    if (!kept.includes(job)) return runs;
    kept.push(finished(`run-${String(runs)}`, HOUR, backup, { startTime: ago(-runs * HOUR) }));
  }
  return null;
}
