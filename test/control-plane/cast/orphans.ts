import { must, pathOf, waitFor } from "../act.ts";
import { daysAgo, finishedJob, makePodOld, minutesAfter, podsOf } from "../time.ts";
import { type Character, apply, job } from "./character.ts";

/** Pods left behind by the job that `orphans` deleted. */
export const ORPHANS = 2;

/** What the API's default way of deleting a Job leaves. */
export const orphans: Character = {
  name: "schema-migrate",
  why: "Pods orphaned by deleting their Job through the API without a propagation policy: no owner, no TTL, nothing that will ever remove them, and a password in each.",
  days: 6,
  objects: () => [],
  async play(scene) {
    const { plane, namespace } = scene;
    const env = [{ name: "FLYWAY_PASSWORD", value: scene.canaries.password() }];
    const containers = [{ name: "migrate", image: "flyway/flyway:10", args: ["migrate"], env }];
    const spec = { completions: ORPHANS, parallelism: ORPHANS };
    await apply(scene, [job(namespace, "schema-migrate", { containers }, spec)]);
    await finishedJob(plane, namespace, "schema-migrate");
    await must(plane, "DELETE", pathOf("Job", namespace, "schema-migrate"));
    const left = await waitFor("the garbage collector to orphan the pods of schema-migrate", async (note) => {
      const pods = await podsOf(plane, namespace, "schema-migrate");
      const owned = pods.filter((pod) => pod["metadata"].ownerReferences !== undefined);
      note(`${String(owned.length)} of ${String(pods.length)} still owned`);
      return owned.length === 0 ? pods : null;
    });
    const created = daysAgo(6);
    for (const pod of left) {
      await makePodOld(plane, namespace, pod["metadata"].name, { created, finished: minutesAfter(created, 2) });
    }
  },
};
