import { describe, expect, it } from "vitest";
import { indexOwners } from "../../../src/batch/owners.ts";
import { retention } from "../../../src/batch/retention.ts";
import type { CronJob, Job, Pod } from "../../../src/model/workload.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import {
  ago,
  condition,
  controlledBy,
  cronJob,
  DAY,
  finished,
  forbidden,
  HOUR,
  job,
  node,
  NOW,
  pod,
  snapshot,
  template,
} from "./objects.ts";

const judge = (object: CronJob | Job | Pod, others: (CronJob | Job | Pod)[] = [], more: Partial<Snapshot> = {}) =>
  retention(object, indexOwners(snapshot([object, ...others], more)));

const podOf = (owner: Job, more: Parameters<typeof pod>[1] = {}) =>
  pod(`${owner.meta.name}-x`, { ...more, meta: { ownerReferences: controlledBy(owner), ...more.meta } });

describe("TTL (pkg/controller/ttlafterfinished)", () => {
  it("ends a Job at the time of its finish plus ttlSecondsAfterFinished, exactly", () => {
    const given = finished("j", 600, null, { spec: { ttlSecondsAfterFinished: HOUR } });
    expect(judge(given)).toEqual({
      governedBy: "ttl",
      deletesAt: ago(600 - HOUR),
      isBound: false,
      assumes: null,
      why: "TTL of 3600 s after it finished",
      overdueSeconds: null,
      afterRuns: null,
    });
  });

  it("counts from the Failed condition of a failed Job, which has no completionTime", () => {
    const given = finished("j", 600, null, { outcome: "Failed", spec: { ttlSecondsAfterFinished: HOUR } });
    expect(judge(given).deletesAt).toBe(ago(600 - HOUR));
  });

  it("does not begin before the Job has finished", () => {
    const given = job("j", {
      spec: { ttlSecondsAfterFinished: 60 },
      conditions: [condition("FailureTarget", ago(HOUR))],
    });
    expect(judge(given)).toMatchObject({ governedBy: "ttl", deletesAt: null, isBound: true });
  });

  it("of 0 is a TTL, not none", () => {
    expect(judge(finished("j", 10, null, { spec: { ttlSecondsAfterFinished: 0 } }))).toMatchObject({
      governedBy: "ttl",
      deletesAt: ago(10),
    });
  });

  it.each([
    [60, null],
    [61, 61],
    [DAY, DAY],
  ])("that ended %d seconds ago is overdue by %s", (seconds, overdueSeconds) => {
    const given = finished("j", 100 + seconds, null, { spec: { ttlSecondsAfterFinished: 100 } });
    const judged = judge(given);
    expect(judged).toMatchObject({ governedBy: "ttl", deletesAt: ago(seconds), overdueSeconds });
    expect(judged.why.includes("TTL controller is not deleting")).toBe(overdueSeconds !== null);
  });

  it("never ends where the condition has no time: the controller gives up on such a Job", () => {
    const given = finished("j", 10, null, {
      conditions: [condition("Complete", null)],
      spec: { ttlSecondsAfterFinished: 0 },
    });
    expect(judge(given)).toMatchObject({ governedBy: "none", deletesAt: null });
  });

  it("takes the Job's pods along, also those that another finalizer of the Job would hold (foreground)", () => {
    const owner = finished("j", 600, null, {
      spec: { ttlSecondsAfterFinished: HOUR },
      meta: { finalizers: ["example.com/keep"] },
    });
    expect(judge(podOf(owner), [owner])).toMatchObject({
      governedBy: "ttl",
      deletesAt: ago(600 - HOUR),
      isBound: false,
    });
    expect(judge(owner)).toMatchObject({ governedBy: "finalizer", deletesAt: null, isBound: true });
    expect(judge(owner).why).toBe("TTL of 3600 s after it finished; but finalizer example.com/keep holds it");
  });

  it("waits for the Job's pods, and so for what holds one of them", () => {
    const owner = finished("j", 600, null, { spec: { ttlSecondsAfterFinished: HOUR } });
    const kept = podOf(owner, { meta: { finalizers: ["example.com/keep"] } });
    expect(judge(owner, [kept])).toMatchObject({ governedBy: "finalizer", deletesAt: null });
    expect(judge(kept, [owner])).toMatchObject({ governedBy: "finalizer", deletesAt: null });
    expect(judge(owner, [podOf(owner)])).toMatchObject({ governedBy: "ttl" });
  });

  it("of a CronJob's Job is exact where no more runs can reach the history limit before", () => {
    const backup = cronJob("backup");
    const given = finished("j", 600, backup, { spec: { ttlSecondsAfterFinished: HOUR } });
    expect(judge(given, [backup])).toMatchObject({ governedBy: "ttl", deletesAt: ago(600 - HOUR), isBound: false });
  });

  it("gives way to a history limit that acts now", () => {
    const backup = cronJob("backup", { successfulJobsHistoryLimit: 0 });
    const given = finished("j", 600, backup, { spec: { ttlSecondsAfterFinished: HOUR } });
    expect(judge(given, [backup])).toMatchObject({ governedBy: "history-limit", deletesAt: NOW });
  });

  it("and a history limit that are both due may leave the pods of a Job that a finalizer holds", () => {
    const backup = cronJob("backup", { successfulJobsHistoryLimit: 0 });
    const meta = { ownerReferences: controlledBy(backup), finalizers: ["example.com/keep"] };
    const given = finished("j", DAY, backup, { spec: { ttlSecondsAfterFinished: 0 }, meta });
    expect(judge(podOf(given), [given, backup])).toMatchObject({ governedBy: "finalizer", deletesAt: null });
    const high = cronJob("backup", { successfulJobsHistoryLimit: 9 });
    expect(judge(podOf(given), [given, high])).toMatchObject({ governedBy: "ttl", deletesAt: ago(DAY) });
  });

  it("that ended before the history limit acts governs", () => {
    const backup = cronJob("backup", { successfulJobsHistoryLimit: 0 });
    const given = finished("j", 2 * HOUR, backup, { spec: { ttlSecondsAfterFinished: 60 } });
    expect(judge(given, [backup])).toMatchObject({ governedBy: "ttl", overdueSeconds: 2 * HOUR - 60 });
  });
});

