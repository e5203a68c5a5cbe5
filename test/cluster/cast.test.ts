import { afterAll, describe, expect, test } from "vitest";
import { find, list, must, pathOf } from "../control-plane/act.ts";
import { RUNS, RUNS_WITH_OLD_PASSWORD, RUNS_WITH_STRIPE_KEY } from "../control-plane/cast/backup.ts";
import { clearCast, loadCast, type Cast } from "../control-plane/cast/index.ts";
import { ORPHANS } from "../control-plane/cast/orphans.ts";
import { ROTATIONS } from "../control-plane/cast/rotation.ts";
import { FINALIZER } from "../control-plane/cast/stuck.ts";
import { jobNameAt, podsOf } from "../control-plane/time.ts";
import type { Stored } from "../control-plane/story.ts";
import { useCluster } from "../control-plane/test.ts";

const cluster = useCluster({ needs: ["edit-etcd", "fake-node"] });
let loaded: Promise<Cast> | null = null;
const cast = () => (loaded ??= loadCast(cluster.plane));
afterAll(async () => {
  if (loaded) await clearCast(cluster.plane);
});

const NS = "database";
const HOUR = 3600;
const DAY = 24 * HOUR;
const ageOf = (time: string) => (Date.now() - Date.parse(time)) / 1000;
const jobs = async () => list(cluster.plane, "Job", NS);
const controlledBy = (all: Stored[], name: string) =>
  all
    .filter((job) => job["metadata"].ownerReferences?.some((o: Stored) => o["controller"] && o["name"] === name))
    .sort((a, b) => a["status"].startTime.localeCompare(b["status"].startTime));
const envOf = (podSpec: Stored, name: string): string | undefined =>
  podSpec["containers"][0].env?.find((e: Stored) => e["name"] === name)?.value;
const finished = (job: Stored, type: string) =>
  job["status"].conditions?.find((c: Stored) => c["type"] === type && c["status"] === "True");
const onlyPodOf = async (job: string) => {
  const pods = await podsOf(cluster.plane, NS, job);
  expect(pods).toHaveLength(1);
  return pods[0]!;
};

