import { daysAgo, minutesAgo, runAt, secondsAfter } from "../time.ts";
import type { Stored } from "../story.ts";
import { type Character, apply, binding, cronJob, role, secret, serviceAccount, subject } from "./character.ts";
import { ageCronJob, ageRuns, dailyAt, wholeMinute } from "./history.ts";

/** The backup after Steps 1 and 2 of the threat model; its last run is still there, because its hour is not over. */
export const hardened: Character = {
  name: "database-backup",
  why: "The hardened twin: own account, one named Secret as files, no token, digest, Forbid, deadlines and a TTL of an hour; what it leaves is gone by itself.",
  days: 12,
  objects: ({ namespace, canaries }) => [
    secret(namespace, "backup-db-credentials", {
      host: "postgres.database.svc",
      username: "backup",
      password: canaries.password(),
    }),
    serviceAccount(namespace, "backup-cronjob-sa"),
    role(
      namespace,
      "backup-cronjob-role",
      [["get"], ["secrets"], ["backup-db-credentials"]],
      [["get", "update", "patch"], ["configmaps"], ["backup-status"]],
    ),
    binding(
      namespace,
      "backup-cronjob-binding",
      "Role/backup-cronjob-role",
      subject.serviceAccount(namespace, "backup-cronjob-sa"),
    ),
  ],
  async play(scene) {
    const slot = wholeMinute(minutesAgo(28));
    const manifest = cronJob(scene.namespace, "database-backup", dailyAt(slot), POD, {
      concurrencyPolicy: "Forbid",
      successfulJobsHistoryLimit: 2,
      failedJobsHistoryLimit: 3,
      startingDeadlineSeconds: 300,
      jobSpec: { ttlSecondsAfterFinished: 3600, activeDeadlineSeconds: 7200, backoffLimit: 1 },
    });
    await apply(scene, [manifest]);
    const jobs = await runAt(scene.plane, scene.namespace, "database-backup", [slot]);
    await ageRuns(scene, jobs, () => ({ created: secondsAfter(slot, 1), finished: secondsAfter(slot, 310) }));
    const created = daysAgo(12);
    await ageCronJob(scene, "database-backup", { created, changed: created, lastSlot: slot, generation: 1 });
  },
};

const POD: Stored = {
  serviceAccountName: "backup-cronjob-sa",
  automountServiceAccountToken: false,
  securityContext: { runAsNonRoot: true, runAsUser: 65534, seccompProfile: { type: "RuntimeDefault" } },
  containers: [
    {
      name: "backup",
      image: `gcr.io/example/db-backup@sha256:${"3f5a".repeat(16)}`,
      command: ["/usr/local/bin/backup.sh"],
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      },
      resources: { limits: { cpu: "500m", memory: "512Mi" }, requests: { cpu: "100m", memory: "128Mi" } },
      volumeMounts: [
        { name: "db-credentials", mountPath: "/etc/backup/credentials", readOnly: true },
        { name: "tmp", mountPath: "/tmp" },
      ],
    },
  ],
  volumes: [
    { name: "db-credentials", secret: { secretName: "backup-db-credentials", defaultMode: 0o400 } },
    { name: "tmp", emptyDir: {} },
  ],
};