describe("history limits", () => {
  const backup = cronJob("backup", { successfulJobsHistoryLimit: 2, timeZone: "Etc/UTC", lastScheduleTime: NOW });
  const [old, middle, recent] = [3, 2, 1].map((days) => finished(`d${String(days)}`, days * DAY, backup)) as [
    Job,
    Job,
    Job,
  ];
  const all = [backup, old, middle, recent];
  const of = (object: Job, owner: CronJob) => judge(object, [owner, ...all.slice(1).filter((one) => one !== object)]);

  it("delete a Job beyond the limit at the CronJob's next sync, which no clock tells", () => {
    expect(of(old, backup)).toMatchObject({ governedBy: "history-limit", deletesAt: NOW, isBound: true });
  });

  it("give within the limit the earliest time at which further runs push the Job out, and what that assumes", () => {
    expect(of(middle, backup)).toMatchObject({
      governedBy: "history-limit",
      deletesAt: ago(-2 * HOUR),
      isBound: true,
      assumes: "the next run succeeds",
      why: "cronjob/backup keeps 2 successful: goes after 1 more successful run; one takes 1h",
    });
    expect(of(recent, backup)).toMatchObject({
      deletesAt: ago(-3 * HOUR),
      assumes: "the next 2 runs succeed",
      why: "cronjob/backup keeps 2 successful: goes after 2 more successful runs; one takes 1h",
    });
    expect([of(middle, backup), of(recent, backup)].map(({ afterRuns }) => afterRuns)).toEqual([1, 2]);
  });

  it("still delete what is beyond them when the CronJob is suspended", () => {
    expect(of(old, { ...backup, suspend: true })).toMatchObject({ governedBy: "history-limit", deletesAt: NOW });
  });

  it("keep what is within them for good when the CronJob is suspended: no run follows", () => {
    const judged = of(middle, { ...backup, suspend: true });
    expect(judged).toMatchObject({ governedBy: "none", deletesAt: null, isBound: false, afterRuns: 1 });
    expect(judged.why).toContain(
      "no run follows while it is suspended: 1 more successful run would have to come first",
    );
  });

  it("are a limit of their own where Jobs are missing from the evidence: those may have pushed this one out", () => {
    const owner = { ...backup, suspend: true };
    const chosen = indexOwners(snapshot([owner, middle], { source: "dump" }));
    expect(retention(middle, chosen)).toMatchObject({
      governedBy: "history-limit",
      deletesAt: null,
      isBound: true,
      afterRuns: null,
      why: "cronjob/backup keeps 2 successful, and is suspended: goes after at most 2 more successful runs",
    });
  });

  it("count a run that is under way when the CronJob was suspended", () => {
    const active = job("active", { meta: { ownerReferences: controlledBy(backup) } });
    const suspended = { ...backup, suspend: true };
    expect(judge(middle, [suspended, old, recent, active]).governedBy).toBe("history-limit");
    expect(judge(recent, [suspended, old, middle, active]).governedBy).toBe("none");
  });

  it("take the Job's pods along, after the Job: its finalizers hold them too (background)", () => {
    const held = { ...old, meta: { ...old.meta, finalizers: ["example.com/keep"] } };
    expect(judge(podOf(old), all)).toMatchObject({ governedBy: "history-limit", deletesAt: NOW });
    expect(judge(podOf(held), [backup, held, middle, recent])).toMatchObject({
      governedBy: "finalizer",
      deletesAt: null,
      why: "with job/d3: cronjob/backup keeps 2 successful, and it is beyond: goes at the CronJob's next sync; but finalizer example.com/keep holds it",
    });
  });

  it("do not wait for a finalizer of the Job's pods (background)", () => {
    const kept = podOf(old, { meta: { finalizers: ["example.com/keep"] } });
    expect(judge(old, [...all, kept])).toMatchObject({ governedBy: "history-limit", deletesAt: NOW });
    expect(judge(kept, all)).toMatchObject({ governedBy: "finalizer", deletesAt: null });
  });

  it("apply to a Job that has not finished only once it has", () => {
    const active = job("active", { meta: { ownerReferences: controlledBy(backup) } });
    expect(judge(active, [{ ...backup, failedJobsHistoryLimit: 0 }])).toMatchObject({
      governedBy: "history-limit",
      deletesAt: NOW,
      isBound: true,
      assumes: "it fails",
    });
  });

  it("do not apply to a Job that its CronJob owns without controlling", () => {
    const manual = finished("manual", DAY, null, {
      meta: { ownerReferences: controlledBy(backup, { controller: false }) },
    });
    const judged = judge(manual, [cronJob("backup", { successfulJobsHistoryLimit: 0 })]);
    expect(judged).toMatchObject({ governedBy: "none", deletesAt: null });
    expect(judged.why).toContain(
      "cronjob/backup owns it without controlling it, so its history limits do not count it",
    );
  });

  it("apply to a manual Job that kubectl made with a controller reference, whatever its annotation says", () => {
    const annotations = { "cronjob.kubernetes.io/instantiate": "manual" };
    const manual = finished("manual", DAY, backup, { meta: { annotations, ownerReferences: controlledBy(backup) } });
    expect(judge(manual, [backup]).governedBy).toBe("history-limit");
  });

  it("never reach a Job without startTime", () => {
    const timeless = finished("timeless", DAY, backup, { startTime: null });
    expect(judge(timeless, [backup])).toMatchObject({ governedBy: "none", deletesAt: null });
  });
});

