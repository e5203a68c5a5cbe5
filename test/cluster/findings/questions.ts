import { expect, test } from "vitest";
import type { CarrierReport, ExposureItem, ExposureReport, ReaderReport } from "../../../src/model/report.ts";
import { RUNS, RUNS_WITH_OLD_PASSWORD, RUNS_WITH_STRIPE_KEY } from "../../control-plane/cast/backup.ts";
import { TEAM_RUNS } from "../../control-plane/cast/team.ts";
import type { Stored } from "../../control-plane/story.ts";
import { cronaudit } from "../program.ts";
import { afterRuns, expectCarriers, withIt } from "./carriers.ts";
import { created, deletionOf, hoursBetween, jobEnded, plus, podEnded, refOf, started } from "./facts.ts";
import type { Run } from "./facts.ts";
import type { OnStage } from "./stage.ts";

const total = (hours: number[]): number => hours.reduce((a, b) => a + b, 0);
const ran = ({ pod }: Run): number => hoursBetween(started(pod), podEnded(pod));

/** The same evidence by its other sides: by object, by reader, of one identity, of some time, and drawn. */
export function questions(onStage: OnStage): void {
  const report = () => onStage().report<ExposureReport>("exposure");
  const named = async (name: string): Promise<ExposureItem> => {
    const found = (await report()).items.filter(({ credential }) => credential.name === name);
    expect(found).toHaveLength(1);
    return found[0]!;
  };

  test("the headline: hours at rest of every credential, so far, and how many have no end", async () => {
    const { items, summary, metadata } = await report();
    expect(summary.atRestHours.soFar).toBeCloseTo(total(items.map(({ atRestHours }) => atRestHours.soFar)), 1);
    // Four literals that somebody has to take away, the Secrets and the token of Jobs that hang or failed.
    const endless = ["SMTP_PASSWORD", "DB_PASSWORD", "--dbname", "FLYWAY_PASSWORD", "ARCHIVE_PASSWORD", "etl-token"];
    const hung = ["backup-db-credentials/password", "token of serviceaccount/default"];
    const without = items.filter(({ atRestHours }) => atRestHours.projected === null);
    expect(without.map(({ credential }) => credential.name).sort()).toEqual([...endless, ...hung].sort());
    expect(summary.withoutEnd).toBe(without.length);
    expect(summary.atRestHours.projected).toBeNull();
    const { stdout, stderr } = await onStage().shown("exposure");
    const [, hours = ""] = /Credential-hours at rest: ([\d,]+) so far, no end known\.$/m.exec(stdout) ?? [];
    const since = hoursBetween(metadata.takenAt, /(\d{4}-\S+ \S+) UTC$/m.exec(stderr)![1]!.replace(" ", "T") + "Z");
    const grown = since * items.length;
    expect(Number(hours.replaceAll(",", ""))).toBeGreaterThanOrEqual(Math.floor(summary.atRestHours.soFar));
    expect(Number(hours.replaceAll(",", ""))).toBeLessThanOrEqual(Math.ceil(summary.atRestHours.soFar + grown));
  });

  test("what was deleted or changed minutes ago is recovered, and said to be", async () => {
    const { notes } = await report();
    expect(notes[0]).toMatch(
      /^recovered 1 Job deleted by now and 1 CronJob as before a change: the server still shows /,
    );
    expect(notes.join(" ")).toMatch(/Container logs were not read \(--scan-logs\)/);
    expect(notes.join(" ")).not.toMatch(/get, list (and|or) watch/);
  });

  test("by carrier: every object with its credentials and its own end", async () => {
    const { facts } = onStage();
    const { items, summary, metadata } = await onStage().report<CarrierReport>("exposure", "--by", "carrier");
    const { items: credentials, summary: all } = await report();
    expect(summary.credentials).toBe(all.credentials);
    const uids = new Set(credentials.flatMap(({ carriers }) => carriers.map(({ object }) => object.uid)));
    expect(items.map(({ object }) => object.uid).sort()).toEqual([...uids].sort());
    const of = ({ metadata: { uid } }: Stored) => items.find(({ object }) => object.uid === uid)!;
    const idsOf = ({ metadata: { uid } }: Stored) =>
      credentials.filter(({ carriers }) => carriers.some(({ object }) => object.uid === uid)).map(({ id }) => id);

    const backup = facts.cronJob("backup");
    expect(of(backup), "the password, and the two that were in the template minutes ago").toMatchObject({
      object: refOf(backup),
      workload: refOf(backup),
      severity: "critical",
      credentials: idsOf(backup).sort(),
      classes: ["literal-annotation", "literal-env"],
      closes: null,
      closesBecause: "never",
      savesHours: null,
    });
    expect(idsOf(backup)).toHaveLength(3);

    const { job, pod } = facts.run("reindex");
    const gone = plus(jobEnded(job), 7200);
    const saves = expect.closeTo(hoursBetween(metadata.takenAt, gone), 1) as number;
    expect(of(job)).toMatchObject({
      severity: "high",
      credentials: idsOf(job),
      opens: created(job),
      opensIsBound: false,
      closes: gone,
      closesBecause: "ttl",
      closesAssumes: null,
      readers: { everyone: false, count: 1 },
      endsBy: deletionOf(job),
      savesHours: saves,
    });
    // The pod has its token as well, and the accounts of the namespace and its node read it too.
    expect(of(pod)).toMatchObject({
      credentials: idsOf(pod).sort(),
      classes: ["literal-env", "token-bound"],
      closes: gone,
      readers: { everyone: false, count: 3 },
      endsBy: deletionOf(job),
    });
    expect(idsOf(pod)).toHaveLength(2);
    const deleted = of(facts.deletedJob);
    expect(deleted).toMatchObject({ closesBecause: "compaction", closes: plus(metadata.takenAt, 600), endsBy: null });
    expect(deleted.readers.count, "whoever lists or watches Jobs").toBe(1);

    const { stdout } = await onStage().shown("exposure", "--by", "carrier", "job/reindex", "-n", "database");
    expect(stdout).toMatch(/^SEVERITY +CARRIER +CREDS +SINCE +UNTIL +AT REST +READERS$/m);
    expect(stdout).toMatch(/^high +job\/reindex +1 +\d+m +within \d+m\d*s? +\d\.\dh +1$/m);
    expect(stdout).toMatch(/^high +pod\/reindex-\w+ +2 +\d+m +within \d+m\d*s? +\d\.\dh +3$/m);
  });

  test("by reader: what each identity reads, through how many objects, and since when that is proved", async () => {
    const { facts } = onStage();
    const { items } = await onStage().report<ReaderReport>("exposure", "--by", "reader");
    const { items: credentials } = await report();
    const of = (name: string, namespace: string | null = null) =>
      items.find(({ subject }) => subject.name === name && subject.namespace === namespace);
    const literals = credentials.filter(
      ({ credential, workload }) => credential.fingerprint !== null && workload.namespace === "database",
    );
    const ids = literals.map(({ id }) => id).sort();
    // The backup and its runs, and what is left of five Jobs: with their pod, or two pods without a Job, which was deleted.
    const byHand = ["backup-manual", "pg-dump-before-upgrade", "archive", "reindex"];
    const pods = RUNS + byHand.length + facts.podsOf("schema-migrate").length;
    const view = facts.granted(
      ["RoleBinding", "oncall-view"],
      ["ClusterRole", "view"],
      ["ClusterRole", "system:aggregate-to-view"],
    );
    expect(of("oncall")).toMatchObject({
      everyone: false,
      severity: "critical",
      credentials: ids,
      carriers: 1 + RUNS + byHand.length + 1 + pods,
      since: view,
    });
    expect(of("system:serviceaccounts:database")).toMatchObject({
      credentials: ids,
      carriers: pods,
      through: ["pods-get", "pods-list"],
      since: created(facts.runs("backup")[0]!.pod),
    });
    const smtp = await named("SMTP_PASSWORD");
    const newsletter = facts.runs("newsletter");
    const developer = of("developer", "team")!;
    expect(developer).toMatchObject({
      severity: "critical",
      credentials: [smtp.id],
      carriers: TEAM_RUNS,
      through: ["pods-list"],
      since: created(newsletter[0]!.pod),
    });
    expect(of("etl", "database")).toMatchObject({
      carriers: facts.runs("report").length,
      through: ["secrets-get", "secrets-list", "secrets-watch"],
    });
    expect(of("system:node:rig-0"), "every pod of the cast is on one node").toMatchObject({
      through: ["node-authorizer"],
      carriers: facts.pods.length,
    });
    expect(items.map(({ subject }) => subject.name)).not.toContain("deployer");
    const { stdout } = await onStage().shown("exposure", "--by", "reader", "-n", "team");
    expect(stdout).toMatch(/^SEVERITY +READER +CREDS +OBJECTS +SINCE +AT REST +THROUGH$/m);
    expect(stdout).toMatch(/^critical +ServiceAccount team\/dev\S* +1 +3 +>2d\d+h +\d+h +list pods$/m);
  });

  test("as the developer sees it: the pods alone, from when each was there", async () => {
    const { facts } = onStage();
    const seen = await onStage().report<ExposureReport>("exposure", "--as-seen-by", "sa/developer", "-n", "team");
    expect(seen.items).toHaveLength(1);
    const [item] = seen.items as [ExposureItem];
    const cronJob = facts.cronJob("newsletter");
    const runs = facts.runs("newsletter");
    const kept = { cronJob, runs, hours: 24, limit: TEAM_RUNS };
    expectCarriers(
      item,
      runs.map(({ job, pod }, i) => ({
        class: "literal-env",
        object: pod,
        path: "spec.containers[0].env[0].value",
        endsBy: deletionOf(job),
        ...withIt(pod),
        ...afterRuns(kept, i + 1),
      })),
      seen.metadata.takenAt,
    );
    expect(item).toMatchObject({ id: (await named("SMTP_PASSWORD")).id, workload: refOf(cronJob) });
    expect(item.readers.items.map(({ subject }) => subject.name)).toEqual(["developer"]);
    const hours = hoursBetween(created(runs[0]!.pod), seen.metadata.takenAt) - total(runs.map(ran));
    expect(item.atRestHours.soFar).toBeCloseTo(hours, 1);
    expect(seen.notes.join(" ")).toMatch(/What team\/developer reads by its own grants/);
    const nobody = await onStage().report<ExposureReport>("exposure", "--as-seen-by", "user:nobody");
    expect(nobody.items).toEqual([]);
    const oncall = await onStage().report<ExposureReport>("exposure", "--as-seen-by", "group:oncall");
    expect(oncall.items.map(({ credential }) => credential.name).sort()).toEqual(
      [
        "--dbname",
        "ARCHIVE_PASSWORD",
        "DB_PASSWORD",
        "DB_PASSWORD",
        "FLYWAY_PASSWORD",
        "SEARCH_API_TOKEN",
        "STRIPE_KEY",
      ].sort(),
    );
    const view = facts.granted(
      ["RoleBinding", "oncall-view"],
      ["ClusterRole", "view"],
      ["ClusterRole", "system:aggregate-to-view"],
    );
    for (const { carriers, atRestHours } of oncall.items) {
      expect(carriers.filter(({ object }) => object.kind === "ConfigMap")).toEqual([]);
      expect(atRestHours.soFar).toBeLessThanOrEqual(hoursBetween(view, oncall.metadata.takenAt) + 0.01);
    }
  });

  test("of some classes: only credentials exposed in that way", async () => {
    const names = async (...ids: string[]) =>
      (await onStage().report<ExposureReport>("exposure", ...ids.flatMap((id) => ["--class", id]))).items.map(
        ({ credential }) => credential.name,
      );
    expect(await names("literal-args")).toEqual(["--dbname"]);
    expect((await names("secret-volume", "literal-args")).sort()).toEqual([
      "--dbname",
      "backup-db-credentials",
      "etl-token",
    ]);
    for (const none of ["configmap-env", "pull-secret", "log", "token-legacy", "termination-message"]) {
      expect(await names(none), none).toEqual([]);
    }
    const unknown = await cronaudit(onStage().admin, ["exposure", "--class", "literal"]);
    expect(unknown).toMatchObject({ status: 2, stdout: "" });
  });

  test("of some time: windows open in it, and hours in it alone", async () => {
    const lately = await onStage().report<ExposureReport>("exposure", "--since", "30m");
    const all = (await report()).items;
    const dump = lately.items.find(({ credential }) => credential.name === "--dbname")!;
    expect(dump.atRestHours.soFar).toBeCloseTo(0.5, 2);
    for (const { atRestHours } of lately.items) expect(atRestHours.soFar).toBeLessThanOrEqual(0.5);
    expect(lately.items).toHaveLength(all.length);

    const before = await onStage().report<ExposureReport>("exposure", "--until", "10d");
    const until = plus(before.metadata.takenAt, -10 * 24 * 3600);
    const opened = all.filter(({ carriers }) => carriers.some(({ opens }) => opens < until));
    expect(before.items.map(({ id }) => id).sort()).toEqual(opened.map(({ id }) => id).sort());
    const names = new Set(before.items.map(({ credential }) => credential.name));
    expect([...names].sort()).toEqual(["DB_PASSWORD", "SMTP_PASSWORD", "STRIPE_KEY", "token of serviceaccount/backup"]);
    const { facts } = onStage();
    const runs = facts.runs("backup").slice(0, RUNS_WITH_STRIPE_KEY);
    const stripe = before.items.find(({ credential }) => credential.name === "STRIPE_KEY")!;
    const hours = hoursBetween(created(runs[0]!.job), until) - total(runs.map(ran));
    expect(stripe.atRestHours.soFar).toBeCloseTo(hours, 1);
    expect(stripe.closes, "windows are shown whole").toBe((await named("STRIPE_KEY")).closes);
    expect(before.notes.join(" ")).toContain(`Hours at rest count the time to ${until} alone`);

    // In the hour after the first run without it, only finished runs still had the old password.
    const day = created(facts.runs("backup")[RUNS_WITH_OLD_PASSWORD]!.job);
    const after = await onStage().report<ExposureReport>("exposure", "--since", day, "--until", plus(day, 3600));
    const old = after.items.find((one) => one.removedFromTemplate === true && one.credential.name === "DB_PASSWORD")!;
    expect(old.atRestHours.soFar).toBeCloseTo(1, 2);
  });

  test("drawn in time: a header, a row for each credential, what its marks mean, and no line too long", async () => {
    const { facts } = onStage();
    const { stdout } = await onStage().shown("exposure", "cj/backup", "-n", "database", "--timeline");
    const lines = stdout.split("\n");
    expect(lines[0]).toMatch(/^CREDENTIAL +-30d +-20d +-10d +now +\+10d +UNTIL +READERS$/);
    expect(lines[1]).toMatch(/^dates in UTC +/);
    const row = lines.findIndex((line) => /^STRIPE_KEY {2}[0-9a-f]{4}… /.test(line));
    expect(lines[row]).toMatch(/^STRIPE_KEY {2}\S+ +█+▓+│▒+≥ +in 10d or later +2$/);
    const [first, last] = [0, RUNS_WITH_STRIPE_KEY].map((i) => refOf(facts.runs("backup")[i]!.job).name);
    const notes = lines.slice(row + 1, row + 7).join("\n");
    expect(notes).toMatch(/last needed 19d ago$/m);
    expect(notes).toMatch(/left the template 18d ago at the latest$/m);
    expect(notes).toContain(`opened 21d ago in job/${first!}`);
    expect(notes).not.toContain(last!);
    expect(lines.some((line) => /^DB_PASSWORD {2}\S+ +░+█+▓*│▒+→ +no end known +2$/.test(line))).toBe(true);
    const legend = lines.findIndex((line) => line.startsWith("█ up to its last use   ▓ at rest   ▒ projected"));
    expect(legend).toBeGreaterThan(row);
    expect(lines.slice(legend, legend + 3).join(" ")).toMatch(
      /░ perhaps .*≥ closes then at the earliest .*→ no end known/,
    );
    const drawn = lines.slice(0, lines.indexOf(""));
    expect(drawn.filter((line) => [...line].length > 100)).toEqual([]);
  });
}
