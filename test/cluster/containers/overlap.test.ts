import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import type { ExposureReport, StaleReport } from "../../../src/model/report.ts";
import { find, list, must, pathOf, waitFor } from "../../control-plane/act.ts";
import { cronJob } from "../../control-plane/cast/character.ts";
import { useCluster } from "../../control-plane/test.ts";
import { jobNameAt, podsOf } from "../../control-plane/time.ts";
import { stamp, type Stored } from "../../control-plane/story.ts";
import { reportOf } from "../program.ts";

const cluster = useCluster({ needs: ["real-node"] });
const run = promisify(execFile);

const MINUTE = 60_000;
/** The controllers and the kubelet of a busy machine take their time. */
const LATE = 20_000;

/** A CronJob for each concurrencyPolicy, named after it. */
const NAMES = ["allow", "forbid", "replace"] as const;
type Name = (typeof NAMES)[number];

/** Three that run each minute, keep one run, and whose container ends when it is told to. */
async function createAll(): Promise<void> {
  const { plane, namespace, node } = cluster;
  const command = ["sh", "-c", "for i in $(seq 1200); do [ -e /tmp/end ] && exit; sleep 0.2; done"];
  for (const name of NAMES) {
    const concurrencyPolicy = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
    // Random and recognisable, and of no use to anybody.
    const env = [{ name: "DB_PASSWORD", value: randomBytes(12).toString("base64url") }];
    const main = { name: "main", command, env };
    const spec = { timeZone: "Etc/UTC", concurrencyPolicy, successfulJobsHistoryLimit: 1 };
    const podSpec = node.spec({ containers: [main], automountServiceAccountToken: false });
    await must(
      plane,
      "POST",
      pathOf("CronJob", namespace),
      cronJob(namespace, name, "* * * * *", podSpec, { ...spec, jobSpec: { backoffLimit: 0 } }),
    );
  }
}

/** The status of the container of a Job's pod, once the kubelet says it is in that state. */
async function container(job: string, state: "running" | "terminated"): Promise<Stored> {
  return waitFor(
    `the container of job ${job} to be ${state}`,
    async (note) => {
      const [pod] = await podsOf(cluster.plane, cluster.namespace, job);
      const [status] = pod?.["status"].containerStatuses ?? [];
      note(JSON.stringify(status?.state ?? pod?.["status"]));
      return status?.state[state] ?? null;
    },
    { seconds: 40 },
  );
}

/** The Jobs of a CronJob, by name. */
async function jobsOf(name: Name): Promise<string[]> {
  const jobs = await list(cluster.plane, "Job", cluster.namespace);
  return jobs
    .filter(({ metadata }) => metadata.ownerReferences[0].name === name)
    .map(({ metadata }) => String(metadata.name))
    .sort();
}

async function lastScheduleTime(name: Name): Promise<string | undefined> {
  return (await find(cluster.plane, "CronJob", cluster.namespace, name))!["status"].lastScheduleTime;
}

/** Tells the container of a Job to end, and returns when the Job was complete. */
async function end(job: string): Promise<number> {
  const { plane, namespace } = cluster;
  const [pod] = await podsOf(plane, namespace, job);
  const command = ["exec", pod!["metadata"].name, "--", "touch", "/tmp/end"];
  await run(plane.kubectl, ["--kubeconfig", plane.adminKubeconfig, "-n", namespace, ...command]);
  return waitFor(`job ${job} to be complete`, async () => {
    const time = (await find(plane, "Job", namespace, job))?.["status"].completionTime;
    return time !== undefined && Date.parse(time);
  });
}

/** When the controller said it of the CronJob, in milliseconds; it aggregates, and the first time counts. */
async function eventOf(name: Name, reason: string, text: string): Promise<number> {
  const { plane, namespace } = cluster;
  const selector = encodeURIComponent(`involvedObject.name=${name},reason=${reason}`);
  const path = `/api/v1/namespaces/${namespace}/events?fieldSelector=${selector}`;
  return waitFor(
    `${reason} of cronjob ${name}`,
    async () => {
      const { items } = await must(plane, "GET", path);
      const event = (items as Stored[]).find(({ message }) => message.includes(text));
      return event !== undefined && Date.parse(event["firstTimestamp"]);
    },
    { seconds: 40 },
  );
}

/** What the real program says now. */
async function predict() {
  const ask = <Report>(verb: string) =>
    reportOf<Report>(cluster.plane.adminKubeconfig, [verb, "--all", "-n", cluster.namespace]);
  const [stale, exposure] = [await ask<StaleReport>("stale"), await ask<ExposureReport>("exposure")];
  const carriers = exposure.items.flatMap((item) => item.carriers);
  return {
    /** The Jobs that are said to go within the hour. */
    soon: new Map(stale.summary.goesAwaySoon.map((one) => [one.object.name, one])),
    /** How the value leaves a run: by its Job and by its pod. */
    ends: (job: string) =>
      carriers
        .filter(({ object: { kind, name } }) => (kind === "Job" ? name === job : name.startsWith(`${job}-`)))
        .map(({ object, closes, closesBecause, closesAssumes, closesWhy }) => {
          const isReplaced = closesWhy.includes("replaces it");
          return { kind: object.kind, closes, because: closesBecause, assumes: closesAssumes, isReplaced };
        }),
  };
}
type Prediction = Awaited<ReturnType<typeof predict>>;

/** What is said of both the Job and the pod of a run. */
const both = (end: Stored) => ["Job", "Pod"].map((kind) => ({ kind, ...end }));

