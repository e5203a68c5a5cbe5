import { describe, expect, it } from "vitest";
import {
  DEADLINE_GRACE_SECONDS,
  hungBecause,
  LONG_RUN_FACTOR,
  LONG_RUN_SECONDS,
  LONG_RUN_WITHOUT_HISTORY_SECONDS,
  REST_OF_POD_SECONDS,
  typicalRuns,
} from "../../../src/batch/hung.ts";
import { indexOwners } from "../../../src/batch/owners.ts";
import type { CronJob, Job, Pod } from "../../../src/model/workload.ts";
import {
  ago,
  condition,
  controlledBy,
  cronJob,
  DAY,
  finished,
  HOUR,
  job,
  pod,
  running,
  snapshot,
  template,
  terminated,
} from "./objects.ts";

function because(given: Job, others: (CronJob | Job | Pod)[] = []): string | null {
  const owners = indexOwners(snapshot([given, ...others]));
  return hungBecause(given, owners, typicalRuns(owners));
}

const container = (name: string) => ({ name, kind: "container" as const, image: "i", imagePullPolicy: null });

describe("a Job hangs when its main container has ended and the rest of the pod has not", () => {
  const active = job("j", { startTime: ago(20 * 60) });
  const declared = template({ containers: [container("backup"), container("proxy")] });
  const half = (seconds: number, more: Parameters<typeof pod>[1] = {}) =>
    pod("p", {
      phase: "Running",
      template: declared,
      containers: [running("proxy"), terminated("backup", ago(seconds))],
      ...more,
      meta: { ownerReferences: controlledBy(active), ...more.meta },
    });

  it("for longer than the grace", () => {
    expect(because(active, [half(REST_OF_POD_SECONDS + 60)])).toBe("container backup ended 6m ago, but proxy runs on");
    expect(because(active, [half(REST_OF_POD_SECONDS)])).toBeNull();
  });

  it("and not when only another container has ended", () => {
    const containers = [running("backup"), terminated("proxy", ago(HOUR))];
    expect(because(active, [half(0, { containers })])).toBeNull();
  });

  it("and not when only a sidecar goes on, which the kubelet ends", () => {
    const containers = [terminated("backup", ago(HOUR)), running("proxy", "sidecar")];
    expect(because(active, [half(0, { containers })])).toBeNull();
  });

  it("and not when the pod has finished or is being deleted", () => {
    expect(because(active, [half(HOUR, { phase: "Succeeded" })])).toBeNull();
    expect(because(active, [half(HOUR, { meta: { deletionTimestamp: ago(5) } })])).toBeNull();
  });
});

describe("a Job with activeDeadlineSeconds hangs", () => {
  const past = (seconds: number, more: Parameters<typeof job>[1] = {}) =>
    job("j", { startTime: ago(600 + seconds), ...more, spec: { activeDeadlineSeconds: 600, ...more.spec } });

  it("when it is active after its deadline, counted from startTime, and the controller's grace", () => {
    expect(because(past(DEADLINE_GRACE_SECONDS))).toBeNull();
    expect(because(past(HOUR))).toBe("is still active 1h after its deadline of 10m");
  });

  it("at no other time, however long it runs", () => {
    const long = job("j", { startTime: ago(30 * DAY), spec: { activeDeadlineSeconds: 31 * DAY } });
    expect(because(long)).toBeNull();
  });

  it("never while it is suspended, not started, or finished", () => {
    expect(because(past(HOUR, { spec: { suspend: true } }))).toBeNull();
    expect(because(past(0, { startTime: null }))).toBeNull();
    expect(because(past(HOUR, { conditions: [condition("Failed", ago(5))] }))).toBeNull();
  });
});

describe("a Job without a deadline hangs", () => {
  const backup = cronJob("backup");
  const active = (seconds: number) =>
    job("now", { startTime: ago(seconds), meta: { ownerReferences: controlledBy(backup) } });
  /** A run that took so many seconds. */
  const took = (name: string, seconds: number, outcome: "Complete" | "Failed" = "Complete") =>
    finished(name, DAY, backup, { outcome, startTime: ago(DAY + seconds) });

  it("after many times the median of its CronJob's successful runs", () => {
    const history = [took("a", 10 * 60), took("b", 20 * 60), took("c", 5 * HOUR)];
    const limit = LONG_RUN_FACTOR * 20 * 60;
    expect(because(active(limit), [backup, ...history])).toBeNull();
    expect(because(active(limit + 60), [backup, ...history])).toBe(
      "has run for 3h21m without a deadline; its CronJob's successful runs took 20m (median)",
    );
  });

  it("never in its first hour, however short the others were", () => {
    expect(because(active(LONG_RUN_SECONDS), [backup, took("a", 1)])).toBeNull();
    expect(because(active(LONG_RUN_SECONDS + 1), [backup, took("a", 1)])).not.toBeNull();
  });

  it("by the middle of two runs when their number is even", () => {
    const history = [took("a", 10 * 60), took("b", 30 * 60)];
    expect(because(active(LONG_RUN_FACTOR * 20 * 60 + 1), [backup, ...history])).not.toBeNull();
    expect(because(active(LONG_RUN_FACTOR * 20 * 60), [backup, ...history])).toBeNull();
  });

  it("after six hours when nothing has succeeded: how fast a run failed says nothing", () => {
    const history = [took("a", 5, "Failed")];
    expect(because(active(LONG_RUN_WITHOUT_HISTORY_SECONDS), [backup, ...history])).toBeNull();
    expect(because(active(LONG_RUN_WITHOUT_HISTORY_SECONDS + 720), [backup, ...history])).toBe(
      "has run for 6h12m without a deadline, and no finished run to compare it with",
    );
  });

  it("also when no pod could be made for it, as under a quota", () => {
    expect(because(job("j", { startTime: ago(DAY), active: 0 }))).toContain("has run for 1d without a deadline");
  });
});