describe("the default backup", () => {
  test("is what the threat model calls default", async () => {
    const { canaries } = await cast();
    const cronJob = (await find(cluster.plane, "CronJob", NS, "backup"))!;
    const { concurrencyPolicy, jobTemplate, suspend } = cronJob["spec"];
    const pod = jobTemplate.spec.template.spec;
    expect({ concurrencyPolicy, suspend }).toEqual({ concurrencyPolicy: "Allow", suspend: false });
    expect(jobTemplate.spec).not.toHaveProperty("ttlSecondsAfterFinished");
    expect(jobTemplate.spec).not.toHaveProperty("activeDeadlineSeconds");
    expect(pod.containers[0].image).toMatch(/:latest$/);
    expect(pod.serviceAccountName).toBe("backup");
    expect(canaries.includes(envOf(pod, "DB_PASSWORD")!)).toBe(true);
    expect(envOf(pod, "STRIPE_KEY")).toBeUndefined();
    const applied = cronJob["metadata"].annotations["kubectl.kubernetes.io/last-applied-configuration"];
    expect(applied.includes(envOf(pod, "DB_PASSWORD")), "last-applied-configuration carries the password").toBe(true);
  });

  test("has kept three weeks of daily runs, each as its controllers left it", async () => {
    await cast();
    const runs = controlledBy(await jobs(), "backup");
    expect(runs).toHaveLength(RUNS);
    expect(ageOf(runs[0]!["metadata"].creationTimestamp)).toBeGreaterThan(21 * DAY);
    expect(ageOf(runs.at(-1)!["metadata"].creationTimestamp)).toBeLessThan(DAY);
    for (const run of runs) {
      const { name, annotations, creationTimestamp } = run["metadata"];
      const slot = new Date(annotations["batch.kubernetes.io/cronjob-scheduled-timestamp"]);
      expect(name).toBe(jobNameAt("backup", slot));
      const sinceSlot = (Date.parse(creationTimestamp) - slot.getTime()) / 1000;
      expect(sinceSlot).toBeGreaterThanOrEqual(0);
      expect(sinceSlot).toBeLessThan(10);
      const pod = await onlyPodOf(name);
      expect(pod["status"].phase).toBe("Succeeded");
      expect(pod["metadata"].ownerReferences[0].uid).toBe(run["metadata"].uid);
      expect(pod["metadata"].finalizers).toBeUndefined();
      const { startedAt, finishedAt } = pod["status"].containerStatuses[0].state.terminated;
      const order = [creationTimestamp, startedAt, finishedAt, finished(run, "Complete").lastTransitionTime];
      expect(order).toEqual([...order].sort());
      expect(Date.parse(finishedAt) - Date.parse(startedAt)).toBeGreaterThan(10 * 60_000);
      for (const { time } of [...run["metadata"].managedFields, ...pod["metadata"].managedFields]) {
        expect(ageOf(time)).toBeGreaterThan(HOUR);
      }
    }
  });

  test("remembers in its runs what its template forgot", async () => {
    const { canaries } = await cast();
    const runs = controlledBy(await jobs(), "backup");
    const pods = await Promise.all(runs.map((run) => onlyPodOf(run["metadata"].name)));
    for (const specs of [runs.map((run) => run["spec"].template.spec), pods.map((pod) => pod["spec"])]) {
      const passwords = specs.map((spec) => envOf(spec, "DB_PASSWORD")!);
      expect(passwords.every((value) => canaries.includes(value))).toBe(true);
      const changes = passwords.flatMap((value, i) => (i > 0 && value !== passwords[i - 1] ? [i] : []));
      expect(changes).toEqual([RUNS_WITH_OLD_PASSWORD]);
      const withKey = specs.flatMap((spec, i) => (envOf(spec, "STRIPE_KEY") === undefined ? [] : [i]));
      expect(withKey).toEqual([...Array(RUNS_WITH_STRIPE_KEY).keys()]);
    }
    const images = new Set(pods.map((pod) => pod["status"].containerStatuses[0].imageID));
    expect(images.size, "two digests behind one tag").toBe(2);
  });

  test("loses nothing when its controller looks again", async () => {
    await cast();
    const uids = async () => controlledBy(await jobs(), "backup").map((job) => job["metadata"].uid);
    const before = await uids();
    await must(cluster.plane, "PATCH", pathOf("CronJob", NS, "backup"), { metadata: { annotations: { looked: "1" } } });
    await new Promise((resolve) => setTimeout(resolve, 2000));
    expect(await uids()).toEqual(before);
  });
});

