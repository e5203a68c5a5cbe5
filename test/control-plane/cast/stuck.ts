import { find, must, pathOf, waitFor } from "../act.ts";
import { agedJob } from "../story.ts";
import { daysAgo, minutesAfter, rewrite } from "../time.ts";
import { type Character, apply, job } from "./character.ts";
import { ageRuns } from "./history.ts";

/** The finalizer that nobody serves any more. */
export const FINALIZER = "archive.example.com/receipt";

/** A Job that was deleted and is still there. */
export const stuck: Character = {
  name: "archive",
  why: "A Job held by a finalizer: deleted two days ago, still there with its pod, because what should take the finalizer away is gone.",
  days: 4,
  objects: () => [],
  async play(scene) {
    const { plane, namespace } = scene;
    const env = [{ name: "ARCHIVE_PASSWORD", value: scene.canaries.password() }];
    const containers = [{ name: "archive", image: "registry.example.com/archive:3.3", env }];
    const manifest = job(namespace, "archive", { containers });
    manifest["metadata"].finalizers = [FINALIZER];
    await apply(scene, [manifest]);
    const created = daysAgo(4);
    const story = { created, finished: minutesAfter(created, 16), deleted: daysAgo(2) };
    await ageRuns(scene, ["archive"], () => story);
    await must(plane, "DELETE", `${pathOf("Job", namespace, "archive")}?propagationPolicy=Background`);
    await waitFor("job archive to be marked as deleted", async () => {
      return (await find(plane, "Job", namespace, "archive"))?.["metadata"].deletionTimestamp !== undefined;
    });
    await rewrite(plane, "Job", namespace, "archive", (stored) => agedJob(stored, story));
  },
};
