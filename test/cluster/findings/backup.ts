import { expect, test } from "vitest";
import type { ExposureReport } from "../../../src/model/report.ts";
import { RUNS, RUNS_WITH_OLD_PASSWORD, RUNS_WITH_STRIPE_KEY } from "../../control-plane/cast/backup.ts";
import {
  afterRuns,
  applied,
  expectCarriers,
  expectReaders,
  forgotten,
  inRun,
  inTemplate,
  literalReaders,
  never,
  since,
  type Kept,
} from "./carriers.ts";
import { created, hoursBetween, podEnded, started, type Facts } from "./facts.ts";
import { expectAtRest, itemOf, sinceApplied } from "./items.ts";
import type { OnStage } from "./stage.ts";

/** How many successful runs the backup keeps. */
const KEPT = 30;

/** The backup runs once a day. */
function backups(facts: Facts): Kept {
  return { cronJob: facts.cronJob("backup"), runs: facts.runs("backup"), hours: 24, limit: KEPT };
}

/** The default backup: what its template holds, what it has lost, and the runs that remember. */
export function backup(onStage: OnStage): void {
  const takenAt = async () => (await onStage().report<ExposureReport>("exposure")).metadata.takenAt;

  test("the backup's password: the template, what kubectl applied, the runs since the rotation, and the manual run", async () => {
    const { facts } = onStage();
    const cronJob = facts.cronJob("backup");
    const manual = facts.run("backup-manual");
    const item = await itemOf(onStage, cronJob, "DB_PASSWORD");
    const place = "containers[0].env[2].value";
    const path = `spec.jobTemplate.spec.template.spec.${place}`;
    const beginning = sinceApplied(cronJob);
    expect(beginning.opensIsBound).toBe(true);
    const runs = facts.runs("backup").slice(RUNS_WITH_OLD_PASSWORD);
    const more = KEPT - RUNS + RUNS_WITH_OLD_PASSWORD + 1;
    const byHand = never(/no TTL.*cronjob\/backup owns it without controlling it/);
    expectCarriers(
      item,
      [
        inTemplate(cronJob, "DB_PASSWORD", path, beginning),
        applied(cronJob, path, beginning, never(/until somebody deletes it.*annotation is removed/)),
        ...runs.flatMap((run, i) => inRun(run, "literal-env", `spec.${place}`, afterRuns(backups(facts), more + i))),
        ...inRun(manual, "literal-env", `spec.${place}`, byHand),
      ],
      await takenAt(),
    );
    expectReaders(item, literalReaders(facts, "cronjobs", "jobs", "pods"));
    expectAtRest(item, await takenAt(), beginning.opens, [...runs, manual]);
    expect(item).toMatchObject({ severity: "critical", atRestHours: { projected: null } });
    expect(item.credential).toMatchObject({ kind: "password", confidence: "likely", ref: null, serviceAccount: null });
    expect(item.credential.fingerprint).toMatch(/^[0-9a-f]{32}$/);
    expect(item.fix).toMatch(/^kubectl edit cronjob\/backup -n database .*rotate/);
  });

  const removed = [
    {
      name: "STRIPE_KEY",
      kind: "provider-token",
      place: "spec.containers[0].env[3].value",
      runs: RUNS_WITH_STRIPE_KEY,
    },
    { name: "DB_PASSWORD", kind: "password", place: "spec.containers[0].env[2].value", runs: RUNS_WITH_OLD_PASSWORD },
  ];
  test.for(removed)("$name, which the template no longer has, in the runs that remember it", async (one) => {
    const { facts } = onStage();
    const all = facts.runs("backup");
    const runs = all.slice(0, one.runs);
    const item = await itemOf(onStage, facts.cronJob("backup"), one.name, true);
    // The template held both until minutes ago, and is read back as it was.
    const before = facts.earlierBackup.first;
    const path = `spec.jobTemplate.spec.template.${one.place}`;
    const changed = forgotten(await takenAt(), "changed");
    expectCarriers(
      item,
      [
        // Runs that carried it are older than the CronJob says that it is.
        {
          class: "literal-env",
          object: before,
          path,
          endsBy: null,
          ...since(created(before), /created with it/),
          ...changed,
        },
        applied(before, path, sinceApplied(before), changed),
        ...runs.flatMap((run, i) =>
          inRun(run, "literal-env", one.place, afterRuns(backups(facts), KEPT - RUNS + i + 1)),
        ),
      ],
      await takenAt(),
    );
    expectReaders(item, literalReaders(facts, "deleted cronjobs", "jobs", "pods"));
    expectAtRest(item, await takenAt(), created(runs[0]!.job), runs);
    expect(item).toMatchObject({ severity: "high", credential: { kind: one.kind } });
    expect(item.removedBy).toBe(created(all[one.runs]!.job));
    const used = runs.map(({ pod }) => hoursBetween(started(pod), podEnded(pod))).reduce((a, b) => a + b);
    expect(item.atRestHours.projected).toBeCloseTo(hoursBetween(created(runs[0]!.job), item.closes!) - used, 1);
    expect(item.fix).toMatch(new RegExp(`^kubectl delete job ${runs[0]!.job["metadata"].name} .*rotate ${one.name}$`));
  });

  test("the two passwords of the backup are two credentials", async () => {
    const { facts } = onStage();
    const backup = facts.cronJob("backup");
    const now = await itemOf(onStage, backup, "DB_PASSWORD");
    const before = await itemOf(onStage, backup, "DB_PASSWORD", true);
    expect(now.credential.fingerprint).not.toBe(before.credential.fingerprint);
    expect(now.id).not.toBe(before.id);
  });
}