describe("the others", () => {
  test("the hardened twin leaves one run without a literal, with less than an hour to go", async () => {
    await cast();
    const cronJob = (await find(cluster.plane, "CronJob", NS, "database-backup"))!;
    expect(cronJob["spec"]).toMatchObject({
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 300,
      successfulJobsHistoryLimit: 2,
      failedJobsHistoryLimit: 3,
    });
    const runs = controlledBy(await jobs(), "database-backup");
    expect(runs).toHaveLength(1);
    const { ttlSecondsAfterFinished, activeDeadlineSeconds } = runs[0]!["spec"];
    expect({ ttlSecondsAfterFinished, activeDeadlineSeconds }).toEqual({
      ttlSecondsAfterFinished: 3600,
      activeDeadlineSeconds: 7200,
    });
    expect(ageOf(finished(runs[0]!, "Complete").lastTransitionTime)).toBeLessThan(HOUR);
    const { spec } = await onlyPodOf(runs[0]!["metadata"].name);
    expect(spec.containers[0].env).toBeUndefined();
    expect(spec.containers[0].image).toMatch(/@sha256:[0-9a-f]{64}$/);
    expect(spec.volumes.map((volume: Stored) => volume["name"])).toEqual(["db-credentials", "tmp"]);
  });

  test("report holds a reference, and as many runs as its limit keeps", async () => {
    const { canaries } = await cast();
    const runs = controlledBy(await jobs(), "report");
    expect(runs).toHaveLength(3);
    const pod = await onlyPodOf(runs[0]!["metadata"].name);
    expect(pod["spec"].containers[0].env[0].valueFrom.secretKeyRef).toEqual({
      name: "report-credentials",
      key: "password",
    });
    expect(canaries.some((value) => JSON.stringify(pod).includes(value))).toBe(false);
  });

  test("rotations overlap", async () => {
    await cast();
    const runs = controlledBy(await jobs(), "rotate-credentials");
    expect(runs).toHaveLength(ROTATIONS);
    for (const [i, run] of runs.slice(1).entries()) {
      expect(Date.parse(run["status"].startTime)).toBeLessThan(Date.parse(runs[i]!["status"].completionTime));
    }
  });

  test("the hung Job is active for six hours with its main container long ended", async () => {
    await cast();
    const job = (await find(cluster.plane, "Job", NS, "warehouse-export"))!;
    expect(job["status"]).toMatchObject({ active: 1, ready: 0 });
    expect(job["spec"]).not.toHaveProperty("activeDeadlineSeconds");
    expect(ageOf(job["status"].startTime)).toBeGreaterThan(6 * HOUR);
    const pod = await onlyPodOf("warehouse-export");
    const [main, proxy] = pod["status"].containerStatuses;
    expect(ageOf(main.state.terminated.finishedAt)).toBeGreaterThan(6 * HOUR);
    expect(proxy.state.running).toBeDefined();
  });

  test("the failed Job has a finish time only in its condition, and a legacy token in its pod", async () => {
    await cast();
    const job = (await find(cluster.plane, "Job", NS, "integrity-check"))!;
    expect(job["status"].completionTime).toBeUndefined();
    expect(ageOf(finished(job, "Failed").lastTransitionTime)).toBeGreaterThan(DAY);
    const pod = await onlyPodOf("integrity-check");
    expect(pod["status"]).toMatchObject({
      phase: "Failed",
      containerStatuses: [{ state: { terminated: { exitCode: 1 } } }],
    });
    const token = (await find(cluster.plane, "Secret", NS, "etl-token"))!;
    expect(token["type"]).toBe("kubernetes.io/service-account-token");
    const answer = await cluster.plane.request("GET", pathOf("Pod", NS), undefined, {
      token: Buffer.from(token["data"].token, "base64").toString(),
    });
    expect(answer.status, "the legacy token works").toBe(200);
  });

  test("the manual Jobs have neither TTL nor a controller", async () => {
    const { canaries } = await cast();
    const dump = (await find(cluster.plane, "Job", NS, "pg-dump-before-upgrade"))!;
    const fromOldKubectl = (await find(cluster.plane, "Job", NS, "backup-manual"))!;
    for (const job of [dump, fromOldKubectl]) {
      expect(job["spec"]).not.toHaveProperty("ttlSecondsAfterFinished");
      expect(finished(job, "Complete")).toBeDefined();
      expect(ageOf(job["metadata"].creationTimestamp)).toBeGreaterThan(4 * DAY);
    }
    const { command } = dump["spec"].template.spec.containers[0];
    expect(canaries.some((value) => command.join(" ").includes(value))).toBe(true);
    const [owner] = fromOldKubectl["metadata"].ownerReferences;
    expect(owner).toMatchObject({ kind: "CronJob", name: "backup" });
    expect(owner.controller).toBeUndefined();
  });

  test("the orphaned pods have lost Job, owner and finalizer", async () => {
    await cast();
    expect(await find(cluster.plane, "Job", NS, "schema-migrate")).toBeNull();
    const pods = await podsOf(cluster.plane, NS, "schema-migrate");
    expect(pods).toHaveLength(ORPHANS);
    for (const { metadata, status } of pods) {
      expect(metadata.ownerReferences).toBeUndefined();
      expect(metadata.finalizers).toBeUndefined();
      expect(status.phase).toBe("Succeeded");
      expect(ageOf(metadata.creationTimestamp)).toBeGreaterThan(5 * DAY);
    }
  });

  test("the archive is deleted and still there", async () => {
    await cast();
    const { metadata } = (await find(cluster.plane, "Job", NS, "archive"))!;
    expect(metadata.finalizers).toEqual([FINALIZER]);
    expect(ageOf(metadata.deletionTimestamp)).toBeGreaterThan(1.9 * DAY);
    await onlyPodOf("archive");
  });

  test("the reindex goes within the hour", async () => {
    await cast();
    const job = (await find(cluster.plane, "Job", NS, "reindex"))!;
    const left = job["spec"].ttlSecondsAfterFinished - ageOf(finished(job, "Complete").lastTransitionTime);
    expect(left).toBeGreaterThan(5 * 60);
    expect(left).toBeLessThan(HOUR);
  });
});

