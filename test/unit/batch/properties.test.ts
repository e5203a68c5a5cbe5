import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { indexOwners } from "../../../src/batch/owners.ts";
import { staleReport } from "../../../src/batch/report.ts";
import { retention } from "../../../src/batch/retention.ts";
import type { ObjectMeta, OwnerReference } from "../../../src/model/object.ts";
import type { BlindSpot, Resource, Snapshot } from "../../../src/model/snapshot.ts";
import type { CronJob, Job, Pod } from "../../../src/model/workload.ts";
import {
  ago,
  condition,
  controlledBy,
  cronJob,
  DAY,
  everything,
  finished,
  forbidden,
  HOUR,
  job,
  pod,
  running,
  snapshot,
  terminated,
  WORKLOADS,
} from "./objects.ts";

// Few names, so that objects meet: same names in two namespaces, references to what is there and to what is not.
const name = fc.constantFrom("a", "b");
const namespace = fc.constantFrom("x", "y");
const time = fc.option(fc.integer({ min: -HOUR, max: 2 * DAY }).map(ago), { nil: null });

const reference: fc.Arbitrary<OwnerReference> = fc
  .record({
    kind: fc.constantFrom("CronJob", "Job", "ReplicaSet"),
    name,
    namespace,
    controller: fc.boolean(),
    stale: fc.boolean(),
  })
  .map(({ kind, name: owner, namespace: where, controller, stale }) => ({
    apiVersion: kind === "ReplicaSet" ? "apps/v1" : "batch/v1",
    kind,
    name: owner,
    uid: stale ? "uid-of-another" : `${kind}/${where}/${owner}`,
    controller,
  }));

const ownMeta = (kind: string) =>
  fc
    .record({
      name,
      namespace,
      creationTimestamp: time,
      deletionTimestamp: fc.option(time, { nil: null, freq: 1 }),
      finalizers: fc.subarray(
        ["foregroundDeletion", "orphan", "example.com/keep", "batch.kubernetes.io/job-tracking"],
        { maxLength: 2 },
      ),
      ownerReferences: fc.array(reference, { maxLength: 2 }),
      labels: fc.constantFrom<Record<string, string>>(
        {},
        { app: "backup" },
        { "controller-uid": "Job/x/a", "job-name": "a" },
      ),
    })
    .map((given): Partial<ObjectMeta> => ({ ...given, uid: `${kind}/${given.namespace}/${given.name}` }));

const conditions = fc.array(
  fc
    .record({
      type: fc.constantFrom("Complete", "Failed", "FailureTarget", "Ready"),
      at: time,
      status: fc.constantFrom("True", "False"),
    })
    .map(({ type, at, status }) => condition(type, at, status)),
  { maxLength: 2 },
);

const cronJobs = fc
  .record({
    meta: ownMeta("CronJob"),
    suspend: fc.boolean(),
    successfulJobsHistoryLimit: fc.nat(2),
    failedJobsHistoryLimit: fc.nat(1),
  })
  .map(({ meta, ...more }) => cronJob(meta.name!, { meta, ...more }));
const jobs = fc
  .record({
    meta: ownMeta("Job"),
    startTime: time,
    conditions,
    spec: fc.record({
      ttlSecondsAfterFinished: fc.option(fc.nat(DAY), { nil: null }),
      suspend: fc.boolean(),
      activeDeadlineSeconds: fc.option(fc.nat(DAY), { nil: null }),
    }),
  })
  .map(({ meta, ...more }) => job(meta.name!, { meta, ...more }));
const pods = fc
  .record({
    meta: ownMeta("Pod"),
    phase: fc.constantFrom("Running", "Succeeded", "Failed", "Pending"),
    startTime: time,
    conditions,
    containers: fc.array(
      fc.oneof(
        fc.constant(running("main")),
        time.map((at) => terminated("main", at)),
      ),
      { maxLength: 2 },
    ),
  })
  .map(({ meta, ...more }) => pod(meta.name!, { meta, ...more }));

const unique = <T extends CronJob | Job | Pod>(one: fc.Arbitrary<T>) =>
  fc.uniqueArray(one, { selector: ({ meta }) => meta.uid, maxLength: 4 });
const blind: fc.Arbitrary<BlindSpot[]> = fc.subarray(
  WORKLOADS.flatMap((resource) => [forbidden(resource, "x"), forbidden(resource, null)]),
  { maxLength: 2 },
);
const cluster = fc.tuple(unique(cronJobs), unique(jobs), unique(pods)).map((kinds) => kinds.flat());

const check = (body: (objects: (CronJob | Job | Pod)[], blindSpots: BlindSpot[]) => void) => {
  fc.assert(fc.property(cluster, fc.oneof(fc.constant<BlindSpot[]>([]), blind), body), { numRuns: 500 });
};

