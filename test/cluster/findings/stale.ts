import { expect, test } from "vitest";
import type { Retention, StaleItem, StaleReport, StaleState } from "../../../src/model/report.ts";
import { RUNS, RUNS_WITH_STRIPE_KEY } from "../../control-plane/cast/backup.ts";
import { ORPHANS } from "../../control-plane/cast/orphans.ts";
import { ROTATIONS } from "../../control-plane/cast/rotation.ts";
import { FINALIZER } from "../../control-plane/cast/stuck.ts";
import { TEAM_RUNS } from "../../control-plane/cast/team.ts";
import type { Stored } from "../../control-plane/story.ts";
import { jobEnded, plus, podEnded, refOf, runEnds, started, type Run } from "./facts.ts";
import type { OnStage } from "./stage.ts";

/** What removes an object, and what the explanation has to say. */
interface Going extends Omit<Retention, "why" | "assumes"> {
  why: RegExp;
  /** Absent: nothing has to happen for it. */
  assumes?: string;
}

function stays(why: RegExp, afterRuns: number | null = null): Going {
  return { governedBy: "none", deletesAt: null, isBound: false, overdueSeconds: null, afterRuns, why };
}

/** What the history limit takes with the so many-th next run, and not before it can have ended. */
function kept(limit: number, runs: number, deletesAt: string): Going {
  const why = new RegExp(`keeps ${String(limit)} successful.*\\b${String(runs)} more successful runs?\\b`);
  const assumes = runs === 1 ? "the next run succeeds" : `the next ${String(runs)} runs succeed`;
  const bound = { isBound: true, overdueSeconds: null, afterRuns: runs } as const;
  return { governedBy: "history-limit", deletesAt, ...bound, assumes, why };
}

function byTtl(job: Stored, seconds: number): Going {
  const why = new RegExp(`TTL of ${String(seconds)} s after it finished$`);
  const deletesAt = plus(jobEnded(job), seconds);
  return { governedBy: "ttl", deletesAt, isBound: false, overdueSeconds: null, afterRuns: null, why };
}

/** Finds the item of an object and compares everything that it says. */
async function expectItem(
  onStage: OnStage,
  object: Stored,
  wanted: {
    state: StaleState;
    because: RegExp;
    /** The object, or as much of its reference as is known of one that is gone. */
    owner: Stored | null;
    finishedAt: string | null;
    going: Going;
    credentials: number;
  },
): Promise<StaleItem> {
  const report = await onStage().report<StaleReport>("stale");
  const item = report.items.find(({ object: { uid } }) => uid === object["metadata"].uid);
  expect(item, `${String(object["kind"])} ${String(object["metadata"].name)}`).toBeDefined();
  const { why, ...going } = wanted.going;
  const { owner } = wanted;
  expect(item).toMatchObject({
    object: refOf(object),
    state: wanted.state,
    because: expect.stringMatching(wanted.because) as string,
    startedAt: started(object),
    finishedAt: wanted.finishedAt,
    retention: { assumes: null, ...going, why: expect.stringMatching(why) as string },
    credentials: wanted.credentials,
  });
  if (owner === null) expect(item!.owner).toBeNull();
  else expect(item!.owner).toMatchObject("metadata" in owner ? refOf(owner) : owner);
  const seconds = (Date.parse(report.metadata.takenAt) - Date.parse(wanted.finishedAt ?? started(object))) / 1000;
  expect(item!.ageSeconds).toBe(seconds);
  return item!;
}

/** A completed Job and its pod, whose end is the Job's. */
async function expectCompleted(
  onStage: OnStage,
  { job, pod }: Run,
  owner: Stored | null,
  going: Going,
  credentials: number,
): Promise<void> {
  const name: string = job["metadata"].name;
  const completed = { state: "completed", credentials } as const;
  await expectItem(onStage, job, { ...completed, because: /Complete/, owner, finishedAt: jobEnded(job), going });
  const withJob = { ...going, why: new RegExp(`job/${name}\\b.*${going.why.source}`) };
  const finishedAt = podEnded(pod);
  await expectItem(onStage, pod, { ...completed, because: /Succeeded/, owner: job, finishedAt, going: withJob });
}