describe("RBAC, as the authorizer sees it", () => {
  const account = (namespace: string, name: string) => ({
    user: `system:serviceaccount:${namespace}:${name}`,
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
  });
  const oncall = { user: "carol", groups: ["oncall", "system:authenticated"] };
  // Who, verb, resource, namespace ("" is everywhere), name ("" is all), allowed.
  const decisions = (
    [
      [account(NS, "backup"), "list", "secrets", "", "", true],
      [account(NS, "backup"), "get", "secrets", "payments", "gateway", true],
      [account(NS, "backup-cronjob-sa"), "get", "secrets", NS, "backup-db-credentials", true],
      [account(NS, "backup-cronjob-sa"), "get", "secrets", NS, "report-credentials", false],
      [account(NS, "backup-cronjob-sa"), "list", "secrets", NS, "", false],
      [oncall, "get", "pods", NS, "x", true],
      [oncall, "get", "secrets", NS, "backup-db-credentials", false],
      [oncall, "get", "pods", "team", "x", false],
      [account(NS, "report"), "list", "secrets", NS, "", true],
      [account(NS, "report"), "get", "secrets", "payments", "gateway", false],
      [account(NS, "audit"), "list", "secrets", NS, "", true],
      [account(NS, "audit"), "list", "secrets", "", "", false],
      [account(NS, "etl"), "get", "secrets", NS, "report-credentials", true],
      [account(NS, "etl"), "list", "secrets", NS, "report-credentials", true],
      [account(NS, "etl"), "list", "secrets", NS, "", false],
      [account(NS, "etl"), "get", "secrets", NS, "backup-db-credentials", false],
      [account(NS, "rotate"), "update", "secrets", NS, "orders-api", true],
      [account(NS, "default"), "list", "pods", NS, "", true],
      [account("payments", "default"), "list", "pods", NS, "", false],
    ] as const
  ).map(([who, verb, resource, namespace, name, allowed]) => ({ who, verb, resource, namespace, name, allowed }));
  test.for(decisions)(
    "$who.user $verb $resource in '$namespace', name '$name': $allowed",
    async ({ who, verb, resource, namespace, name, allowed }) => {
      await cast();
      const spec = { ...who, resourceAttributes: { verb, resource, namespace, name } };
      const review = { apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", spec };
      const answer = await must(cluster.plane, "POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", review);
      expect(answer["status"].allowed).toBe(allowed);
    },
  );

  test("the binding to a role that does not exist stays", async () => {
    await cast();
    expect((await find(cluster.plane, "RoleBinding", NS, "etl-legacy"))!["roleRef"].name).toBe("legacy-etl");
    expect(await find(cluster.plane, "Role", NS, "legacy-etl")).toBeNull();
  });
});

test("a second load replaces the first, with other secrets", async () => {
  const first = await cast();
  const count = (await jobs()).length;
  loaded = loadCast(cluster.plane);
  const second = await loaded;
  expect(await jobs()).toHaveLength(count);
  expect(second.canaries.filter((value) => first.canaries.includes(value))).toHaveLength(0);
  const { body } = await cluster.plane.request("GET", pathOf("CronJob", NS));
  expect(first.canaries.some((value) => JSON.stringify(body).includes(value))).toBe(false);
});
