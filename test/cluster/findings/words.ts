import { expect, test } from "vitest";
import type { AccessReport, ExposureReport, StaleReport, TriageReport } from "../../../src/model/report.ts";
import { cronaudit } from "../program.ts";
import { refOf } from "./facts.ts";
import type { OnStage } from "./stage.ts";

/** What people type to say of what they want to know, by kubectl's rules, asked of the real cluster. */
export function words(onStage: OnStage): void {
  /** `-o name`, as lines. */
  const names = async (...args: string[]): Promise<string[]> => {
    const { stdout } = await onStage().shown(...args, "-o", "name");
    return stdout.split("\n").filter((line) => line !== "");
  };
  const ofRuns = (cronJob: string): string[] =>
    onStage()
      .facts.runs(cronJob)
      .flatMap(({ job, pod }) => [`job.batch/${String(job["metadata"].name)}`, `pod/${String(pod["metadata"].name)}`])
      .sort();

  test("a CronJob by every spelling of its type", async () => {
    const spellings = [
      ["cj/backup", "-n", "database"],
      ["cronjob", "backup", "-n", "database"],
      ["cronjobs", "backup", "-ndatabase"],
      ["cronjobs.batch/backup", "--namespace=database"],
      ["CronJob/backup"],
    ];
    const [first, ...others] = await Promise.all(spellings.map((spelled) => names("exposure", ...spelled)));
    expect(first).toContain("cronjob.batch/backup");
    expect(first!.filter((name) => !/^(cronjob\.batch|job\.batch|pod)\/backup/.test(name))).toEqual([]);
    for (const other of others) expect(other).toEqual(first);
    expect((await names("stale", "cj/report", "-n", "database")).sort()).toEqual(ofRuns("report"));
  });

  test("pods by every spelling of their type, and all pods of a namespace", async () => {
    const pod: string = onStage().facts.podsOf("schema-migrate")[0]!["metadata"].name;
    for (const spelled of [["po", pod], [`po/${pod}`], ["pods", pod], [`pod/${pod}`, "-n", "database"]]) {
      expect(await names("stale", ...spelled)).toEqual([`pod/${pod}`]);
    }
    const all = await names("stale", "po", "-n", "team");
    expect(all.sort()).toEqual(ofRuns("newsletter").filter((name) => name.startsWith("pod/")));
  });

  test("an account by every spelling, and by what runs as it", async () => {
    const spellings = [
      ["sa/report"],
      ["sa", "report"],
      ["serviceaccount/report"],
      ["sa:report"],
      ["cj/report"],
      ["cronjob", "report"],
    ];
    for (const spelled of spellings) {
      expect(await names("access", ...spelled, "-n", "database"), spelled.join(" ")).toEqual(["serviceaccount/report"]);
    }
    expect(await names("access", "cj/report", "cj/backup", "-n", "database")).toEqual([
      "serviceaccount/backup",
      "serviceaccount/report",
    ]);
  });

  test("exposure of an account is what runs as it and what it reads, by the groups of its name too", async () => {
    const { items } = await onStage().report<ExposureReport>("exposure", "sa/report", "-n", "database");
    const found = items.map(({ credential }) => credential.name);
    expect(found).toEqual(expect.arrayContaining(["report-credentials/password", "token of serviceaccount/report"]));
    expect(found, "every account of the namespace reads its pods").toContain("FLYWAY_PASSWORD");
  });

  test("a name that is not there is kubectl's error, not an all-clear", async () => {
    for (const [args, message] of [
      [["exposure", "cj/nope", "-n", "database"], /^Error from server \(NotFound\): cronjobs\.batch "nope" not found/],
      [["exposure", "cj/backup", "-n", "team"], /^Error from server \(NotFound\): cronjobs\.batch "backup" not found/],
      [["stale", "po", "nope"], /^Error from server \(NotFound\): pods "nope" not found/],
      [["exposure", "deploy/x"], /^error: deployments cannot be named here\nWhat can be named: cronjobs \(cj\), /],
      [["exposure", "nope/x"], /^error: the server doesn't have a resource type "nope"/],
    ] as const) {
      const run = await cronaudit(onStage().admin, [...args]);
      expect(run).toMatchObject({ status: 2, stdout: "" });
      expect(run.stderr).toMatch(message);
    }
  });

  test("labels choose what is shown, and never make an owner look missing", async () => {
    expect((await names("stale", "-l", "app=report")).sort()).toEqual(ofRuns("report"));
    const labelled = await onStage().report<StaleReport>("stale", "-l", "app in (report,newsletter)");
    expect(labelled.items.map(({ object }) => object.name)).toHaveLength(2 * 6);
    expect(new Set(labelled.items.map(({ retention }) => retention.governedBy))).toEqual(new Set(["history-limit"]));
    const without = await names("stale", "-l", "app,app!=backup", "-n", "database");
    const ofOthers = ["report", "rotate-credentials", "database-backup"].flatMap(ofRuns);
    expect(without.sort()).toEqual(ofOthers.sort());
    expect(await names("access", "-l", "app=report")).toEqual(["serviceaccount/report"]);
    const triage = await onStage().report<TriageReport>("-l", "app=newsletter");
    expect(triage.items.map(({ what }) => what.split(" in ")[0])).toEqual([
      "SMTP_PASSWORD",
      expect.stringMatching(/^3 completed pods/),
    ]);
  });

  test("-n takes one namespace, and says when there is nothing in it", async () => {
    const { items, metadata } = await onStage().report<StaleReport>("stale", "-n", "team");
    expect(metadata.scope).toEqual({ namespaces: ["team"] });
    expect(items.map(({ object }) => object.namespace)).toEqual(Array(6).fill("team"));
    const access = await onStage().report<AccessReport>("access", "-n", "team");
    expect(access.items.map(({ subject }) => `${subject.namespace!}/${subject.name}`)).toEqual(["team/default"]);
    const empty = await onStage().shown("stale", "-n", "payments");
    expect(empty.stdout).toBe("");
    expect(empty.stderr).toContain("No resources found in payments namespace.");
    const all = await onStage().report<StaleReport>("stale", "-A", "-n", "team");
    expect(all.metadata.scope).toEqual({ namespaces: null });
  });

  test("field selectors choose by phase, node, account, name and namespace", async () => {
    const { facts } = onStage();
    const pod = (job: string): string => `pod/${String(facts.run(job).pod["metadata"].name)}`;
    const select = (selector: string) => names("stale", "--field-selector", selector);
    expect(await select("status.phase=Failed")).toEqual([pod("integrity-check")]);
    expect(await select("status.phase!=Succeeded,metadata.namespace=database")).toEqual(
      expect.arrayContaining([pod("integrity-check"), pod("warehouse-export")]),
    );
    expect((await select("spec.serviceAccountName=etl")).sort()).toEqual([
      "job.batch/integrity-check",
      pod("integrity-check"),
    ]);
    expect(await select("spec.nodeName=rig-0")).toHaveLength(facts.pods.length);
    expect(await select("metadata.name=archive")).toEqual(["job.batch/archive"]);
    const unknown = await cronaudit(onStage().admin, ["stale", "--field-selector", "spec.image=x"]);
    expect(unknown.status).toBe(2);
  });

  test("items sort by a field: numbers by size, times as text, those without it last", async () => {
    const sorted = async (path: string) => (await onStage().report<StaleReport>("stale", "--sort-by", path)).items;
    const ages = (await sorted(".ageSeconds")).map(({ ageSeconds }) => ageSeconds!);
    expect(ages).toEqual(ages.toSorted((a, b) => a - b));
    const found = (await sorted("{.object.name}")).map(({ object }) => object.name);
    expect(found).toEqual(found.toSorted((a, b) => (a < b ? -1 : 1)));
    const ends = (await sorted("retention.deletesAt")).map(({ retention }) => retention.deletesAt);
    const dated = ends.filter((end) => end !== null);
    // The two Jobs with a TTL, and what history limits keep of CronJobs that go on running; each with its pod.
    const { facts } = onStage();
    const kept = ["database-backup", "backup", "report", "newsletter"].flatMap((name) => facts.runs(name));
    expect(dated).toHaveLength(2 * (1 + kept.length));
    expect(ends.slice(0, dated.length)).toEqual(dated.toSorted());
    const exposed = await onStage().report<ExposureReport>("exposure", "--sort-by=.atRestHours.soFar");
    const hours = exposed.items.map(({ atRestHours }) => atRestHours.soFar);
    expect(hours).toEqual(hours.toSorted((a, b) => a - b));
    const unknown = await cronaudit(onStage().admin, ["stale", "--sort-by", ".nope"]);
    expect(unknown).toMatchObject({ status: 2, stdout: "" });
    expect(unknown.stderr).toMatch(/couldn't find any field with path/);
  });

  test("naming a workload shows below the table what holds each credential, who reads it and the next step", async () => {
    const { facts } = onStage();
    const { stdout } = await onStage().shown("exposure", "job/reindex", "-n", "database");
    const { name } = refOf(facts.run("reindex").pod);
    expect(stdout).toMatch(/^SEARCH_API_TOKEN \(token; .*; fingerprint [0-9a-f]{32}\)$/m);
    expect(stdout).toMatch(
      /^ {2}held by {3}job\/reindex: literal-env at spec\.template\.spec\..*about in \d+m.*TTL of 7200 s/m,
    );
    expect(stdout).toMatch(new RegExp(`^ {2}held by {3}pod/${name}: literal-env at spec\\.containers`, "m"));
    expect(stdout).toMatch(
      /^ {2}read by {3}Group oncall \(get, list, watch jobs, pods; get jobs-status, pods-status\), for at least /m,
    );
    expect(stdout).toMatch(
      /^ {2}read by {3}Group system:serviceaccounts:database \(get, list pods\), for at least 75d$/m,
    );
    expect(stdout).toMatch(/^ {2}ends by {3}kubectl delete job reindex -n database --cascade=foreground$/m);
    expect(stdout).toMatch(/^ {2}ends by {3}kubectl annotate job\/reindex -n database kubectl\S+-configuration-$/m);
    expect(stdout).toMatch(/^ {2}token {5}node rig-0 may ask for more while the pod object exists$/m);
    expect(stdout).toMatch(/^ {2}fix {7}kubectl delete job reindex -n database.*; saves 0\.\dh at rest$/m);
  });

  test("objects that end at different times have a line each, with their own end", async () => {
    const { facts } = onStage();
    const { stdout } = await onStage().shown("exposure", "cj/newsletter", "-n", "team");
    const held = stdout.split("\n").filter((line) => line.startsWith("  held by"));
    expect(held.filter((line) => /held by +(job|pod)\/\S+, /.test(line))).toEqual([]);
    for (const [i, { job, pod }] of facts.runs("newsletter").entries()) {
      const runs = i === 0 ? "1 more successful run" : `${String(i + 1)} more successful runs`;
      for (const name of [`job/${refOf(job).name}`, `pod/${refOf(pod).name}`]) {
        const lines = held.filter((line) => line.includes(` ${name}: literal-env at `));
        expect(lines, name).toHaveLength(1);
        expect(lines[0]).toMatch(new RegExp(`or later, if the next .* succeeds?: .*goes after ${runs}; `));
      }
    }
  });
}