/** The run is said to be replaced at the slot, and only if it is still running. */
function expectReplacement({ soon, ends }: Prediction, job: string, slot: Date): void {
  const [closes, assumes] = [stamp(slot), "it still runs then"];
  expect(soon.get(job)).toMatchObject({ deletesAt: closes, assumes, carries: 1 });
  expect(ends(job)).toEqual(both({ closes, because: "owner-deletion", assumes, isReplaced: true }));
}

/** It then is: its Job goes at the slot by the controller's own hand, its pod with it, and the next one runs. */
async function expectReplaced(job: string, slot: Date): Promise<void> {
  await container(jobNameAt("replace", slot), "running");
  expect(await find(cluster.plane, "Job", cluster.namespace, job)).toBeNull();
  const late = (await eventOf("replace", "SuccessfulDelete", job)) - slot.getTime();
  expect(late).toBeGreaterThanOrEqual(0);
  expect(late).toBeLessThan(LATE);
  await waitFor("the pod to go with it", async () => {
    return (await podsOf(cluster.plane, cluster.namespace, job)).length === 0;
  });
}

/** The end of the run is said to push the one before out, and does so, not sooner; at the second that was said. */
async function expectPushedOut(name: Name, before: string, job: string, { soon, ends }: Prediction, took: number) {
  const { plane, namespace } = cluster;
  const due = Date.parse((await find(plane, "Job", namespace, job))!["status"].startTime) + took;
  const [closes, assumes] = [stamp(new Date(due)), "the run under way succeeds"];
  expect(soon.get(before)).toMatchObject({ deletesAt: closes, assumes });
  expect(ends(before)).toEqual(both({ closes, because: "history-limit", assumes, isReplaced: false }));
  await sleep(due - Date.now());
  expect(await jobsOf(name)).toContain(before);
  const ended = await end(job);
  const at = await eventOf(name, "SuccessfulDelete", before);
  expect(at).toBeGreaterThanOrEqual(ended);
  expect(at - due).toBeLessThan(LATE);
}

/** What a run that has ended took, as its Job says it, in milliseconds. */
async function lengthOf(job: string): Promise<number> {
  const { status } = (await find(cluster.plane, "Job", cluster.namespace, job)) as { status: Stored };
  return Date.parse(status["completionTime"]) - Date.parse(status["startTime"]);
}

test("runs overlap, wait or are replaced as it was said", { timeout: 400_000 }, async () => {
  const { plane, namespace } = cluster;
  // All three are there well before their first slot.
  if (MINUTE - (Date.now() % MINUTE) < 5000) await sleep(6000);
  const start = Math.ceil(Date.now() / MINUTE) * MINUTE;
  await createAll();
  expect(Date.now(), "created in time").toBeLessThan(start);
  const [first, second, third] = [0, 1, 2].map((minutes) => new Date(start + minutes * MINUTE)) as [Date, Date, Date];
  const [allow, forbid, replace] = NAMES.map((name) => jobNameAt(name, first)) as [string, string, string];
  await sleep(start - Date.now());
  for (const job of [allow, forbid, replace]) await container(job, "running");

  const before = await predict();
  expect(Date.now(), "predicted in time").toBeLessThan(second.getTime());
  expectReplacement(before, replace, second);
  expect([...before.soon.keys()]).toEqual([replace]);
  for (const job of [allow, forbid]) {
    expect(before.ends(job)).toMatchObject(both({ because: "history-limit", isReplaced: false }));
  }
  await sleep(second.getTime() - Date.now());

  const beside = jobNameAt("allow", second);
  const { startedAt } = await container(beside, "running");
  await container(allow, "running");
  await expectReplaced(replace, second);
  expect(await eventOf("forbid", "JobAlreadyActive", "prior execution")).toBeGreaterThanOrEqual(second.getTime());
  expect(await lastScheduleTime("forbid")).toBe(stamp(first));
  expect(await jobsOf("forbid")).toEqual([forbid]);
  await container(forbid, "running");

  const freed = await end(forbid);
  const next = await waitFor("the run that had to wait", async () => (await jobsOf("forbid"))[1] ?? null);
  const { metadata } = (await find(plane, "Job", namespace, next))!;
  expect(Date.parse(metadata.creationTimestamp)).toBeGreaterThanOrEqual(freed);
  expect(Date.parse(metadata.creationTimestamp)).toBeLessThan(freed + LATE);
  // It is the run of the slot that was skipped.
  expect(next).toBe(jobNameAt("forbid", second));
  expect(await lastScheduleTime("forbid")).toBe(stamp(second));
  await end(allow);
  const { finishedAt } = await container(allow, "terminated");
  expect(Date.parse(finishedAt), "both ran at once").toBeGreaterThan(Date.parse(startedAt));
  await container(next, "running");

  const after = await predict();
  expect(Date.now(), "predicted in time").toBeLessThan(third.getTime());
  expectReplacement(after, jobNameAt("replace", second), third);
  const [allowed, forbidden] = [await lengthOf(allow), await lengthOf(forbid)];
  await sleep(third.getTime() - Date.now());
  await expectReplaced(jobNameAt("replace", second), third);
  expect(await jobsOf("forbid"), "the third slot is skipped as well").toEqual([forbid, next]);
  await Promise.all([
    expectPushedOut("allow", allow, beside, after, allowed),
    expectPushedOut("forbid", forbid, next, after, forbidden),
  ]);
  await waitFor(
    "the run of the third slot",
    async () => (await jobsOf("forbid")).at(-1) === jobNameAt("forbid", third),
  );
});
