import { expect, test } from "vitest";
import type { TriageItem, TriageReport } from "../../../src/model/report.ts";
import { RUNS, RUNS_WITH_OLD_PASSWORD, RUNS_WITH_STRIPE_KEY } from "../../control-plane/cast/backup.ts";
import { ROTATIONS } from "../../control-plane/cast/rotation.ts";
import { FINALIZER } from "../../control-plane/cast/stuck.ts";
import { created, jobEnded, plus, podEnded, refOf, runEnds, started } from "./facts.ts";
import type { OnStage } from "./stage.ts";

type Line = Pick<TriageItem, "severity" | "since" | "until" | "untilBecause" | "objectCount" | "next"> & {
  readers: number | null;
  /** Absent: nothing has to happen for it. */
  untilAssumes?: string;
  untilWhy: RegExp;
};

/** One screen: what is worst, who, since, until and what to do next. */
export function triage(onStage: OnStage): void {
  const report = () => onStage().report<TriageReport>();
  const line = async (what: RegExp, { untilWhy, readers, ...wanted }: Line): Promise<TriageItem> => {
    const { items } = await report();
    const found = items.filter((item) => what.test(item.what));
    expect(
      found.map((item) => item.what),
      String(what),
    ).toHaveLength(1);
    const who = readers === null ? null : { everyone: false, count: readers };
    expect(found[0]).toMatchObject({
      untilAssumes: null,
      ...wanted,
      untilWhy: expect.stringMatching(untilWhy) as string,
      readers: who,
    });
    return found[0]!;
  };
  const endless = { until: null, untilBecause: "never" } as const;

  test("the literals, each on a line", async () => {
    const { facts } = onStage();
    const backup = facts.cronJob("backup");
    const changed: string = backup["metadata"].managedFields[0].time;
    const isBound = async (what: RegExp, wanted: Line) => (await line(what, wanted)).sinceIsBound;
    const current = RUNS - RUNS_WITH_OLD_PASSWORD + 1;
    const password: Line = {
      severity: "critical",
      since: changed,
      ...endless,
      untilWhy: /cronjob\/backup owns it without controlling it/,
      objectCount: 2 * current + 1,
      readers: 2,
      next: "exposure cronjob/backup -n database",
    };
    const counts = `${String(current)} pods, ${String(current)} jobs, 1 cronjob`;
    expect(await isBound(new RegExp(`^DB_PASSWORD in ${counts} \\(database\\)$`), password)).toBe(true);
    const dump = facts.run("pg-dump-before-upgrade").job;
    const byHand: Line = {
      severity: "critical",
      since: created(dump),
      ...endless,
      untilWhy: /no TTL; no CronJob owns it/,
      objectCount: 2,
      readers: 2,
      next: "exposure job/pg-dump-before-upgrade -n database",
    };
    expect(await isBound(/^--dbname in 1 pod, 1 job \(database\)$/, byHand)).toBe(false);
    const [orphan] = facts.podsOf("schema-migrate");
    await line(/^FLYWAY_PASSWORD in 2 pods \(database\)$/, {
      severity: "critical",
      since: created(orphan!),
      ...endless,
      untilWhy: /job\/schema-migrate was deleted without its pods/,
      objectCount: 2,
      readers: 2,
      next: `exposure pod/${String(orphan!["metadata"].name)} -n database`,
    });
    await line(/^ARCHIVE_PASSWORD in 1 pod, 1 job \(database\)$/, {
      severity: "critical",
      since: created(facts.run("archive").job),
      until: null,
      untilBecause: "deletion-in-progress",
      untilWhy: new RegExp(`finalizer ${FINALIZER} holds it`),
      objectCount: 2,
      readers: 2,
      next: "exposure job/archive -n database",
    });
    await line(/^SMTP_PASSWORD in 3 pods, 3 jobs, 1 cronjob \(team\)$/, {
      severity: "critical",
      since: created(facts.cronJob("newsletter")),
      ...endless,
      untilWhy: /until the template changes/,
      objectCount: 7,
      readers: 1,
      next: "exposure cronjob/newsletter -n team",
    });
    const reindex = facts.run("reindex").job;
    await line(/^SEARCH_API_TOKEN in 1 pod, 1 job \(database\)$/, {
      severity: "high",
      since: created(reindex),
      until: plus(jobEnded(reindex), 7200),
      untilBecause: "ttl",
      untilWhy: /TTL of 7200 s/,
      objectCount: 2,
      readers: 2,
      next: "exposure job/reindex -n database",
    });
  });

  const forgotten = [
    ["STRIPE_KEY", RUNS_WITH_STRIPE_KEY],
    ["DB_PASSWORD", RUNS_WITH_OLD_PASSWORD],
  ] as const;
  test.for(forgotten)("%s left the template: by when, and in what it still is", async ([name, runs]) => {
    const { facts } = onStage();
    const [first] = facts.runs("backup");
    const day = created(facts.runs("backup")[runs]!.job).slice(0, 10);
    const counts = `${String(runs)} pods, ${String(runs)} jobs`;
    const item = await line(new RegExp(`^${name} in ${counts} \\(database\\).*template.* by ${day}$`), {
      severity: "high",
      since: created(first!.job),
      until: runEnds(facts.cronJob("backup"), facts.runs("backup"), 24, 30 - RUNS + runs),
      untilBecause: "history-limit",
      untilAssumes: `the next ${String(30 - RUNS + runs)} runs succeed`,
      untilWhy: /keeps 30 successful/,
      objectCount: 2 * runs,
      readers: 2,
      next: "exposure cronjob/backup -n database",
    });
    expect(item).toMatchObject({ sinceIsBound: false, untilIsBound: true });
  });

  test.for(forgotten)("%s is gone when the last run that holds it is, not the first", async ([name, runs]) => {
    const { items } = await report();
    const item = items.find(({ what }) => what.startsWith(`${name} in ${String(runs)} pods`))!;
    expect(item.untilWhy).toMatch(new RegExp(`\\b${String(30 - RUNS + runs)} more successful runs`));
  });

  test("accounts that read whole namespaces, and tokens that still work", async () => {
    const { facts } = onStage();
    const everywhere = facts.granted(["ClusterRoleBinding", "backup-reader"], ["ClusterRole", "secret-reader"]);
    const grant = {
      until: null,
      untilBecause: "grant-removal",
      untilWhy: /until the binding goes/,
      readers: null,
    } as const;
    await line(/ database\/backup reads every Secret$/, {
      severity: "critical",
      since: everywhere,
      ...grant,
      objectCount: 2,
      next: "access sa/backup -n database",
    });
    await line(/ database\/report reads every Secret of database$/, {
      severity: "high",
      since: facts.granted(["RoleBinding", "report-secrets"], ["Role", "read-secrets"]),
      ...grant,
      objectCount: 1,
      next: "access sa/report -n database",
    });
    const finished = facts.pods.filter(
      ({ spec, status }) => spec.automountServiceAccountToken !== false && status.phase === "Succeeded",
    );
    const tokens = `^${String(finished.length)} completed pods whose token may still work \\(database and team\\)$`;
    await line(new RegExp(tokens), {
      severity: "high",
      since: finished.map(podEnded).sort()[0]!,
      until: null,
      untilBecause: "pod-deletion",
      untilWhy: /until each pod is deleted/,
      objectCount: finished.length,
      readers: 1,
      next: "stale",
    });
  });

  test("what is stale, and what stays within reach of nodes", async () => {
    const { facts } = onStage();
    const stale = { severity: "low", until: null, readers: null, next: "stale -n database" } as const;
    await line(/^1 job hung, 2 pods orphaned, 1 job stuck-deleting, 1 job failed$/, {
      ...stale,
      since: podEnded(facts.podsOf("schema-migrate")[0]!),
      untilBecause: "various",
      untilWhy: /./,
      objectCount: 5,
    });
    const byHand = ["pg-dump-before-upgrade", "backup-manual"];
    await line(new RegExp(`^${String(ROTATIONS + byHand.length)} jobs completed and lingering$`), {
      ...stale,
      since: jobEnded(facts.run(byHand[0]!).job),
      untilBecause: "never",
      untilWhy: /./,
      objectCount: ROTATIONS + byHand.length,
    });
    const item = await line(/^3 Secrets within reach of nodes through 5 pods \(database\)$/, {
      ...stale,
      since: plus(started(facts.run("integrity-check").pod), 3),
      untilBecause: "pod-deletion",
      untilWhy: /until each pod is deleted/,
      objectCount: 5,
      next: "exposure -n database",
    });
    expect(item.objects).toContainEqual(refOf(facts.run("integrity-check").pod));
  });

  test("the image that changed under its tag, with the first run that differs", async () => {
    const runs = onStage().facts.runs("backup");
    const imageOf = ({ pod }: (typeof runs)[number]): string => pod["status"].containerStatuses[0].imageID;
    const first = runs.find((run) => imageOf(run) !== imageOf(runs[0]!))!;
    const { objects } = await line(/^Image gcr\.io\/example\/db-backup:latest changed between runs, 2 digests$/, {
      severity: "medium",
      since: first.pod["status"].containerStatuses[0].state.terminated.startedAt,
      until: null,
      untilBecause: "past",
      untilWhy: new RegExp(`^${String(first.pod["metadata"].name)} is the first run that differs$`),
      objectCount: 3,
      readers: null,
      next: "stale cronjob/backup -n database",
    });
    expect(objects.map(({ name }) => name)).toEqual(
      ["backup", runs[0]!.pod, first.pod].map((one) => (typeof one === "string" ? one : one["metadata"].name)),
    );
  });

  test("these are all, and the summary says what goes away soon and where most hours come from", async () => {
    const { facts } = onStage();
    const { summary, items, complete } = await report();
    expect(summary.bySeverity).toEqual({ critical: 6, high: 5, medium: 1, low: 3, info: 0 });
    expect(items).toHaveLength(15);
    const [hardened] = facts.runs("database-backup");
    const reindex = facts.run("reindex").job;
    expect(summary.goesAwaySoon).toMatchObject([
      { object: refOf(reindex), deletesAt: plus(jobEnded(reindex), 7200), carries: 2 },
      { object: refOf(hardened!.job), deletesAt: plus(jobEnded(hardened!.job), 3600), carries: 1 },
    ]);
    expect(summary.largest).toMatchObject({ workload: refOf(facts.cronJob("backup")) });
    expect(summary.largest!.share).toBeGreaterThan(0.5);
    expect(summary).toMatchObject({ next: items[0]!.next, atRestHours: { projected: null } });
    expect(complete).toBe(true);
  });

  test("the table: what goes away first, then the findings with since, until and readers, then the next command", async () => {
    const { stdout, stderr } = await onStage().shown();
    expect(stderr).toMatch(
      /^Cluster https:\S+ \(v1\.\d+\.\d+\), whole cluster, as admin, \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/m,
    );
    const lines = stdout.split("\n");
    expect(lines[0]).toMatch(
      /^GOES AWAY SOON {3}job\/reindex \(database\), 2 credentials: in \d+m\d*s? \(TTL of 7200 s/,
    );
    expect(lines[1]).toMatch(/^GOES AWAY SOON {3}job\/database-backup-\d+ \(database\), 1 credential: in \d+m/);
    // At 100 columns what is long is cut.
    const essential = [
      /^SEVERITY +WHAT +SINCE +UNTIL +READERS$/,
      /^critical +SMTP_PASSWORD in 3 pods, 3 jobs, 1 cronjob \(team\) +45d +no end known +1$/,
      /^critical +DB_PASSWORD in 15 pods, 15 jobs, 1 cronjob \(database\) +>13d +no end known +2$/,
      /^critical +--dbname in 1 pod, 1 job \(database\) +9d +no end known +2$/,
      /^critical +FLYWAY_PASSWORD in 2 pods \(database\) +6d +no end known +2$/,
      /^critical +ARCHIVE_PASSWORD in 1 pod, 1 job \(database\) +4d +finalizer +2$/,
      /^critical +\w+ database\/backup reads every Secret +>41d +\S+ +-$/,
      /^high +STRIPE_KEY in 3 pods, 3 jobs.* +21d +in 10d or later +2$/,
      /^high +DB_PASSWORD in 8 pods, 8 jobs.* +21d +in 15d or later +2$/,
      /^high +SEARCH_API_TOKEN in 1 pod, 1 job \(database\) +\d+m +within \d+m\d*s? +2$/,
      /^high +\w+ database\/report reads every Secret of data\S+ +>75d +\S+ +-$/,
      /^high +\d+ completed pods whose token m\S+ .* +21d +deletion +1$/,
      /^medium +Image gcr\.io\/example\/db-backup:latest changed .*\s3d\w* +- +-$/,
      /^low +1 job hung, 2 pods orphaned, 1 job stuck-deleting.* +(5d\d+h|6d) +various +-$/,
      /^Credential-hours at rest: [\d,]+ so far, no end known\. \d+% from cronjob\/backup in database\.$/,
      /^Next: .*exposure cronjob\/newsletter -n team/,
    ];
    const positions = essential.map((pattern) => lines.findIndex((text) => pattern.test(text)));
    expect(essential.filter((_, i) => positions[i] === -1)).toEqual([]);
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
  });
}