describe("owners", () => {
  it("that are gone take their dependents at the garbage collector's next pass", () => {
    const lost = podOf(finished("j", DAY, null));
    expect(judge(lost)).toMatchObject({ governedBy: "owner", deletesAt: NOW, isBound: true });
  });

  it("that could not be seen leave the end unknown, never absent", () => {
    const lost = podOf(finished("j", DAY, null));
    const judged = judge(lost, [], { blindSpots: [forbidden("jobs", null)] });
    expect(judged).toMatchObject({ governedBy: "owner", deletesAt: null, isBound: true });
    expect(judged.why).toBe("its job/j decides, and when is not known: jobs could not be listed: Forbidden");
  });

  it("that a file of objects lacks are no more gone than that", () => {
    const judged = judge(podOf(finished("j", DAY, null)), [], { source: "dump" });
    expect(judged).toMatchObject({ governedBy: "owner", deletesAt: null, isBound: true });
    expect(judged.why).toBe("its job/j decides, and when is not known: the evidence is a file that may lack some jobs");
  });

  it("that could not be seen may come before the TTL", () => {
    const given = finished("j", 600, cronJob("backup"), { spec: { ttlSecondsAfterFinished: HOUR } });
    const judged = judge(given, [], { blindSpots: [forbidden("cronjobs", null)] });
    expect(judged).toMatchObject({ governedBy: "ttl", deletesAt: ago(600 - HOUR), isBound: true });
  });

  it("of kinds that are not looked at leave the end unknown", () => {
    const ownerReferences = [
      { apiVersion: "argoproj.io/v1alpha1", kind: "Workflow", name: "w", uid: "u", controller: true },
    ];
    for (const given of [pod("p", { meta: { ownerReferences } }), cronJob("c", { meta: { ownerReferences } })]) {
      expect(judge(given)).toMatchObject({ governedBy: "owner", deletesAt: null, isBound: true });
    }
  });
});

