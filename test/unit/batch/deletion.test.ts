import { describe, expect, it } from "vitest";
import { indexOwners } from "../../../src/batch/owners.ts";
import { retention } from "../../../src/batch/retention.ts";
import type { CronJob, Job, Pod } from "../../../src/model/workload.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { ago, controlledBy, cronJob, DAY, finished, HOUR, NOW, pod, snapshot } from "./objects.ts";

const judge = (object: CronJob | Job | Pod, others: (CronJob | Job | Pod)[] = [], more: Partial<Snapshot> = {}) =>
  retention(object, indexOwners(snapshot([object, ...others], more)));

const podOf = (owner: Job, more: Parameters<typeof pod>[1] = {}) =>
  pod(`${owner.meta.name}-x`, { ...more, meta: { ownerReferences: controlledBy(owner), ...more.meta } });

describe("deletion under way", () => {
  const deleting = (seconds: number, ...finalizers: string[]) => ({ deletionTimestamp: ago(seconds), finalizers });

  it("that a finalizer holds has no end, and is overdue after a minute", () => {
    const given = finished("j", DAY, null, { meta: deleting(HOUR, "example.com/keep") });
    expect(judge(given)).toMatchObject({
      governedBy: "finalizer",
      deletesAt: null,
      isBound: true,
      why: "is being deleted, and finalizer example.com/keep holds it",
      overdueSeconds: HOUR,
    });
    expect(judge(finished("j", DAY, null, { meta: deleting(60, "example.com/keep") })).overdueSeconds).toBeNull();
  });

  it("outranks TTL and history limits", () => {
    const backup = cronJob("backup", { successfulJobsHistoryLimit: 0 });
    const given = finished("j", DAY, backup, {
      spec: { ttlSecondsAfterFinished: 0 },
      meta: { ...deleting(5, "example.com/keep"), ownerReferences: controlledBy(backup) },
    });
    expect(judge(given, [backup]).governedBy).toBe("finalizer");
  });

  it("of a pod ends at its deletionTimestamp, which includes the grace period", () => {
    const given = pod("p", { phase: "Running", meta: { ...deleting(-20), deletionGracePeriodSeconds: 30 } });
    expect(judge(given)).toMatchObject({ deletesAt: ago(-20), isBound: true, overdueSeconds: null });
  });

  it("of a pod that its node does not confirm is overdue", () => {
    expect(judge(pod("p", { meta: deleting(HOUR) }))).toMatchObject({ deletesAt: ago(HOUR), overdueSeconds: HOUR });
  });

  it("of a pod on which a controller leaves its finalizer is overdue, and says which", () => {
    const given = pod("p", { meta: deleting(HOUR, "batch.kubernetes.io/job-tracking") });
    expect(judge(given)).toMatchObject({
      governedBy: "owner",
      why: "is being deleted, and the finalizer batch.kubernetes.io/job-tracking stays on",
      overdueSeconds: HOUR,
    });
  });

  it("in the foreground waits for what the object owns, and for what holds that", () => {
    const backup = cronJob("backup", { meta: deleting(5, "foregroundDeletion") });
    const run = finished("run", DAY, backup, {
      meta: { ...deleting(5, "foregroundDeletion"), ownerReferences: controlledBy(backup) },
    });
    const free = podOf(run);
    expect(judge(run, [backup, free])).toMatchObject({ governedBy: "owner", deletesAt: ago(5) });
    const kept = podOf(run, { meta: { finalizers: ["example.com/keep"] } });
    expect(judge(kept, [backup, run])).toMatchObject({ governedBy: "finalizer", deletesAt: null });
    expect(judge(run, [backup, kept])).toMatchObject({
      governedBy: "finalizer",
      deletesAt: null,
      why: "is being deleted, and waits for pod/run-x, held by a finalizer",
    });
    expect(judge(backup, [run, kept])).toMatchObject({ governedBy: "finalizer", deletesAt: null });
    expect(judge(backup, [run, free])).toMatchObject({ governedBy: "owner", deletesAt: ago(5) });
  });

  it("of a Job in the foreground takes its pods first, whatever else holds the Job", () => {
    const owner = finished("j", DAY, null, { meta: deleting(5, "foregroundDeletion", "example.com/keep") });
    expect(judge(podOf(owner), [owner])).toMatchObject({ governedBy: "owner", deletesAt: NOW, isBound: true });
  });

  it("of a Job in the background leaves its pods until the finalizer lets the Job go", () => {
    const owner = finished("j", DAY, null, { meta: deleting(5, "example.com/keep") });
    expect(judge(podOf(owner), [owner])).toMatchObject({ governedBy: "finalizer", deletesAt: null });
  });

  it("of a Job with propagation policy Orphan leaves its pods for good", () => {
    const owner = finished("j", DAY, null, { spec: { ttlSecondsAfterFinished: 0 }, meta: deleting(5, "orphan") });
    expect(judge(podOf(owner), [owner])).toMatchObject({ governedBy: "none", deletesAt: null });
  });

  it("of a CronJob takes its Jobs and their pods", () => {
    const backup = cronJob("backup", { meta: deleting(5, "foregroundDeletion") });
    const run = finished("run", DAY, backup);
    expect(judge(run, [backup])).toMatchObject({ governedBy: "owner", deletesAt: NOW });
    expect(judge(podOf(run), [backup, run])).toMatchObject({ governedBy: "owner", deletesAt: NOW });
  });

  it("of a CronJob in the foreground may take a Job before its pods: blockOwnerDeletion decides, and is not seen", () => {
    const backup = cronJob("backup", { meta: deleting(5, "foregroundDeletion") });
    const meta = { ownerReferences: controlledBy(backup), finalizers: ["example.com/keep"] };
    const run = finished("run", DAY, backup, { meta });
    expect(judge(podOf(run), [backup, run])).toMatchObject({ governedBy: "finalizer", deletesAt: null });
    const free = finished("free", DAY, backup);
    const kept = podOf(free, { meta: { finalizers: ["example.com/keep"] } });
    expect(judge(free, [backup, kept])).toMatchObject({ governedBy: "finalizer", deletesAt: null });
  });

  it("of a CronJob in the foreground promises no end of a Job that it does not control while something holds the CronJob", () => {
    const backup = cronJob("backup", { meta: deleting(5, "foregroundDeletion") });
    const manual = finished("manual", DAY, null, {
      meta: { ownerReferences: controlledBy(backup, { controller: false }) },
    });
    expect(judge(manual, [backup])).toMatchObject({ governedBy: "owner", deletesAt: NOW });
    const held = finished("run", DAY, backup, {
      meta: { ownerReferences: controlledBy(backup), finalizers: ["example.com/keep"] },
    });
    expect(judge(manual, [backup, held])).toMatchObject({
      governedBy: "finalizer",
      deletesAt: null,
      isBound: true,
      why: "goes with cronjob/backup, which is being deleted, and waits for job/run, held by a finalizer",
    });
  });

  it("of a CronJob with propagation policy Orphan leaves its Jobs within the limits for good", () => {
    const backup = cronJob("backup", { meta: deleting(5, "orphan") });
    const judged = judge(finished("run", DAY, backup), [backup]);
    expect(judged).toMatchObject({ governedBy: "none", deletesAt: null });
    expect(judged.why).toContain("cronjob/backup is being deleted without its Jobs");
  });

  it.each(["orphan", "foregroundDeletion"])(
    "of a CronJob with the finalizer %s never ends where the API server refuses its schedule",
    (finalizer) => {
      const of = (schedule: string, timeZone: string | null = null) =>
        judge(cronJob("backup", { schedule, timeZone, meta: deleting(5, finalizer) }));
      expect(of("61 * * * *")).toMatchObject({
        governedBy: "finalizer",
        deletesAt: null,
        isBound: true,
        overdueSeconds: null,
        why: expect.stringMatching(
          `^is being deleted, and the finalizer ${finalizer} cannot be taken off: the API server refuses its schedule \\(`,
        ),
      });
      for (const schedule of ["", "0 0 * * * *", "TZ=0", "TZ=Mars/Olympus 0 1 1 1 *"])
        expect(of(schedule).governedBy, schedule).toBe("finalizer");
      expect(of("TZ=UTC 0 1 1 1 *", "UTC").governedBy).toBe("finalizer");
      expect(of("TZ=UTC 0 1 1 1 *").governedBy).toBe("owner");
      expect(of("TZ=Local 0 1 1 1 *").governedBy).toBe("owner");
      // Of a zone only a change is validated, and a date that never comes is none of validation's business.
      expect(of("0 1 1 1 *", "Mars/Olympus").governedBy).toBe("owner");
      expect(of("0 0 31 2 *").governedBy).toBe("owner");
    },
  );

  it("of a CronJob that cannot be let go releases or takes its Jobs all the same", () => {
    const broken = (finalizer: string) => cronJob("backup", { schedule: "61 * * * *", meta: deleting(5, finalizer) });
    const foreground = broken("foregroundDeletion");
    expect(judge(finished("run", DAY, foreground), [foreground])).toMatchObject({
      governedBy: "owner",
      deletesAt: NOW,
    });
    const manual = finished("manual", DAY, null, {
      meta: { ownerReferences: controlledBy(foreground, { controller: false }) },
    });
    expect(judge(manual, [foreground])).toMatchObject({ governedBy: "owner", deletesAt: NOW });
    const orphaning = broken("orphan");
    expect(judge(finished("run", DAY, orphaning), [orphaning])).toMatchObject({ governedBy: "none", deletesAt: null });
  });

  it("is not mistaken for the job-tracking finalizer, which the job controller takes away", () => {
    const owner = finished("j", 600, null, { spec: { ttlSecondsAfterFinished: HOUR } });
    const given = podOf(owner, { meta: { finalizers: ["batch.kubernetes.io/job-tracking"] } });
    expect(judge(given, [owner])).toMatchObject({ isBound: false, why: "with job/j: TTL of 3600 s after it finished" });
  });
});
