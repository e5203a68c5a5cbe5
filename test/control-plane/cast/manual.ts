import { find } from "../act.ts";
import { daysAgo, minutesAfter } from "../time.ts";
import type { Stored } from "../story.ts";
import { type Character, type Scene, createJob, job } from "./character.ts";
import { ageRuns } from "./history.ts";

/** Two Jobs that people made by hand and nobody will remove. */
export const manual: Character = {
  name: "pg-dump-before-upgrade, backup-manual",
  why: "Manual Jobs without TTL: one with a password in its arguments, one made from the backup CronJob by an old kubectl, whose owner reference is no controller's, so that history limits never reach it.",
  days: 9,
  objects: () => [],
  async play(scene) {
    const url = `postgresql://upgrade:${scene.canaries.password()}@postgres.database.svc:5432/orders`;
    const dump = { name: "pg-dump-before-upgrade", image: "postgres:16", command: ["pg_dump", `--dbname=${url}`] };
    await run(scene, job(scene.namespace, dump.name, { containers: [dump] }), 9);
  },
};

/** What `kubectl create job --from` made before it set `controller` in the reference; made once the backup has its last template. */
export async function manualBackup(scene: Scene): Promise<void> {
  const cronJob = (await find(scene.plane, "CronJob", scene.namespace, "backup"))!;
  const { uid } = cronJob["metadata"];
  const { spec } = cronJob["spec"].jobTemplate;
  const ownerReferences = [{ apiVersion: "batch/v1", kind: "CronJob", name: "backup", uid }];
  const annotations = { "cronjob.kubernetes.io/instantiate": "manual" };
  const metadata = { namespace: scene.namespace, name: "backup-manual", annotations, ownerReferences };
  await run(scene, { apiVersion: "batch/v1", kind: "Job", metadata, spec }, 5);
}

async function run(scene: Scene, manifest: Stored, days: number): Promise<void> {
  await createJob(scene, manifest);
  const created = daysAgo(days);
  await ageRuns(scene, [manifest["metadata"].name], () => ({ created, finished: minutesAfter(created, 7) }));
}
