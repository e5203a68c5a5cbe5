import { expect, test } from "vitest";
import { find, list, must, pathOf, waitFor } from "../control-plane/act.ts";
import { cronJob, job } from "../control-plane/cast/character.ts";
import { modelRun, seedPods, seedRuns } from "../control-plane/seed.ts";
import { daysAgo, finishedJob, makeRunOld, minutesAfter, podsOf, runAt, runNow } from "../control-plane/time.ts";
import { useCluster } from "../control-plane/test.ts";

const cluster = useCluster({ needs: ["edit-etcd", "fake-node"] });
const podSpec = { containers: [{ name: "main", image: "registry.example.com/nightly:1" }] };

test("a CronJob that is not due runs now, and is scheduled as before", async () => {
  const { plane, namespace } = cluster;
  const manifest = cronJob(namespace, "yearly", "0 0 1 1 *", podSpec, { startingDeadlineSeconds: 60 });
  await must(plane, "POST", pathOf("CronJob", namespace), manifest);
  const name = await runNow(plane, namespace, "yearly");
  const run = await finishedJob(plane, namespace, name);
  expect(run["metadata"].ownerReferences[0]).toMatchObject({ kind: "CronJob", name: "yearly", controller: true });
  const after = (await find(plane, "CronJob", namespace, "yearly"))!;
  expect(after["spec"]).toMatchObject({ schedule: "0 0 1 1 *", startingDeadlineSeconds: 60, suspend: false });
});

test("slots of the past are run by the controller under their own names", async () => {
  const { plane, namespace } = cluster;
  await must(plane, "POST", pathOf("CronJob", namespace), cronJob(namespace, "daily", "30 1 * * *", podSpec));
  const slots = [daysAgo(100), daysAgo(99)].map((time) => new Date(Math.floor(time.getTime() / 60_000) * 60_000));
  const names = await runAt(plane, namespace, "daily", slots);
  const created = await list(plane, "Job", namespace);
  expect(created.map((run) => run["metadata"].name).sort()).toEqual(names);
  for (const [i, name] of names.entries()) {
    await finishedJob(plane, namespace, name);
    await makeRunOld(plane, namespace, name, { created: slots[i]!, finished: minutesAfter(slots[i]!, 5) });
    const [pod] = await podsOf(plane, namespace, name);
    expect(Date.parse(pod!["metadata"].creationTimestamp) - slots[i]!.getTime()).toBeLessThan(5000);
  }
});

test("a Job aged beyond its TTL is deleted with its pod by the real controller", async () => {
  const { plane, namespace } = cluster;
  const manifest = job(namespace, "overdue", podSpec, { ttlSecondsAfterFinished: 3600 });
  await must(plane, "POST", pathOf("Job", namespace), manifest);
  await finishedJob(plane, namespace, "overdue");
  await makeRunOld(plane, namespace, "overdue", { created: daysAgo(2), finished: daysAgo(1) });
  await waitFor("the TTL controller to delete the Job", async () => !(await find(plane, "Job", namespace, "overdue")));
  expect(await podsOf(plane, namespace, "overdue")).toEqual([]);
});

test("thousands of seeded runs are served, owned, and left alone by the garbage collector", async () => {
  const { plane, namespace } = cluster;
  const model = await modelRun(plane, namespace);
  await seedRuns(plane, namespace, 1000, { model });
  await seedPods(plane, namespace, 1000, { model, prefix: "orphan" });
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const [jobs, pods] = [await list(plane, "Job", namespace), await list(plane, "Pod", namespace)];
  const uids = new Set(jobs.map(({ metadata }) => metadata.uid));
  expect(uids.size).toBe(1000);
  const owned = pods.filter(({ metadata }) => uids.has(metadata.ownerReferences?.[0].uid));
  expect(owned).toHaveLength(1000);
  expect(pods.filter(({ metadata }) => !metadata.ownerReferences)).toHaveLength(1000);
  expect(JSON.stringify(pods[0]).length).toBeGreaterThan(4000);
  expect(pods.every(({ status }) => status.phase === "Succeeded")).toBe(true);
  // A watch that is cut goes on behind the last resourceVersion it saw: two objects that share one could be lost by it.
  expect(new Set(pods.map(({ metadata }) => metadata.resourceVersion)).size).toBe(pods.length);
});
