import { randomUUID } from "node:crypto";
import { ensure, find, must, pathOf, waitFor } from "./act.ts";
import { nodeName } from "./plane-file.ts";
import type { ControlPlane } from "./provider.ts";
import { agedJob, agedPod, type Stored } from "./story.ts";
import { daysAgo, etcdOf, finishedJob, podsOf, secondsAfter, storageKey } from "./time.ts";

/** A run as the real controllers left it in one namespace, to be copied there. */
export interface Model {
  job: Stored;
  pod: Stored;
}

export interface SeedOptions {
  /** Start of the names: `seed` gives Jobs `seed-0`, `seed-1`… */
  prefix?: string;
  /** The run to copy; one is made first when absent, for which the controllers have to be at work. */
  model?: Model;
  /** The oldest run started then, the others evenly until now; 30 days ago when absent. */
  since?: Date;
}

const BACKUP: Stored = {
  restartPolicy: "Never",
  containers: [
    {
      name: "backup",
      image: "registry.example.com/backup:1.4",
      command: ["/bin/sh", "-c", "pg_dump -h $DB_HOST -U $DB_USER orders > /backup/orders.dump"],
      env: [
        { name: "DB_HOST", value: "postgres.database.svc" },
        { name: "DB_USER", value: "backup" },
        { name: "DB_PASSWORD", value: randomUUID() },
      ],
      resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "500m", memory: "512Mi" } },
    },
  ],
};

/**
 * Writes `count` finished Jobs with one completed pod each straight into etcd: copies of one run that the real
 * controllers made, managedFields and all (a pod has about 5 kB), with uids of their own. About a thousand per second.
 * The pod garbage collector keeps 12,500 finished pods in a cluster: above that make the model, then stop the controllers.
 */
export async function seedRuns(
  plane: ControlPlane,
  namespace: string,
  count: number,
  options: SeedOptions = {},
): Promise<void> {
  const model = options.model ?? (await modelRun(plane, namespace));
  // Jobs first: the garbage collector removes pods whose owner it cannot find.
  await etcdOf(plane).putMany(copies(model, "job", namespace, count, options));
  await etcdOf(plane).putMany(copies(model, "pod", namespace, count, options));
}

/** Writes `count` completed pods without owner straight into etcd, like those that a Job deleted by orphaning leaves. */
export async function seedPods(
  plane: ControlPlane,
  namespace: string,
  count: number,
  options: SeedOptions = {},
): Promise<void> {
  const { job, pod } = structuredClone(options.model ?? (await modelRun(plane, namespace)));
  delete pod["metadata"].ownerReferences;
  await etcdOf(plane).putMany(copies({ job, pod }, "pod", namespace, count, options));
}

/** Has the real controllers make one run, takes its stored form and deletes it; a backup with a literal password unless told otherwise. */
export async function modelRun(plane: ControlPlane, namespace: string, podSpec: Stored = BACKUP): Promise<Model> {
  const metadata = { namespace, name: "seed-model" };
  const spec = { template: { spec: { nodeName, ...podSpec } } };
  await ensure(plane, { apiVersion: "batch/v1", kind: "Job", metadata, spec });
  await finishedJob(plane, namespace, metadata.name);
  const pod = (await podsOf(plane, namespace, metadata.name))[0]!["metadata"].name;
  const read = async (kind: string, name: string) =>
    (await etcdOf(plane).get(storageKey(kind, namespace, name))) as Stored;
  const model = { job: await read("Job", metadata.name), pod: await read("Pod", pod) };
  await must(plane, "DELETE", `${pathOf("Job", namespace, metadata.name)}?propagationPolicy=Foreground`);
  await waitFor("the model run to be gone", async () => !(await find(plane, "Job", namespace, metadata.name)));
  return model;
}

/** Copies of the Job or the pod of the model, each with the names, uids and times of its own run. */
function* copies(
  model: Model,
  kind: keyof Model,
  namespace: string,
  count: number,
  { prefix = "seed", since = daysAgo(30) }: SeedOptions,
): Iterable<{ key: string; value: Stored }> {
  const text = JSON.stringify(model[kind]);
  const [job, pod] = [model.job["metadata"], model.pod["metadata"]];
  const step = (Date.now() - since.getTime()) / 1000 / Math.max(count, 1);
  for (let i = 0; i < count; i++) {
    const name = `${prefix}-${String(i)}`;
    // Uids follow from the position, so that a Job and its pod agree although they are written in two rounds.
    const copy = JSON.parse(
      text
        .replaceAll(job.uid, uidAt(job.uid, i))
        .replaceAll(pod.uid, uidAt(pod.uid, i))
        .replaceAll(pod.name, `${name}-${i.toString(36).padStart(5, "0")}`)
        .replaceAll(job.name, name),
    ) as Stored;
    const created = secondsAfter(since, Math.floor(step * i));
    const finished = secondsAfter(created, Math.min(300, Math.max(2, Math.floor(step) - 2)));
    const value = (kind === "job" ? agedJob : agedPod)(copy, { created, finished });
    yield { key: storageKey(value["kind"], namespace, value["metadata"].name), value };
  }
}

function uidAt(uid: string, position: number): string {
  return uid.slice(0, 24) + position.toString(16).padStart(12, "0");
}
