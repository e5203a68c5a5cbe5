import { actAs, type Actor } from "../act.ts";
import type { ControlPlane } from "../provider.ts";
import { daysAgo, hoursAgo, minutesAfter, runAt, secondsAfter } from "../time.ts";
import { type Character, apply, binding, cronJob, role, serviceAccount, subject } from "./character.ts";
import { ageCronJob, ageRuns, dailyAt, wholeMinute } from "./history.ts";

/** Retained runs of the newsletter: what the default history limit keeps. */
export const TEAM_RUNS = 3;

/** The developer's only permission, and the CronJob whose pods it shows. */
export const team: Character = {
  name: "newsletter",
  why: "What a developer sees who may list pods in one namespace and nothing else: completed pods with a literal password, but no Job, CronJob, Role or Secret.",
  days: 45,
  objects: ({ namespace }) => [
    serviceAccount(namespace, "developer"),
    role(namespace, "list-pods", [["list"], ["pods"]]),
    binding(namespace, "developer-list-pods", "Role/list-pods", subject.serviceAccount(namespace, "developer")),
  ],
  async play(scene) {
    const last = wholeMinute(hoursAgo(5));
    const slots = [-2, -1, 0].map((day) => minutesAfter(last, day * 24 * 60));
    const env = [{ name: "SMTP_PASSWORD", value: scene.canaries.password() }];
    const pod = { containers: [{ name: "send", image: "registry.example.com/newsletter:1.2", env }] };
    await apply(scene, [cronJob(scene.namespace, "newsletter", dailyAt(last), pod)]);
    const jobs = await runAt(scene.plane, scene.namespace, "newsletter", slots);
    await ageRuns(scene, jobs, (i) => ({ created: secondsAfter(slots[i]!, 1), finished: secondsAfter(slots[i]!, 40) }));
    const created = daysAgo(45);
    await ageCronJob(scene, "newsletter", { created, changed: created, lastSlot: last, generation: 1 });
  },
};

/** Acts as the developer, with a token that lasts eight hours. */
export function developer(plane: ControlPlane, namespace: string): Promise<Actor> {
  return actAs(plane, namespace, "developer", { seconds: 8 * 3600 });
}
