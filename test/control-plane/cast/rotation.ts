import { daysAgo, minutesAfter, minutesAgo, runAt, secondsAfter } from "../time.ts";
import { type Character, apply, binding, cronJob, role, secret, serviceAccount, subject } from "./character.ts";
import { ageCronJob, ageRuns, wholeMinute } from "./history.ts";

/** Retained runs, one a minute, each running for two minutes and ten seconds. */
export const ROTATIONS = 6;

/** Rotation that raced with itself until somebody suspended it. */
export const rotation: Character = {
  name: "rotate-credentials",
  why: "Adversary 3: every minute, Allow, runs of two minutes that read, change and write one Secret; suspended an hour ago, so that its overlapping runs stay as they were.",
  days: 30,
  objects: ({ namespace, canaries }) => [
    serviceAccount(namespace, "rotate"),
    secret(namespace, "orders-api", { token: canaries.password() }),
    role(namespace, "rotate", [["get", "update", "patch"], ["secrets"], ["orders-api"]]),
    binding(namespace, "rotate", "Role/rotate", subject.serviceAccount(namespace, "rotate")),
  ],
  async play(scene) {
    const first = wholeMinute(minutesAgo(64));
    const slots = Array.from({ length: ROTATIONS }, (_, i) => minutesAfter(first, i));
    const pod = {
      serviceAccountName: "rotate",
      containers: [
        { name: "rotate", image: "registry.example.com/rotate:0.9", args: ["--secret=orders-api", "--key=token"] },
      ],
    };
    const spec = { concurrencyPolicy: "Allow", successfulJobsHistoryLimit: ROTATIONS, suspend: true };
    await apply(scene, [cronJob(scene.namespace, "rotate-credentials", "* * * * *", pod, spec)]);
    const jobs = await runAt(scene.plane, scene.namespace, "rotate-credentials", slots);
    await ageRuns(scene, jobs, (i) => ({
      created: secondsAfter(slots[i]!, 1),
      finished: secondsAfter(slots[i]!, 130),
    }));
    const lastSlot = slots.at(-1)!;
    const changed = minutesAfter(lastSlot, 1);
    await ageCronJob(scene, "rotate-credentials", { created: daysAgo(30), changed, lastSlot, generation: 2 });
  },
};
