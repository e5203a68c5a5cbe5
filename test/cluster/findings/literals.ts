import { expect, test } from "vitest";
import type { ExposureItem, ExposureReport } from "../../../src/model/report.ts";
import { RUNS, RUNS_WITH_OLD_PASSWORD, RUNS_WITH_STRIPE_KEY } from "../../control-plane/cast/backup.ts";
import { FINALIZER } from "../../control-plane/cast/stuck.ts";
import { pathOf } from "../../control-plane/act.ts";
import { TEAM_RUNS } from "../../control-plane/cast/team.ts";
import type { Stored } from "../../control-plane/story.ts";
import {
  afterRuns,
  applied,
  byTtl,
  expectCarriers,
  expectReaders,
  inRun,
  literalReaders,
  never,
  reader,
  withIt,
  type Beginning,
  type End,
} from "./carriers.ts";
import { created, hoursBetween, jobEnded, plus, podEnded, refOf, started, type Run } from "./facts.ts";
import type { OnStage } from "./stage.ts";

/** How many successful runs the backup keeps. */
const KEPT = 30;

/** The one item of this name that a workload brought; by the template it is still in, or no longer. */
export async function itemOf(
  onStage: OnStage,
  workload: Stored,
  name: string,
  removedFromTemplate = false,
): Promise<ExposureItem> {
  const { items } = await onStage().report<ExposureReport>("exposure");
  const found = items.filter(
    (item) =>
      item.credential.name === name &&
      item.workload.uid === workload["metadata"].uid &&
      item.removedFromTemplate === removedFromTemplate,
  );
  expect(found, `${name} of ${String(workload["metadata"].name)}`).toHaveLength(1);
  expect(found[0]!.workload).toEqual(refOf(workload));
  return found[0]!;
}

/** Hours from the opening to the report without those in which the pods of the runs ran, and when the last of them ended. */
function expectAtRest(item: ExposureItem, takenAt: string, opens: string, runs: Run[]): void {
  const used = runs.map(({ pod }) => hoursBetween(started(pod), podEnded(pod)));
  const hours = hoursBetween(opens, takenAt) - used.reduce((a, b) => a + b, 0);
  expect(item.atRestHours.soFar).toBeCloseTo(hours, 1);
  expect(item.neededUntil).toBe(
    runs
      .map(({ pod }) => podEnded(pod))
      .sort()
      .at(-1),
  );
}

/** A CronJob's template may have changed after its creation: proved is when kubectl last wrote it. */
function sinceApplied(cronJob: Stored): Beginning {
  const applies = cronJob["metadata"].managedFields.filter((entry: Stored) => entry["subresource"] === undefined);
  expect(applies).toHaveLength(1);
  const opens: string = applies[0].time;
  const exact = opens === created(cronJob);
  const opensBecause = exact ? /created with it/ : /field manager owns/;
  return { opens, opensNotBefore: created(cronJob), opensIsBound: !exact, opensBecause };
}

