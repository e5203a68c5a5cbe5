import { describe, expect, test } from "vitest";
import { triageReport } from "../../../src/exposure/triage.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import type { CronJob, Job, Pod } from "../../../src/model/workload.ts";
import type { Selection } from "../../../src/model/selection.ts";
import { ago, DAY, everything, HOUR, job, pod, template } from "../batch/objects.ts";
import { bindCluster, bind, clusterRole, role, rule, sa } from "../rbac/fixture.ts";
import { account, carrying, literal, reference, run, seen, TOKEN } from "./objects.ts";

function triage(objects: (CronJob | Job | Pod)[], more: Partial<Snapshot> = {}, selection: Partial<Selection> = {}) {
  return triageReport(seen(objects, more), everything(selection));
}

const MINUTE = 60;

const backup = carrying("backup", [literal("a")]);
const runs = [1, 2, 3].flatMap((n) =>
  run(`backup-${String(n)}`, n * DAY, backup, [literal("a")], {
    pod: { tokens: [TOKEN], nodeName: `node-${String(n)}` },
  }),
);
const line = (report: ReturnType<typeof triage>, id: string) => report.items.find((item) => item.id === id);

describe("lines", () => {
  test("a literal is one line, whatever carries it", () => {
    const { items } = triage([backup, ...runs]);
    expect(items[0]).toMatchObject({
      severity: "critical",
      what: "DB_PASSWORD in 3 pods, 3 jobs, 1 cronjob (database)",
      objectCount: 7,
      until: null,
      readers: { everyone: false, count: 0, folded: 4 },
      next: "exposure cronjob/backup -n database",
    });
  });

  test("lasts as long as the last run that holds it, in whatever order history limits count the runs", () => {
    const owner = { ...carrying("kept", []), successfulJobsHistoryLimit: 3 };
    const held = [3, 1, 2].flatMap((n) => run(`kept-${String(n)}`, n * DAY, owner, [literal("a")]));
    expect(triage([owner, ...held]).items[0]).toMatchObject({
      untilBecause: "history-limit",
      untilWhy: expect.stringMatching(/^cronjob\/kept keeps 3 successful: goes after 3 more successful runs;/),
      untilAssumes: "the next 3 runs succeed",
    });
  });

  test("a credential that the template lost says by when", () => {
    const old = run("old", 9 * DAY, backup, [literal("old", { name: "STRIPE_KEY" })]);
    const what = triage([backup, ...runs, ...old]).items.map((item) => item.what);
    expect(what).toContain(
      `STRIPE_KEY in 1 pod, 1 job (database), left the template by ${ago(3 * DAY + HOUR).slice(0, 10)}`,
    );
  });

  test("completed pods whose tokens may still work are counted together", () => {
    expect(line(triage([backup, ...runs]), "tokens-of-finished-pods")).toMatchObject({
      what: "3 completed pods whose token may still work (database)",
      severity: "medium",
      since: ago(3 * DAY),
      // A run is due at once, and the zone of the controller-manager that brings the hours soonest is at a quarter past.
      until: "2026-11-22T14:15:00Z",
      untilAssumes: "the next 3 runs succeed",
      readers: { everyone: false, count: 3 },
      next: "stale -n database",
    });
  });

  test("a token that has ended is not counted as working", () => {
    const short = { ...TOKEN, expirationSeconds: 600 };
    const ended = run("r", DAY, null, [], { pod: { tokens: [short] } });
    expect(line(triage(ended), "tokens-of-finished-pods")).toBeUndefined();
  });

  test("accounts that read every Secret of the cluster, or of a namespace", () => {
    const grants = {
      clusterroles: [clusterRole("reader", [rule("get,list", "secrets")])],
      clusterrolebindings: [bindCluster("reader", "ClusterRole/reader", [sa("backup", "database")])],
      roles: [role("database", "all", [rule("list", "secrets")])],
      rolebindings: [bind("database", "all", "Role/all", [sa("report")])],
      serviceaccounts: [account("backup"), account("report"), account("unused")],
    };
    const as = (serviceAccountName: string) =>
      job(serviceAccountName, { spec: { template: template({ serviceAccountName }) } });
    const report = triage([as("backup"), as("report")], grants);
    expect(line(report, "account/database/backup")).toMatchObject({
      severity: "critical",
      what: "Account database/backup reads every Secret",
      since: "2026-11-01T00:00:00Z",
      sinceIsBound: true,
      next: "access sa/backup -n database",
    });
    expect(line(report, "account/database/report")).toMatchObject({
      severity: "high",
      what: "Account database/report reads every Secret of database",
    });
  });

  test("what hangs, failed or lost its owner is one line; pods count with their Job", () => {
    const objects = [
      ...run("a", DAY, null, []),
      job("busy", { meta: { deletionTimestamp: ago(DAY), finalizers: ["x/y"] } }),
    ];
    const report = triage(objects);
    expect(line(report, "stale")).toMatchObject({
      severity: "low",
      what: "1 job stuck-deleting",
      next: "stale -n database",
    });
    expect(line(report, "lingering")!.what).toBe("1 job completed and lingering");
  });

  test("Secrets that only finished pods keep within reach of nodes", () => {
    const [, its] = run("r", DAY, null, [], {
      pod: { secretReferences: [reference("db"), reference("api")], nodeName: "n" },
    });
    const report = triage([its]);
    expect(line(report, "secrets-within-node-reach")!.what).toBe(
      "2 Secrets within reach of nodes through 1 pod (database)",
    );
    expect(report.notes).toContainEqual(expect.stringContaining("--list-secrets"));
    expect(triage([backup]).notes.join()).not.toContain("--list-secrets");
  });

  test("more credentials than fit share the last line, and are counted", () => {
    const many = Array.from({ length: 30 }, (_, i) =>
      run(`r${String(i)}`, DAY, null, [literal(`f${String(i)}`)]),
    ).flat();
    const report = triage(many);
    expect(report.items.filter(({ what }) => what.startsWith("DB_PASSWORD"))).toHaveLength(20);
    expect(line(report, "more-credentials")).toMatchObject({
      what: "10 more credentials in the objects of 10 jobs (database)",
    });
  });

  test("a severity leaves lines out, and no figure", () => {
    const all = triage([backup, ...runs]);
    const worst = triage([backup, ...runs], {}, { severityAtLeast: "critical" });
    expect(worst.items.map(({ severity }) => severity)).toEqual(["critical"]);
    expect(worst.summary.atRestHours).toEqual(all.summary.atRestHours);
  });

  test("nothing to see is an empty list and no next step", () => {
    expect(triage([])).toMatchObject({
      items: [],
      summary: { next: null, largest: null, goesAwaySoon: [] },
      complete: true,
    });
  });
});

