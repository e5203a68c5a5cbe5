import { createHash } from "node:crypto";
import { daysAgo, hoursAgo, minutesAfter, runAt, secondsAfter } from "../time.ts";
import type { Stored } from "../story.ts";
import { type Character, type Scene, apply, binding, cronJob, role, serviceAccount, subject } from "./character.ts";
import { ageCronJob, ageRuns, dailyAt, wholeMinute } from "./history.ts";

/** Retained daily runs, the first 21 days before the last. */
export const RUNS = 22;
/** The first so many runs also carry STRIPE_KEY, which then left the template. */
export const RUNS_WITH_STRIPE_KEY = 3;
/** The first so many runs carry the password that was then rotated. */
export const RUNS_WITH_OLD_PASSWORD = 8;

/** The threat model's default backup, with everything that is wrong with it, three weeks on. */
export const backup: Character = {
  name: "backup",
  why: "The default CronJob of the threat model: literal password, :latest, Allow, no TTL, an account that reads every Secret; its runs remember credentials that the template no longer has.",
  days: 41,
  objects: ({ namespace }) => [
    serviceAccount(namespace, "backup"),
    role(null, "secret-reader", [["get", "list"], ["secrets"]]),
    binding(null, "backup-reader", "ClusterRole/secret-reader", subject.serviceAccount(namespace, "backup")),
  ],
  async play(scene) {
    const last = wholeMinute(hoursAgo(3.7));
    const slots = Array.from({ length: RUNS }, (_, i) => minutesAfter(last, (i + 1 - RUNS) * 24 * 60));
    const oldPassword = { name: "DB_PASSWORD", value: scene.canaries.password() };
    const newPassword = { name: "DB_PASSWORD", value: scene.canaries.password() };
    const stripe = { name: "STRIPE_KEY", value: scene.canaries.stripeKey() };

    const act = async (from: number, to: number, env: Stored[]) => {
      await apply(scene, [template(scene, last, env)]);
      return runAt(scene.plane, scene.namespace, "backup", slots.slice(from, to));
    };
    const jobs = [
      ...(await act(0, RUNS_WITH_STRIPE_KEY, [oldPassword, stripe])),
      ...(await act(RUNS_WITH_STRIPE_KEY, RUNS_WITH_OLD_PASSWORD, [oldPassword])),
      ...(await act(RUNS_WITH_OLD_PASSWORD, RUNS, [newPassword])),
    ];

    await ageRuns(scene, jobs, (i) => ({
      created: secondsAfter(slots[i]!, 1),
      finished: secondsAfter(slots[i]!, 660 + ((i * 37) % 120)),
      // One tag, two images: the registry's :latest changed four days ago.
      imageID: `${IMAGE}@sha256:${digest(slots[i]! < daysAgo(4) ? "earlier" : "later")}`,
    }));
    const rotated = minutesAfter(slots[RUNS_WITH_OLD_PASSWORD]!, -130);
    const created = minutesAfter(slots[0]!, -300);
    await ageCronJob(scene, "backup", { created, changed: rotated, lastSlot: last, generation: 3 });
  },
};

/** The image of both backups, without a tag. */
export const IMAGE = "gcr.io/example/db-backup";

function template({ namespace }: Scene, last: Date, credentials: Stored[]): Stored {
  return cronJob(
    namespace,
    "backup",
    dailyAt(last),
    {
      serviceAccountName: "backup",
      containers: [
        {
          name: "backup",
          image: `${IMAGE}:latest`,
          command: ["/usr/local/bin/backup.sh"],
          env: [
            { name: "DB_HOST", value: "postgres.database.svc" },
            { name: "DB_USER", value: "backup" },
            ...credentials,
          ],
        },
      ],
    },
    // Raised "to have the logs at hand": nothing has gone in three weeks.
    { concurrencyPolicy: "Allow", successfulJobsHistoryLimit: 30 },
  );
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