describe("for any cluster", () => {
  it("the report does not depend on the order of the lists", () => {
    check((objects, blindSpots) => {
      const report = staleReport(snapshot(objects, { blindSpots }), everything());
      expect(staleReport(snapshot(objects.toReversed(), { blindSpots }), everything())).toEqual(report);
    });
  });

  it("every retention says why; `none` has no time and is no bound; only a passed time is overdue", () => {
    check((objects, blindSpots) => {
      const given = snapshot(objects, { blindSpots });
      const owners = indexOwners(given);
      for (const object of objects) {
        const judged = retention(object, owners);
        expect(judged.why).not.toBe("");
        if (judged.governedBy === "none")
          expect(judged).toMatchObject({ deletesAt: null, isBound: false, overdueSeconds: null });
        else expect(judged.deletesAt !== null || judged.isBound).toBe(true);
        if (judged.overdueSeconds !== null) expect(judged.overdueSeconds).toBeGreaterThan(60);
        if (judged.overdueSeconds !== null && judged.deletesAt !== null)
          expect(Date.parse(judged.deletesAt)).toBeLessThan(owners.takenAt);
      }
    });
  });

  it("without finalizers, a pod goes by whatever governs the Job that controls it, at the same time", () => {
    check((objects) => {
      const owners = indexOwners(snapshot(objects));
      for (const object of objects) {
        const owner = object.kind === "Pod" && object.meta.ownerReferences.length === 1 ? owners.jobOf(object) : null;
        if (owner === null || object.meta.deletionTimestamp !== null || owner.meta.deletionTimestamp !== null) continue;
        if (objects.some(({ meta }) => meta.finalizers.includes("example.com/keep"))) continue;
        const [ofPod, ofJob] = [retention(object, owners), retention(owner, owners)];
        expect([ofPod.governedBy, ofPod.deletesAt]).toEqual([ofJob.governedBy, ofJob.deletesAt]);
      }
    });
  });

  it("what the caller may not see makes no orphan, and no end that is known", () => {
    check((objects) => {
      const hidden: Resource[] = ["cronjobs", "jobs"];
      const blindSpots = hidden.map((resource) => forbidden(resource, null));
      const seen: Partial<Snapshot> = { blindSpots };
      const owners = indexOwners(
        snapshot(
          objects.filter(({ kind }) => kind === "Pod"),
          seen,
        ),
      );
      for (const object of objects) {
        if (object.kind !== "Pod") continue;
        expect(owners.ownership(object).state).not.toBe("gone");
        const batch = object.meta.ownerReferences.some(({ kind }) => kind !== "ReplicaSet");
        if (batch && object.meta.deletionTimestamp === null)
          expect(retention(object, owners)).toMatchObject({ governedBy: "owner", deletesAt: null });
      }
    });
  });

  it("a selection keeps items as they were judged, and adds none", () => {
    check((objects, blindSpots) => {
      const given = snapshot(objects, { blindSpots });
      const all = staleReport(given, everything()).items;
      const labels = [{ key: "app", operator: "=" as const, values: ["backup"] }];
      const some = staleReport(given, everything({ labels })).items;
      const labelled = new Set(
        objects.filter(({ meta }) => meta.labels["app"] === "backup").map(({ meta }) => meta.uid),
      );
      expect(some).toEqual(all.filter(({ object }) => labelled.has(object.uid ?? "")));
    });
  });
});

describe("for a large cluster", () => {
  /** CronJobs with ten finished runs each, and their pods. */
  function large(count: number): Snapshot {
    const objects: (CronJob | Job | Pod)[] = [];
    for (let index = 0; index < count; index++) {
      const owner = cronJob(`c${String(index)}`);
      objects.push(owner);
      for (let run = 0; run < 10; run++) {
        const done = finished(`c${String(index)}-${String(run)}`, run * HOUR, owner);
        objects.push(done, pod(`${done.meta.name}-x`, { meta: { ownerReferences: controlledBy(done) } }));
      }
    }
    return snapshot(objects);
  }

  it("the time grows with the number of objects, not with its square", () => {
    const [small, big] = [large(100), large(800)];
    // Processor time, which other work on the machine does not stretch as it does the clock.
    const spent = (given: Snapshot): number => {
      const times = [1, 2, 3, 4, 5].map(() => {
        const start = process.cpuUsage();
        staleReport(given, everything());
        const { user, system } = process.cpuUsage(start);
        return user + system;
      });
      return Math.min(...times);
    };
    spent(small);
    // Eight times the objects; a quadratic step would take sixty-four times as long.
    expect(spent(big) / spent(small)).toBeLessThan(24);
  }, 60_000);
});