/** Every Job and pod that lingers: in which state, why, since when, and what will remove it. */
export function stale(onStage: OnStage): void {
  test("the hung Job and its pod: the proxy runs on, and nothing ends or removes them", async () => {
    const { job, pod } = onStage().facts.run("warehouse-export");
    const because = /^(its job\/warehouse-export: )?container export ended 6h\d*m? ago, but cloud-sql-proxy runs on$/;
    const hung = { state: "hung", because, finishedAt: null, credentials: 0 } as const;
    await expectItem(onStage, job, { ...hung, owner: null, going: stays(/no TTL; no CronJob owns it/) });
    await expectItem(onStage, pod, { ...hung, owner: job, going: stays(/with job\/warehouse-export: it has no TTL/) });
  });

  test("the failed Job and its pod", async () => {
    const { job, pod } = onStage().facts.run("integrity-check");
    expect(job["status"].completionTime).toBeUndefined();
    const failed = { state: "failed", credentials: 0 } as const;
    await expectItem(onStage, job, {
      ...failed,
      because: /Failed.*BackoffLimitExceeded/,
      owner: null,
      finishedAt: jobEnded(job),
      going: stays(/no TTL; no CronJob owns it/),
    });
    await expectItem(onStage, pod, {
      ...failed,
      because: /Failed/,
      owner: job,
      finishedAt: podEnded(pod),
      going: stays(/with job\/integrity-check: it has no TTL/),
    });
  });

  test("the pods whose Job was deleted without them", async () => {
    const pods = onStage().facts.podsOf("schema-migrate");
    expect(pods).toHaveLength(ORPHANS);
    for (const pod of pods) {
      await expectItem(onStage, pod, {
        state: "orphaned",
        because: /job\/schema-migrate was deleted without its pods/,
        owner: { kind: "Job", name: "schema-migrate" },
        finishedAt: podEnded(pod),
        going: stays(
          /no owner is left to take it along.*may take it at its threshold \(finished pods seen: .* of 12,500, the default; not visible\)/,
        ),
        credentials: 1,
      });
    }
  });

  test("the Job that its finalizer holds, two days after it was deleted, and its pod", async () => {
    const { job, pod } = onStage().facts.run("archive");
    const { takenAt } = (await onStage().report<StaleReport>("stale")).metadata;
    const overdueSeconds = (Date.parse(takenAt) - Date.parse(job["metadata"].deletionTimestamp)) / 1000;
    const why = new RegExp(FINALIZER);
    const held = { governedBy: "finalizer", deletesAt: null, isBound: true, afterRuns: null, why } as const;
    await expectItem(onStage, job, {
      state: "stuck-deleting",
      because: new RegExp(`being deleted, and finalizer ${FINALIZER} holds it`),
      owner: null,
      finishedAt: jobEnded(job),
      going: { ...held, overdueSeconds },
      credentials: 1,
    });
    await expectItem(onStage, pod, {
      state: "completed",
      because: /Succeeded/,
      owner: job,
      finishedAt: podEnded(pod),
      going: { ...held, overdueSeconds: null },
      credentials: 1,
    });
  });

  test("the Jobs that people made by hand: nothing removes them, not even the limits of the CronJob that owns one", async () => {
    const { facts } = onStage();
    await expectCompleted(onStage, facts.run("pg-dump-before-upgrade"), null, stays(/no TTL; no CronJob owns it/), 1);
    const why = /it has no TTL; cronjob\/backup owns it without controlling it, so its history limits do not count it/;
    await expectCompleted(onStage, facts.run("backup-manual"), facts.cronJob("backup"), stays(why), 1);
  });

  test("the TTLs that end within the hour: both exact, because the two runs that a history limit waits for take two days", async () => {
    const { facts } = onStage();
    const reindex = facts.run("reindex");
    await expectCompleted(onStage, reindex, null, byTtl(reindex.job, 7200), 1);
    const [hardened, ...others] = facts.runs("database-backup") as [Run];
    expect(others).toEqual([]);
    const cronJob = facts.cronJob("database-backup");
    expect(runEnds(cronJob, [hardened], 24, 2) > plus(jobEnded(hardened.job), 3600)).toBe(true);
    await expectCompleted(onStage, hardened, cronJob, byTtl(hardened.job, 3600), 0);
  });

  test("what history limits keep, and for how many runs more", async () => {
    const { facts } = onStage();
    const groups = [
      { name: "backup", runs: RUNS, limit: 30, hours: 24 },
      { name: "report", runs: 3, limit: 3, hours: 6 },
      { name: "newsletter", runs: TEAM_RUNS, limit: 3, hours: 24 },
    ];
    for (const { name, runs, limit, hours } of groups) {
      const found = facts.runs(name);
      expect(found).toHaveLength(runs);
      for (const [i, run] of found.entries()) {
        const literals = name === "report" ? 0 : name === "backup" && i < RUNS_WITH_STRIPE_KEY ? 2 : 1;
        const more = limit - runs + i + 1;
        const going = kept(limit, more, runEnds(facts.cronJob(name), found, hours, more));
        await expectCompleted(onStage, run, facts.cronJob(name), going, literals);
      }
    }
  });

  test("what the limits of a suspended CronJob keep, they keep until it is resumed", async () => {
    const { facts } = onStage();
    const runs = facts.runs("rotate-credentials");
    expect(runs).toHaveLength(ROTATIONS);
    for (const [i, run] of runs.entries()) {
      const more = `${String(i + 1)} more successful runs?`;
      const why = new RegExp(
        `keeps ${String(ROTATIONS)} successful, and no run follows while it is suspended: ${more}.*no TTL`,
      );
      await expectCompleted(onStage, run, facts.cronJob("rotate-credentials"), stays(why, i + 1), 0);
    }
  });

  test("these are all, the worst first, and the summary counts them", async () => {
    const { facts } = onStage();
    const { items, summary, complete, blindSpots } = await onStage().report<StaleReport>("stale");
    const uids = [...facts.jobs, ...facts.pods].map(({ metadata }) => metadata.uid as string);
    expect(items.map(({ object }) => object.uid).sort()).toEqual(uids.sort());
    const states: StaleState[] = ["stuck-deleting", "hung", "orphaned", "failed", "completed"];
    expect([...new Set(items.map(({ state }) => state))]).toEqual(states);
    // Two Jobs each by hand, hung or failed with a pod, the rotations with theirs, and the orphans.
    const neverDeleted = 2 * 2 + 2 + 2 + 2 * ROTATIONS + ORPHANS;
    expect(summary).toMatchObject({ jobs: facts.jobs.length, pods: facts.pods.length, neverDeleted });
    expect(summary).toMatchObject({ deletedWithinHour: 4 });
    expect(summary.byState).toEqual({
      "stuck-deleting": 1,
      hung: 2,
      orphaned: ORPHANS,
      failed: 2,
      suspended: 0,
      completed: items.length - 1 - 2 - ORPHANS - 2,
    });
    expect({ complete, blindSpots }).toEqual({ complete: true, blindSpots: [] });
  });
}
