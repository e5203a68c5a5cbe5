import { expect, test } from "vitest";
import type { ExposureReport } from "../../../src/model/report.ts";
import { FINALIZER } from "../../control-plane/cast/stuck.ts";
import { pathOf } from "../../control-plane/act.ts";
import { TEAM_RUNS } from "../../control-plane/cast/team.ts";
import {
  afterRuns,
  applied,
  byTtl,
  expectCarriers,
  expectReaders,
  forgotten,
  inRun,
  inTemplate,
  literalReaders,
  never,
  reader,
  withIt,
  type End,
  type Kept,
} from "./carriers.ts";
import { created, deletionOf, hoursBetween, jobEnded, plus, podEnded, started } from "./facts.ts";
import { expectAtRest, itemOf, sinceApplied } from "./items.ts";
import type { OnStage } from "./stage.ts";

/** Every credential that stands in an object as text: through which objects, since when, until when and why, and who reads it. */
export function literals(onStage: OnStage): void {
  const takenAt = async () => (await onStage().report<ExposureReport>("exposure")).metadata.takenAt;

  test("the password in the arguments of a Job that somebody made by hand", async () => {
    const { facts } = onStage();
    const run = facts.run("pg-dump-before-upgrade");
    const item = await itemOf(onStage, run.job, "--dbname");
    expectCarriers(
      item,
      inRun(run, "literal-args", "spec.containers[0].command[1]", never(/no TTL.*no CronJob owns it/)),
      await takenAt(),
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
      /job\/schema-migrate was deleted without its pods, and no owner is left.*may take it at its threshold \(.*not visible\)/,
    );
    const place = "spec.containers[0].env[0].value";
    // It was deleted while the cast was loaded, and is read back as it was: as old as it really is.
    const gone = facts.deletedJob;
    const path = `spec.template.${place}`;
    const deleted = forgotten(await takenAt(), "deleted");
    expectCarriers(
      item,
      [
        ...pods.map((pod) => ({
          class: "literal-env" as const,
          object: pod,
          path: place,
          endsBy: deletionOf(pod),
          ...withIt(pod),
          ...ends,
        })),
        { class: "literal-env", object: gone, path, endsBy: null, ...withIt(gone), ...deleted },
        applied(gone, path, sinceApplied(gone), deleted),
      ],
      await takenAt(),
    );
    expectReaders(item, literalReaders(facts, "deleted jobs", "pods"));
    expect(item).toMatchObject({ severity: "critical", removedFromTemplate: false, neededUntil: jobEnded(gone) });
    // Both pods ran at the same time.
    const used = hoursBetween(started(pods[0]!), podEnded(pods[0]!)) + hoursBetween(started(gone), jobEnded(gone));
    expect(item.atRestHours.soFar).toBeCloseTo(hoursBetween(created(pods[0]!), await takenAt()) - used, 1);
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
    const release = new RegExp(
      `^kubectl patch job/archive -n database --type=json .*takes off the finalizer ${FINALIZER}`,
    );
    const [inJob, inPod] = inRun(run, "literal-env", place, held, release);
    expectCarriers(
      item,
      [
        inJob!,
        applied(run.job, `spec.template.${place}`, sinceApplied(run.job), held),
        // The pod waits for the Job, and how long that takes is open.
        { ...inPod!, closesIsBound: true, closesWhy: new RegExp(`goes with job/archive.*${FINALIZER}`) },
      ],
      await takenAt(),
    );
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
    expectCarriers(
      item,
      [
        ...inRun(run, "literal-env", place, end),
        applied(run.job, `spec.template.${place}`, sinceApplied(run.job), end),
      ],
      await takenAt(),
    );
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
    const path = `spec.jobTemplate.spec.template.${place}`;
    const beginning = sinceApplied(cronJob);
    expect(beginning.opensIsBound, "never changed since it was created").toBe(false);
    const runs = facts.runs("newsletter");
    expect(runs).toHaveLength(TEAM_RUNS);
    const kept: Kept = { cronJob, runs, hours: 24, limit: TEAM_RUNS };
    expectCarriers(
      item,
      [
        inTemplate(cronJob, "SMTP_PASSWORD", path, beginning),
        applied(cronJob, path, beginning, never(/annotation is removed/)),
        ...runs.flatMap((run, i) => inRun(run, "literal-env", place, afterRuns(kept, i + 1))),
      ],
      await takenAt(),
    );
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