describe("what is not seen is not claimed", () => {
  test("an account that does not exist would read what is granted to it", () => {
    const grants = {
      clusterroles: [clusterRole("reader", [rule("get,list", "secrets")])],
      clusterrolebindings: [bindCluster("reader", "ClusterRole/reader", [sa("gone", "database")])],
    };
    const as = job("j", { spec: { template: template({ serviceAccountName: "gone" }) } });
    expect(line(triage([as], grants), "account/database/gone")!.what).toBe(
      "Account database/gone, which does not exist now, would read every Secret",
    );
    expect(line(triage([as], { ...grants, source: "dump" }), "account/database/gone")!.what).toBe(
      "Account database/gone reads every Secret",
    );
  });
});

describe("the summary", () => {
  test("names the workload that most hours come from, with its share", () => {
    const report = triage([backup, ...runs, ...run("small", 10 * HOUR, null, [literal("b")])]);
    expect(report.summary.largest).toMatchObject({ workload: { kind: "CronJob", name: "backup" }, share: 0.96 });
    expect(report.summary.next).toBe("exposure cronjob/backup -n database");
  });

  test("what goes away within the hour, soonest first, with what it carries; a pod goes with its Job", () => {
    const soon = (name: string, left: number) =>
      run(name, HOUR, null, [literal(name)], {
        spec: { ttlSecondsAfterFinished: HOUR + left },
        pod: { tokens: [TOKEN] },
      });
    const report = triage([
      ...soon("b", 14 * MINUTE),
      ...soon("a", 30 * MINUTE),
      ...soon("later", 2 * HOUR),
      ...soon("overdue", -10 * MINUTE),
    ]);
    expect(
      report.summary.goesAwaySoon.map(({ object, deletesAt, carries }) => [
        object.kind,
        object.name,
        deletesAt,
        carries,
      ]),
    ).toEqual([
      ["Job", "b", ago(-14 * MINUTE), 2],
      ["Job", "a", ago(-30 * MINUTE), 2],
    ]);
  });

  test("a bare pod that is being deleted goes away by itself", () => {
    const going = pod("p", { meta: { deletionTimestamp: ago(-30) } });
    expect(triage([going]).summary.goesAwaySoon).toMatchObject([{ object: { kind: "Pod", name: "p" } }]);
  });
});
