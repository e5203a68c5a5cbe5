import { describe, expect, it } from "vitest";
import { indexOwners } from "../../../src/batch/owners.ts";
import { NO_LIMIT, patchOf } from "../../../src/hold/fields.ts";
import { notHeld } from "../../../src/hold/not-held.ts";
import { concerned, planHold, titleOf, type HoldPlan } from "../../../src/hold/plan.ts";
import type { Selection } from "../../../src/model/selection.ts";
import type { CronJob, Job, Pod } from "../../../src/model/workload.ts";
import { ago, controlledBy, cronJob, everything, finished, HOUR, job, node, pod, snapshot } from "../batch/objects.ts";

const named = (kind: string, name: string): Selection => everything({ objects: [{ kind, namespace: null, name }] });
const plan = (selection: Selection, ...objects: (CronJob | Job | Pod)[]): HoldPlan => {
  const given = snapshot(objects);
  return planHold(given, selection, indexOwners(given));
};
const said = ({ steps }: HoldPlan): Record<string, Record<string, unknown>> =>
  Object.fromEntries(
    steps.map((step) => [titleOf(step.object), Object.fromEntries(step.changes.map(({ field, to }) => [field, to]))]),
  );

const limits = { successfulJobsHistoryLimit: NO_LIMIT, failedJobsHistoryLimit: NO_LIMIT };
const ttl = (seconds: number) => ({ spec: { ttlSecondsAfterFinished: seconds } });
const backup = cronJob("backup");
const run = finished("run", HOUR, backup, ttl(7200));
const stranger = finished("stranger", HOUR, null, ttl(90));

describe("what a hold changes", () => {
  it("of a CronJob: no further run, no pruning, no TTL of its Jobs", () => {
    expect(said(plan(named("CronJob", "backup"), backup, run, stranger))).toEqual({
      "cronjob/backup": { suspend: true, ...limits },
      "job/run": { ttlSecondsAfterFinished: null },
    });
  });

  it("of a Job: its TTL, and the limits that count it; its CronJob goes on", () => {
    expect(said(plan(named("Job", "run"), backup, run, stranger))).toEqual({
      "cronjob/backup": limits,
      "job/run": { ttlSecondsAfterFinished: null },
    });
    expect(said(plan(named("Job", "stranger"), backup, run, stranger))).toEqual({
      "job/stranger": { ttlSecondsAfterFinished: null },
    });
  });

  it("of a Job that the next run would replace: that run", () => {
    const replacing = cronJob("backup", { concurrencyPolicy: "Replace", active: ["now"] });
    const now = job("now", { meta: { ownerReferences: controlledBy(replacing) } });
    expect(said(plan(named("Job", "now"), replacing, now))).toEqual({ "cronjob/backup": { suspend: true, ...limits } });
  });

  it("of a pod: its Job; a bare pod cannot be held", () => {
    const owned = pod("p", { meta: { ownerReferences: controlledBy(run) } });
    expect(Object.keys(said(plan(named("Pod", "p"), backup, run, owned)))).toEqual(["cronjob/backup", "job/run"]);
    const bare = plan(named("Pod", "bare"), backup, run, pod("bare"));
    expect(bare.steps).toEqual([]);
    expect(bare.cannot.map(({ object }) => object.name)).toEqual(["bare"]);
  });

  it("of everything: what goes first comes first; what needs nothing is named as such", () => {
    const idle = cronJob("idle", { suspend: true, ...limits });
    const all = plan(everything(), backup, run, stranger, idle, finished("plain", HOUR, null));
    expect(all.steps.map(({ object }) => object.name)).toEqual(["stranger", "backup", "run"]);
    expect(all.already.map(({ object }) => object.name)).toEqual(["idle", "plain"]);
  });

  it("by a patch of that version alone", () => {
    expect(patchOf([{ field: "suspend", from: false, to: true }], "17")).toEqual({
      metadata: { resourceVersion: "17" },
      spec: { suspend: true },
    });
  });
});

describe("what cannot be held", () => {
  it("is what goes by no field of its own", () => {
    const refused = cronJob("refused", { schedule: "0 3 * *" });
    const going = finished("going", HOUR, null, { ...ttl(60), meta: { deletionTimestamp: ago(5) } });
    const orphan = finished("orphan", HOUR, cronJob("nobody"), ttl(9000));
    const all = plan(everything(), refused, going, orphan);
    expect(all.steps).toEqual([]);
    expect(Object.fromEntries(all.cannot.map(({ object, because }) => [object.name, because]))).toEqual({
      refused: expect.stringContaining("the API server refuses every change"),
      going: "it is being deleted",
      orphan: expect.stringContaining("the garbage collector"),
    });
  });

  it("is said of nodes, deadlines and the pod garbage collector", () => {
    const leaving = node("n", { taints: [{ key: "ToBeDeletedByClusterAutoscaler", effect: "NoSchedule" }] });
    const slow = job("slow", { spec: { activeDeadlineSeconds: 60 } });
    const onNode = pod("p", { meta: { ownerReferences: controlledBy(slow) } });
    const given = snapshot([slow, { ...onNode, template: { ...onNode.template, nodeName: "n" } }], {
      nodes: [leaving],
    });
    const owners = indexOwners(given);
    const found = notHeld(concerned(given, everything(), owners), owners);
    expect(found.map(({ what, objectCount }) => `${what} ${String(objectCount)}`)).toEqual([
      "node-removal 1",
      "deadline 1",
      "node-removal 0",
      "pod-gc 0",
    ]);
  });
});
