import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { indexOwners } from "../../src/batch/owners.ts";
import { ORPHANED_POD_SECONDS } from "../../src/batch/pod-gc.ts";
import { retention } from "../../src/batch/retention.ts";
import type { Retention } from "../../src/model/report.ts";
import { ensure, must, pathOf } from "../control-plane/act.ts";
import { cronJob } from "../control-plane/cast/character.ts";
import { podAnnotations } from "../control-plane/pod-annotations.ts";
import { etcdOf, secondsAfter, storageKey } from "../control-plane/time.ts";
import { stamp, type Stored } from "../control-plane/story.ts";
import { useCluster } from "../control-plane/test.ts";
import { modelRun, type Model } from "./batch-zoo.ts";
import { collected } from "./collected.ts";
import type { Ending, Past } from "./histories/draw.ts";
import { endJobs, presentUids, rewriteMany } from "./histories/drive.ts";
import { copyOf } from "./histories/write.ts";

const cluster = useCluster({ own: true, needs: ["edit-etcd", "fake-node"] });

/** What a run takes, and how much later than said a Job may go: the controllers of a busy machine take their time. */
const TAKES = 7;
const EARLY = 3;
const LATE = 20;
const podSpec = { restartPolicy: "Never", containers: [{ name: "main", image: "registry.example.com/nightly:1" }] };

/** A CronJob that really runs, with Jobs that are said to go by and by. */
interface Clockwork {
  name: string;
  schedule: string;
  spec?: Stored;
  lastScheduleTime?: Date;
  /** How its runs end. */
  ends: Ending;
  jobs: Partial<Past>[];
}

/** All sorts of schedules whose next slot is the given minute. */
function clockworks(slot: Date): Clockwork[] {
  const minute = (zoneMinutes = 0): number => (((slot.getUTCMinutes() + zoneMinutes) % 60) + 60) % 60;
  const done: Partial<Past> = { ended: "Complete" };
  const failed: Partial<Past> = { ended: "Failed" };
  const hourly = `${String(minute())} * * * *`;
  const one = { successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 1 };
  const daily = `${String(minute())} ${String(slot.getUTCHours())} * * *`;
  return [
    { name: "utc", schedule: hourly, spec: { ...one, timeZone: "Etc/UTC" }, ends: "Complete", jobs: [done, failed] },
    {
      name: "kolkata",
      schedule: `${String(minute(30))} * * * *`,
      spec: { ...one, timeZone: "Asia/Kolkata" },
      ends: "Complete",
      jobs: [done],
    },
    {
      name: "kathmandu",
      schedule: `${String(minute(45))} * * * *`,
      spec: { ...one, timeZone: "Asia/Kathmandu" },
      ends: "Complete",
      jobs: [done],
    },
    // In the zone of the controller-manager, which the run of yesterday tells.
    {
      name: "local",
      schedule: daily,
      spec: one,
      lastScheduleTime: secondsAfter(slot, -86_400),
      ends: "Complete",
      jobs: [done],
    },
    { name: "failing", schedule: hourly, spec: one, ends: "Failed", jobs: [done, failed] },
    {
      name: "each-minute",
      schedule: "* * * * *",
      spec: { successfulJobsHistoryLimit: 2 },
      ends: "Complete",
      jobs: [done, { ...done, minutesAgo: 70 }],
    },
    { name: "every", schedule: "@every 50s", spec: one, ends: "Complete", jobs: [done] },
    { name: "roomy", schedule: hourly, spec: { successfulJobsHistoryLimit: 3 }, ends: "Complete", jobs: [done] },
    {
      name: "replacing",
      schedule: hourly,
      spec: { ...one, concurrencyPolicy: "Replace" },
      ends: "Complete",
      jobs: [{ ended: null, suspended: true, active: true }],
    },
    {
      name: "forbidding",
      schedule: hourly,
      spec: { ...one, concurrencyPolicy: "Forbid" },
      ends: "Complete",
      jobs: [done, { ended: null, suspended: true, active: true }],
    },
    { name: "suspended", schedule: "* * * * *", spec: { ...one, suspend: true }, ends: "Complete", jobs: [done] },
    {
      name: "late",
      schedule: "* * * * *",
      spec: { ...one, startingDeadlineSeconds: 0 },
      ends: "Complete",
      jobs: [done],
    },
    {
      name: "every-late",
      schedule: "@every 40s",
      spec: { ...one, startingDeadlineSeconds: 30 },
      ends: "Complete",
      jobs: [done],
    },
    {
      name: "strange",
      schedule: hourly,
      spec: { successfulJobsHistoryLimit: 0 },
      ends: "Complete",
      jobs: [{ ended: null, owner: "stranger" }],
    },
    { name: "brief", schedule: hourly, spec: one, ends: "Complete", jobs: [{ ...done, ttl: 86_400 }] },
  ];
}

