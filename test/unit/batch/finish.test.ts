import { describe, expect, it } from "vitest";
import { jobFinishedAt, jobOutcome, podFinish, podFinished, podStartedAt } from "../../../src/batch/finish.ts";
import { ago, condition, job, pod, running, terminated } from "./objects.ts";

const ready = (status: string, at: string | null) => condition("Ready", at, status, "PodCompleted");

describe("when a pod finished (getFinishedTime, pkg/controller/job/backoff_utils.go)", () => {
  it("takes the latest finishedAt of all containers, whatever their order", () => {
    const statuses = [terminated("a", ago(90)), terminated("b", ago(30)), terminated("c", ago(60))];
    for (const containers of [statuses, statuses.toReversed()]) {
      expect(podFinish(pod("p", { containers }))).toEqual({ at: ago(30), source: "containers" });
    }
  });

  it("counts restartable init containers, which end after the others", () => {
    const containers = [terminated("main", ago(90)), terminated("proxy", ago(30), "sidecar")];
    expect(podFinish(pod("p", { containers }))?.at).toBe(ago(30));
  });

  it("does not count plain init containers or ephemeral containers", () => {
    const containers = [
      terminated("init", ago(10), "init"),
      terminated("main", ago(90)),
      running("debugger", "ephemeral"),
    ];
    expect(podFinish(pod("p", { containers }))?.at).toBe(ago(90));
  });

  it("prefers the containers to the Ready condition, the deletion and the creation", () => {
    const given = pod("p", {
      containers: [terminated("main", ago(90))],
      conditions: [ready("False", ago(80))],
      meta: { deletionTimestamp: ago(10), deletionGracePeriodSeconds: 30 },
    });
    expect(podFinish(given)?.at).toBe(ago(90));
  });

  it("falls back on Ready=False when one container has no finish time", () => {
    const containers = [terminated("a", ago(90)), terminated("b", null)];
    expect(podFinish(pod("p", { containers, conditions: [ready("False", ago(80))] }))).toEqual({
      at: ago(80),
      source: "ready-condition",
    });
  });

  it("falls back on Ready=False when a sidecar has not terminated", () => {
    const containers = [terminated("main", ago(90)), running("proxy", "sidecar")];
    expect(podFinish(pod("p", { containers, conditions: [ready("False", ago(80))] }))?.source).toBe("ready-condition");
  });

  it("asks the sidecars alone when a container has not terminated, as Kubernetes does", () => {
    const containers = [running("main"), terminated("proxy", ago(70), "sidecar")];
    expect(podFinish(pod("p", { containers, conditions: [ready("False", ago(80))] }))?.at).toBe(ago(70));
  });

  it("ignores Ready=True and a Ready condition without a time", () => {
    for (const conditions of [[ready("True", ago(80))], [ready("False", null)]]) {
      const given = pod("p", { conditions, meta: { creationTimestamp: ago(500) } });
      expect(podFinish(given)).toEqual({ at: ago(500), source: "creation" });
    }
  });

  it("takes Go's zero time, which a file may hold, for none", () => {
    const zero = "0001-01-01T00:00:00Z";
    const containers = [terminated("a", ago(90)), terminated("b", zero)];
    const given = pod("p", { containers, conditions: [ready("False", zero)], meta: { creationTimestamp: ago(500) } });
    expect(podFinish(given)).toEqual({ at: ago(500), source: "creation" });
    expect(podFinish(pod("p", { meta: { creationTimestamp: zero } }))).toBeNull();
    expect(jobFinishedAt(job("j", { conditions: [condition("Failed", zero)] }))).toBeNull();
  });

  it("takes the grace period off the deletionTimestamp, none when it is absent", () => {
    const withGrace = pod("p", { meta: { deletionTimestamp: ago(10), deletionGracePeriodSeconds: 30 } });
    expect(podFinish(withGrace)).toEqual({ at: ago(40), source: "deletion" });
    expect(podFinish(pod("p", { meta: { deletionTimestamp: ago(10) } }))?.at).toBe(ago(10));
  });

  it("falls back on the creation at last, and has no answer for a pod without one", () => {
    expect(podFinish(pod("p", { meta: { creationTimestamp: ago(500) } }))?.at).toBe(ago(500));
    expect(podFinish(pod("p", { meta: { creationTimestamp: null } }))).toBeNull();
  });

  it.each(["Pending", "Running", "Unknown"])("has no answer in phase %s", (phase) => {
    const given = pod("p", { phase, conditions: [ready("False", ago(80))], containers: [terminated("main", ago(90))] });
    expect(podFinish(given)).toBeNull();
  });

  it("counts a deleting pod as finished only when none of its containers runs", () => {
    const deleting = { phase: "Running", meta: { deletionTimestamp: ago(10) } };
    expect(podFinished(pod("p", { ...deleting, containers: [running("main")] }))).toBe(false);
    expect(podFinished(pod("p", { ...deleting, containers: [terminated("main", ago(20))] }))).toBe(true);
  });
});

describe("when a pod started", () => {
  it("is status.startTime, which the kubelet sets before it pulls images", () => {
    expect(podStartedAt(pod("p", { startTime: ago(99), containers: [running("main")] }))).toBe(ago(99));
  });

  it("is the earliest container start where startTime is absent, and unknown without either", () => {
    const containers = [
      { ...running("a"), startedAt: ago(50) },
      { ...running("b"), startedAt: ago(70) },
    ];
    expect(podStartedAt(pod("p", { startTime: null, containers }))).toBe(ago(70));
    expect(podStartedAt(pod("p", { startTime: null }))).toBeNull();
  });
});

describe("when a Job finished (jobFinishTime, pkg/controller/ttlafterfinished)", () => {
  it.each([
    ["Complete", "complete"],
    ["Failed", "failed"],
  ])("is the lastTransitionTime of %s with status True", (type, outcome) => {
    const given = job("j", {
      completionTime: ago(999),
      conditions: [condition("Suspended", ago(5)), condition(type, ago(60))],
    });
    expect(jobOutcome(given)).toBe(outcome);
    expect(jobFinishedAt(given)).toBe(ago(60));
  });

  it.each(["SuccessCriteriaMet", "FailureTarget", "Suspended"])("is not yet there with %s", (type) => {
    const given = job("j", { conditions: [condition(type, ago(60))] });
    expect(jobOutcome(given)).toBeNull();
    expect(jobFinishedAt(given)).toBeNull();
  });

  it.each(["False", "Unknown"])("is not yet there with Complete=%s", (status) => {
    expect(jobOutcome(job("j", { conditions: [condition("Complete", ago(60), status)] }))).toBeNull();
  });

  it("is unknown for a condition without a time, though the Job has finished", () => {
    const given = job("j", { conditions: [condition("Failed", null)] });
    expect(jobOutcome(given)).toBe("failed");
    expect(jobFinishedAt(given)).toBeNull();
  });
});
