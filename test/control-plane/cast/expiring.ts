import { minutesAfter, minutesAgo } from "../time.ts";
import { type Character, apply, job } from "./character.ts";
import { ageRuns } from "./history.ts";

/** A Job whose evidence goes within the quarter of an hour. */
export const expiring: Character = {
  name: "reindex",
  why: "A Job with a literal token and a TTL of two hours, about 14 minutes of which are left: evidence that goes away while one is looking.",
  days: 1,
  objects: () => [],
  async play(scene) {
    const env = [{ name: "SEARCH_API_TOKEN", value: scene.canaries.password() }];
    const containers = [{ name: "reindex", image: "registry.example.com/reindex:7.0", env }];
    await apply(scene, [job(scene.namespace, "reindex", { containers }, { ttlSecondsAfterFinished: 7200 })]);
    const finished = minutesAgo(106);
    await ageRuns(scene, ["reindex"], () => ({ created: minutesAfter(finished, -19), finished }));
  },
};