async function write(model: Model, { name, schedule, spec, lastScheduleTime, ends, jobs }: Clockwork): Promise<void> {
  const { plane, namespace } = cluster;
  const manifest = cronJob(namespace, name, schedule, podSpec, { ...spec, jobSpec: { backoffLimit: 0 } });
  manifest["spec"].jobTemplate.spec.template.metadata.annotations = {
    [podAnnotations.exitCode]: ends === "Complete" ? "0" : "1",
    [podAnnotations.runFor]: `${String(TAKES - 2)}s`,
  };
  const { metadata } = await ensure(plane, manifest);
  const map = await ensure(plane, { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace, name } });
  const active: Stored[] = [];
  const stored = jobs.map((given, index) => {
    const past: Past = {
      name: `${name}-j${String(index)}`,
      ended: null,
      suspended: false,
      managedBy: true,
      minutesAgo: 80,
      ttl: null,
      changedTtl: undefined,
      owner: "controller",
      kept: false,
      active: false,
      withPod: false,
      ...given,
    };
    const stranger = past.owner === "stranger";
    const owner = { apiVersion: stranger ? "v1" : "batch/v1", kind: stranger ? "ConfigMap" : "CronJob", name };
    const uid = stranger ? map["metadata"].uid : metadata.uid;
    const [job] = copyOf(model, past, [{ ...owner, uid, controller: true }], TAKES);
    if (past.active)
      active.push({ apiVersion: "batch/v1", kind: "Job", namespace, name: past.name, uid: job["metadata"].uid });
    return { key: storageKey("Job", namespace, past.name), value: job };
  });
  await etcdOf(plane).putMany(stored);
  const status = { ...(lastScheduleTime ? { lastScheduleTime: stamp(lastScheduleTime) } : {}), active };
  const edit = (object: Stored): void => {
    object["status"] = { ...object["status"], ...status };
  };
  await rewriteMany(plane, "CronJob", namespace, new Map([[name, edit]]));
}

/** Nodes without a kubelet, and a pod of a Job that is gone on each. */
async function nodes(model: Model, names: readonly string[]): Promise<void> {
  const { plane, namespace } = cluster;
  for (const name of names) {
    await must(plane, "POST", pathOf("Node", null), { apiVersion: "v1", kind: "Node", metadata: { name } });
    const [, pod] = copyOf(
      model,
      {
        ...({} as Past),
        name: `on-${name}`,
        ended: "Complete",
        minutesAgo: 90,
        suspended: false,
        kept: false,
        ttl: null,
        managedBy: false,
      },
      [],
    );
    delete pod["metadata"].ownerReferences;
    pod["spec"].nodeName = name;
    await etcdOf(plane).put(storageKey("Pod", namespace, pod["metadata"].name), pod);
  }
}

test("Jobs and pods go when they are said to, by the clock", { timeout: 300_000 }, async () => {
  const { plane, namespace } = cluster;
  const model = await modelRun(plane, namespace);
  // At least half a minute for what has to be written before.
  const slot = new Date(Math.ceil((Date.now() + 30_000) / 60_000) * 60_000);
  const all = clockworks(slot);
  for (const one of all) await write(model, one);
  await nodes(model, ["stays", "leaves", "goes"]);
  // In a later second than whatever made the controller look at its CronJob.
  await sleep(1100);
  await endJobs(plane, namespace, new Map([["strange-j0", "Complete"]]));
  await must(plane, "PATCH", pathOf("Node", null, "leaves"), {
    spec: { taints: [{ key: "ToBeDeletedByClusterAutoscaler", effect: "NoSchedule", value: "1" }] },
  });
  await must(plane, "DELETE", pathOf("Node", null, "goes"));
  await sleep(1500);
  expect(Date.now(), "prepared in time").toBeLessThan(slot.getTime());

  const snapshot = await collected(plane.adminKubeconfig, ["cronjobs", "jobs", "pods", "nodes"]);
  const owners = indexOwners(snapshot);
  const endsOf = new Map(all.map(({ name, ends }) => [name, ends]));
  const said = [...snapshot.jobs, ...snapshot.pods]
    .filter(({ meta }) => meta.namespace === namespace && meta.name !== "model" && !meta.name.startsWith("model-"))
    .map((object) => ({ name: object.meta.name, uid: object.meta.uid, judged: retention(object, owners) }));
  const of = (name: string): Retention => said.find((one) => one.name === name)!.judged;
  expect(of("on-goes-pod")).toMatchObject({ governedBy: "pod-gc", assumes: null, isBound: true });
  expect(of("on-leaves-pod")).toMatchObject({ governedBy: "pod-gc", deletesAt: null });
  expect(of("on-stays-pod")).toMatchObject({ governedBy: "none" });
  for (const name of ["suspended-j0", "late-j0", "every-late-j0", "forbidding-j0"])
    expect(of(name).governedBy).toBe("none");

  const wentAt = new Map<string, number>();
  const end = slot.getTime() + 60_000 + (TAKES + LATE) * 1000;
  while (Date.now() < end) {
    const uids = await presentUids(plane, namespace);
    for (const { uid } of said) if (!uids.has(uid) && !wentAt.has(uid)) wentAt.set(uid, Date.now());
    await sleep(400);
  }
  /** Whether the runs end as it takes. */
  const holds = (name: string, { assumes }: Retention): boolean => {
    if (assumes === null || assumes === "it still runs then") return true;
    const verb = endsOf.get(name.replace(/-j\d+$/, "")) === "Complete" ? "succeed" : "fail";
    return assumes.startsWith("the next ") && assumes.includes(verb);
  };
  const wrong: string[] = [];
  let onTime = 0;
  for (const { name, uid, judged } of said) {
    const went = wentAt.get(uid) ?? null;
    const at = judged.deletesAt === null || !holds(name, judged) ? Infinity : Date.parse(judged.deletesAt);
    // The collector's time is the latest that it takes.
    const early = (judged.governedBy === "pod-gc" ? ORPHANED_POD_SECONDS : EARLY) * 1000;
    const isRight = went === null ? at > end - LATE * 1000 : went >= at - early && went <= at + LATE * 1000;
    if (!isRight)
      wrong.push(
        `${name} ${went === null ? "stayed" : `went at ${stamp(new Date(went))}`}, but: ${JSON.stringify(judged)}`,
      );
    else if (went !== null) onTime++;
  }
  expect(wrong).toEqual([]);
  expect(onTime).toBeGreaterThan(9);
  for (const name of ["stays", "leaves"]) await must(plane, "DELETE", pathOf("Node", null, name));
});