describe("no end is known of", () => {
  const threshold =
    "the pod garbage collector may take it at its threshold (finished pods seen: 1 of 12,500, the default; not visible)";

  it("a Job made by hand without a TTL, nor its pods", () => {
    const manual = finished("manual", DAY, null);
    expect(judge(manual)).toEqual({
      governedBy: "none",
      deletesAt: null,
      isBound: false,
      assumes: null,
      why: "it has no TTL; no CronJob owns it",
      overdueSeconds: null,
      afterRuns: null,
    });
    expect(judge(podOf(manual), [manual]).why).toBe(`with job/manual: it has no TTL; no CronJob owns it; ${threshold}`);
  });

  it("a pod that its Job's deletion left behind", () => {
    const labels = { "batch.kubernetes.io/controller-uid": "u", "batch.kubernetes.io/job-name": "import-1" };
    const why = `its job/import-1 was deleted without its pods, and no owner is left to take it along; ${threshold}`;
    expect(judge(pod("p", { meta: { labels } }))).toMatchObject({ governedBy: "none", deletesAt: null, why });
  });

  it("a bare pod; of one that runs, the pod garbage collector is not said to take it", () => {
    expect(judge(pod("p")).why).toBe(`no owner takes it along; ${threshold}`);
    expect(judge(pod("p", { phase: "Running" })).why).toBe("no owner takes it along");
  });

  it("a CronJob", () => {
    expect(judge(cronJob("backup"))).toMatchObject({ governedBy: "none", deletesAt: null });
  });
});

describe("nodes (pkg/controller/podgc)", () => {
  const on = (nodeName: string, more: Parameters<typeof pod>[1] = {}) =>
    pod("p", { template: template({ nodeName }), ...more });

  it("that are gone take their pods along within 80 seconds", () => {
    expect(judge(on("n1"), [], { nodes: [node("n2")] })).toMatchObject({
      governedBy: "pod-gc",
      deletesAt: ago(-80),
      isBound: true,
      assumes: null,
    });
  });

  it("that were not all seen are not gone", () => {
    const blind = { blindSpots: [forbidden("nodes", null)] };
    expect(judge(on("n1"), [], blind)).toMatchObject({ governedBy: "none", deletesAt: null });
    expect(judge(on("n1"), [], blind).why).toContain(
      "whether its node is still there is not seen: nodes could not be listed",
    );
    expect(judge(on("n1"), [], { source: "dump" }).governedBy).toBe("none");
  });

  it("are no news of a pod that started while the evidence was taken", () => {
    expect(judge(on("n1", { startTime: NOW })).governedBy).toBe("none");
  });

  const tainted = (key: string, effect: string) => node("n1", { taints: [{ key, effect }] });

  it("that are there keep the pod", () => {
    expect(judge(on("n1"), [], { nodes: [node("n1")] })).toMatchObject({ governedBy: "none" });
  });

  it.each([
    [node("n1", { meta: { deletionTimestamp: NOW } }), "its node n1 is leaving (it is being deleted)"],
    [tainted("karpenter.sh/disrupted", "NoSchedule"), "its node n1 is leaving (taint karpenter.sh/disrupted)"],
  ])("that are leaving give an end without a time", (leaving, why) => {
    const judged = judge(on("n1"), [], { nodes: [leaving] });
    expect(judged).toMatchObject({ governedBy: "pod-gc", deletesAt: null, isBound: true });
    expect(judged.why).toContain(why);
  });

  it("that do not answer may come back", () => {
    const silent = tainted("node.kubernetes.io/unreachable", "NoExecute");
    expect(judge(on("n1"), [], { nodes: [silent] })).toMatchObject({ governedBy: "none" });
    expect(judge(on("n1"), [], { nodes: [silent] }).why).toContain("its node n1 does not answer");
  });

  it("that are new and not ready yet evict nobody", () => {
    const young = tainted("node.kubernetes.io/not-ready", "NoSchedule");
    expect(judge(on("n1"), [], { nodes: [young] }).why).not.toContain("does not answer");
  });

  it("come before a later end of the Job, and after an earlier one", () => {
    const brief = finished("j", 60, null, { spec: { ttlSecondsAfterFinished: 90 } });
    expect(judge(podOf(brief, { template: template({ nodeName: "n1" }) }), [brief]).governedBy).toBe("ttl");
    const long = finished("j", 60, null, { spec: { ttlSecondsAfterFinished: HOUR } });
    expect(judge(podOf(long, { template: template({ nodeName: "n1" }) }), [long]).governedBy).toBe("pod-gc");
    expect(judge(long).governedBy).toBe("ttl");
  });

  it("cannot take a pod that a finalizer holds", () => {
    expect(judge(on("n1", { meta: { finalizers: ["example.com/keep"] } }))).toMatchObject({
      governedBy: "finalizer",
      deletesAt: null,
    });
  });

  it("that are gone end the deletion that they have not confirmed", () => {
    const meta = { deletionTimestamp: ago(HOUR) };
    expect(judge(on("n1", { meta })).why).toContain("its node is gone: the pod garbage collector is due to remove it");
    expect(judge(on("n1", { meta }), [], { nodes: [node("n1")] }).why).toContain("its node has not confirmed it");
  });
});
