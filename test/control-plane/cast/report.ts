import { daysAgo, hoursAgo, minutesAfter, runAt, secondsAfter } from "../time.ts";
import { type Character, apply, cronJob, secret, serviceAccount } from "./character.ts";
import { ageCronJob, ageRuns, wholeMinute } from "./history.ts";

/** A password by secretKeyRef: its pods show the reference, never the value. */
export const report: Character = {
  name: "report",
  why: "A CronJob that takes its password by secretKeyRef: what describe prints is not the value, and the default history limits keep exactly the three runs that are there.",
  days: 60,
  objects: ({ namespace, canaries }) => [
    serviceAccount(namespace, "report"),
    secret(namespace, "report-credentials", { username: "report", password: canaries.password() }),
  ],
  async play(scene) {
    const last = wholeMinute(hoursAgo(2));
    const slots = [minutesAfter(last, -720), minutesAfter(last, -360), last];
    const everySixHours = `${String(last.getUTCMinutes())} ${String(last.getUTCHours() % 6)}-23/6 * * *`;
    const valueFrom = { secretKeyRef: { name: "report-credentials", key: "password" } };
    const pod = {
      serviceAccountName: "report",
      containers: [
        {
          name: "report",
          image: "registry.example.com/report:2.8.1",
          args: ["--format=pdf", "--to=finance@example.com"],
          env: [{ name: "REPORT_DB_PASSWORD", valueFrom }],
        },
      ],
    };
    await apply(scene, [cronJob(scene.namespace, "report", everySixHours, pod, { concurrencyPolicy: "Forbid" })]);
    const jobs = [];
    for (const slot of slots) {
      const [job] = await runAt(scene.plane, scene.namespace, "report", [slot]);
      const story = { created: secondsAfter(slot, 1), finished: secondsAfter(slot, 95) };
      // Forbid lets the next one start only when this one is through.
      await ageRuns(scene, [job!], () => story);
      jobs.push(job);
    }
    const created = daysAgo(60);
    await ageCronJob(scene, "report", { created, changed: created, lastSlot: last, generation: 1 });
  },
};