/** Every credential that stands in an object as text: through which objects, since when, until when and why, and who reads it. */
export function literals(onStage: OnStage): void {
  const takenAt = async () => (await onStage().report<ExposureReport>("exposure")).metadata.takenAt;

  test("the backup's password: the template, what kubectl applied, the runs since the rotation, and the manual run", async () => {
    const { facts } = onStage();
    const cronJob = facts.cronJob("backup");
    const manual = facts.run("backup-manual");
    const item = await itemOf(onStage, cronJob, "DB_PASSWORD");
    const place = "containers[0].env[2].value";
    const inTemplate = `spec.jobTemplate.spec.template.spec.${place}`;
    const beginning = sinceApplied(cronJob);
    expect(beginning.opensIsBound).toBe(true);
    const runs = facts.runs("backup").slice(RUNS_WITH_OLD_PASSWORD);
    const stays = never(/until the template changes or the CronJob is deleted/);
    expectCarriers(item, [
      { class: "literal-env", object: cronJob, path: inTemplate, ...beginning, ...stays },
      applied(cronJob, inTemplate, beginning, never(/until somebody deletes it.*annotation is removed/)),
      ...runs.flatMap((run, i) =>
        inRun(run, "literal-env", `spec.${place}`, afterRuns(KEPT, KEPT - RUNS + RUNS_WITH_OLD_PASSWORD + i + 1)),
      ),
      ...inRun(manual, "literal-env", `spec.${place}`, never(/no TTL.*cronjob\/backup owns it without controlling it/)),
    ]);
    expectReaders(item, literalReaders(facts, "cronjobs", "jobs", "pods"));
    expectAtRest(item, await takenAt(), beginning.opens, [...runs, manual]);
    expect(item).toMatchObject({ severity: "critical", atRestHours: { projected: null } });
    expect(item.credential).toMatchObject({ kind: "password", confidence: "likely", ref: null, serviceAccount: null });
    expect(item.credential.fingerprint).toMatch(/^[0-9a-f]{32}$/);
    expect(item.fix).toMatch(/^kubectl edit cronjob\/backup -n database .*rotate/);
  });

  const forgotten = [
    {
      name: "STRIPE_KEY",
      kind: "provider-token",
      place: "spec.containers[0].env[3].value",
      runs: RUNS_WITH_STRIPE_KEY,
    },
    { name: "DB_PASSWORD", kind: "password", place: "spec.containers[0].env[2].value", runs: RUNS_WITH_OLD_PASSWORD },
  ];
  test.for(forgotten)("$name, which the template no longer has, in the runs that remember it", async (one) => {
    const { facts } = onStage();
    const runs = facts.runs("backup").slice(0, one.runs);
    const item = await itemOf(onStage, facts.cronJob("backup"), one.name, true);
    expectCarriers(
      item,
      runs.flatMap((run, i) => inRun(run, "literal-env", one.place, afterRuns(KEPT, KEPT - RUNS + i + 1))),
    );
    expectReaders(item, literalReaders(facts, "jobs", "pods"));
    expectAtRest(item, await takenAt(), created(runs[0]!.job), runs);
    expect(item).toMatchObject({ severity: "high", atRestHours: { projected: null }, credential: { kind: one.kind } });
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

  test("the password in the arguments of a Job that somebody made by hand", async () => {
    const { facts } = onStage();
    const run = facts.run("pg-dump-before-upgrade");
    const item = await itemOf(onStage, run.job, "--dbname");
    expectCarriers(
      item,
      inRun(run, "literal-args", "spec.containers[0].command[1]", never(/no TTL.*no CronJob owns it/)),
    );
    expectReaders(item, literalReaders(facts, "jobs", "pods"));
    expectAtRest(item, await takenAt(), created(run.job), [run]);
    expect(item).toMatchObject({
      severity: "critical",
      credential: { kind: "connection-string", confidence: "certain" },
    });
    expect(item.fix).toMatch(/^kubectl delete job pg-dump-before-upgrade -n database /);
  });

  test("the password in the pods that their deleted Job left behind", async () => {
    const { facts } = onStage();
    const pods = facts.podsOf("schema-migrate");
    const item = await itemOf(onStage, pods[0]!, "FLYWAY_PASSWORD");
    const ends = never(
      /job\/schema-migrate was deleted without its pods, and no owner is left.*threshold is not visible/,
    );
    expectCarriers(
      item,
      pods.map((pod) => ({
        class: "literal-env",
        object: pod,
        path: "spec.containers[0].env[0].value",
        ...withIt(pod),
        ...ends,
      })),
    );
    expectReaders(item, literalReaders(facts, "pods"));
    expect(item).toMatchObject({ severity: "critical", removedFromTemplate: false, neededUntil: podEnded(pods[0]!) });
    expect(item.fix).toMatch(/^kubectl delete pod schema-migrate-\w+ schema-migrate-\w+ -n database /);
  });

  test("the password of a Job that a finalizer keeps from going", async () => {
    const { facts } = onStage();
    const run = facts.run("archive");
    const item = await itemOf(onStage, run.job, "ARCHIVE_PASSWORD");
    const place = "spec.containers[0].env[0].value";
    const held: End = {
      closes: null,
      closesBecause: "deletion-in-progress",
      closesIsBound: false,
      closesWhy: new RegExp(`being deleted, and finalizer ${FINALIZER} holds it`),
    };
    const [inJob, inPod] = inRun(run, "literal-env", place, held);
    expectCarriers(item, [
      inJob!,
      applied(run.job, `spec.template.${place}`, sinceApplied(run.job), held),
      // The pod waits for the Job, and how long that takes is open.
      { ...inPod!, closesIsBound: true, closesWhy: new RegExp(`goes with job/archive.*${FINALIZER}`) },
    ]);
    expectReaders(item, literalReaders(facts, "jobs", "pods"));
    expectAtRest(item, await takenAt(), created(run.job), [run]);
    expect(item).toMatchObject({ severity: "critical", atRestHours: { projected: null } });
  });

  test("the next step for a Job that is already being deleted is its finalizer", async () => {
    const item = await itemOf(onStage, onStage().facts.run("archive").job, "ARCHIVE_PASSWORD");
    expect(item.fix, "another delete changes nothing").toMatch(
      /^kubectl patch job\/archive -n database --type=json -p '\[.*"remove","path":"\/metadata\/finalizers\/0".*\]' {2}# takes off the finalizer/,
    );
    expect(item.fix).toMatch(new RegExp(`${FINALIZER}.*see that it is done; save the evidence first: `));
    // The API server takes the patch as it stands, and refuses it once the list has changed.
    const patch = /-p '(\[.*?\])'/.exec(item.fix)![1]!;
    const dryRun = async (body: string) => {
      const path = `${pathOf("Job", "database", "archive")}?dryRun=All`;
      const contentType = "application/json-patch+json";
      return onStage().plane.request("PATCH", path, body, { contentType });
    };
    const taken = await dryRun(patch);
    expect(taken.status).toBe(200);
    expect(taken.body.metadata.finalizers ?? []).not.toContain(FINALIZER);
    expect((await dryRun(patch.replace(FINALIZER, "example.com/another"))).status).toBe(422);
  });

  test("the token of a Job whose TTL ends within the hour", async () => {
    const { facts } = onStage();
    const run = facts.run("reindex");
    const item = await itemOf(onStage, run.job, "SEARCH_API_TOKEN");
    const place = "spec.containers[0].env[0].value";
    const gone = plus(jobEnded(run.job), 7200);
    const end = byTtl(gone, 7200);
    expectCarriers(item, [
      ...inRun(run, "literal-env", place, end),
      applied(run.job, `spec.template.${place}`, sinceApplied(run.job), end),
    ]);
    expectReaders(item, literalReaders(facts, "jobs", "pods"));
    expectAtRest(item, await takenAt(), created(run.job), [run]);
    const used = hoursBetween(started(run.pod), podEnded(run.pod));
    expect(item.atRestHours.projected).toBeCloseTo(hoursBetween(created(run.job), gone) - used, 1);
    expect(item).toMatchObject({ severity: "high", credential: { kind: "token" } });
  });

  test("the newsletter's password, which a developer reads through the pods alone", async () => {
    const { facts } = onStage();
    const cronJob = facts.cronJob("newsletter");
    const item = await itemOf(onStage, cronJob, "SMTP_PASSWORD");
    const place = "spec.containers[0].env[0].value";
    const inTemplate = `spec.jobTemplate.spec.template.${place}`;
    const beginning = sinceApplied(cronJob);
    expect(beginning.opensIsBound, "never changed since it was created").toBe(false);
    const runs = facts.runs("newsletter");
    expect(runs).toHaveLength(TEAM_RUNS);
    expectCarriers(item, [
      {
        class: "literal-env",
        object: cronJob,
        path: inTemplate,
        ...beginning,
        ...never(/until the template changes or the CronJob is deleted/),
      },
      applied(cronJob, inTemplate, beginning, never(/annotation is removed/)),
      ...runs.flatMap((run, i) => inRun(run, "literal-env", place, afterRuns(TEAM_RUNS, i + 1))),
    ]);
    const granted = facts.granted(["RoleBinding", "developer-list-pods"], ["Role", "list-pods"]);
    expectReaders(item, [reader("ServiceAccount team/developer", granted, "pods-list")]);
    expectAtRest(item, await takenAt(), created(cronJob), runs);
    expect(item.severity).toBe("critical");
  });

  test("readers that Kubernetes brings itself are counted, and named when asked for", async () => {
    const folded = await itemOf(onStage, onStage().facts.run("archive").job, "ARCHIVE_PASSWORD");
    const { items } = await onStage().report<ExposureReport>(
      "exposure",
      "job/archive",
      "-n",
      "database",
      "--all-readers",
    );
    const shown = items.find(({ credential }) => credential.name === "ARCHIVE_PASSWORD")!.readers;
    const names = shown.items.map(({ subject }) => subject.name);
    expect(shown.folded).toBe(0);
    expect(shown.count).toBe(folded.readers.count! + folded.readers.folded);
    expect(names).toEqual(
      expect.arrayContaining([
        "oncall",
        "system:masters",
        "system:node:rig-0",
        "job-controller",
        "system:kube-scheduler",
      ]),
    );
    const node = shown.items.find(({ subject }) => subject.name === "system:node:rig-0")!;
    expect(node).toMatchObject({ through: ["node-authorizer"], provedSince: folded.carriers.at(-1)!.opens });
    const masters = shown.items.find(({ subject }) => subject.name === "system:masters")!;
    expect(masters.provedSince, "no object grants it").toBeNull();
  });
}
