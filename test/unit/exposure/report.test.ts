import { describe, expect, test } from "vitest";
import type { Selection } from "../../../src/model/selection.ts";
import { ago, controlledBy, DAY, forbidden, HOUR, job, pod, running, template } from "../batch/objects.ts";
import { bind, bindCluster, clusterRole, group, role, rule, user } from "../rbac/fixture.ts";
import { carrying, literal, reference, report, run, seen } from "./objects.ts";

const backup = carrying("backup", [literal("a")]);
const other = carrying("other", [literal("b", { name: "API_TOKEN" })]);
const objects = [
  backup,
  other,
  ...run("backup-1", DAY, backup, [literal("a")]),
  ...run("other-1", DAY, other, [literal("b")]),
];

function names(selection: Partial<Selection>, grants: Parameters<typeof report>[1] = {}): string[] {
  return report(objects, grants, selection).items.map(({ credential }) => credential.fingerprint!);
}

describe("a selection keeps whole credentials", () => {
  const named = (kind: string, name: string, namespace: string | null = "database") => ({
    objects: [{ kind, namespace, name }],
  });

  test.each([
    ["CronJob", "backup"],
    ["Job", "backup-1"],
    ["Pod", "backup-1-x"],
  ])("named by %s/%s", (kind, name) => {
    const { items } = report(objects, {}, named(kind, name));
    expect(items.map(({ credential }) => credential.fingerprint)).toEqual(["a"]);
    expect(items[0]!.carriers).toHaveLength(3);
  });

  test("naming a CronJob names the runs that it no longer resembles", () => {
    const moved = [backup, ...run("backup-1", DAY, backup, [literal("old")])];
    const { items } = report(moved, {}, named("CronJob", "backup"));
    expect(items.map(({ credential }) => credential.fingerprint).sort()).toEqual(["a", "old"]);
  });

  test("a label selector chooses, and never makes an owner look missing", () => {
    const labelled = objects.map((one) =>
      one.meta.name === "backup-1-x" ? { ...one, meta: { ...one.meta, labels: { app: "x" } } } : one,
    );
    const { items } = report(labelled, {}, { labels: [{ key: "app", operator: "=", values: ["x"] }] });
    expect(items).toMatchObject([{ credential: { fingerprint: "a" }, workload: { kind: "CronJob", name: "backup" } }]);
  });

  test("a subject that reads it", () => {
    const grants = {
      roles: [role("database", "one", [rule("get", "pods", ["other-1-x"])])],
      rolebindings: [bind("database", "r", "Role/one", [user("alice")])],
    };
    expect(names({ subjects: [{ kind: "User", namespace: null, name: "alice" }] }, grants)).toEqual(["b"]);
    expect(names({ subjects: [{ kind: "User", namespace: null, name: "bob" }] }, grants)).toEqual([]);
  });

  test("an account that reads it by its groups, as every account or every one of its namespace is in them", () => {
    const granted = (to: string) => ({
      roles: [role("database", "one", [rule("get", "pods", ["other-1-x"])])],
      rolebindings: [bind("database", "r", "Role/one", [group(to)])],
    });
    const of = (namespace: string) => ({ subjects: [{ kind: "ServiceAccount" as const, namespace, name: "etl" }] });
    for (const everyone of ["system:serviceaccounts", "system:authenticated"]) {
      expect(names(of("team"), granted(everyone)), everyone).toEqual(["b"]);
    }
    expect(names(of("database"), granted("system:serviceaccounts:database"))).toEqual(["b"]);
    expect(names(of("team"), granted("system:serviceaccounts:database"))).toEqual([]);
    expect(names(of("database"), granted("oncall"))).toEqual([]);
  });

  test("a severity", () => {
    expect(names({ severityAtLeast: "critical" })).toHaveLength(2);
    const grants = {
      clusterroles: [clusterRole("view", [rule("get", "pods", ["other-1-x"])])],
      clusterrolebindings: [bindCluster("v", "ClusterRole/view", [group("system:authenticated")])],
    };
    expect(names({}, grants)).toEqual(["b", "a"]);
  });
});

describe("the report", () => {
  test("sums hours, counts what has no end, and says that deleted runs are not left out", () => {
    const { summary, notes, items } = report(objects);
    const none = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
    expect(summary).toEqual({
      credentials: 2,
      bySeverity: { critical: 2, high: 0, medium: 0, low: 0, info: 0 },
      atRestHours: { soFar: 48, projected: null },
      withoutEnd: 2,
      possible: 0,
      ignored: { file: 0, annotation: 0, unconfirmed: 0, unconfirmedBySeverity: none },
    });
    expect(items).toHaveLength(2);
    expect(notes).toEqual([
      expect.stringContaining("no longer in the evidence"),
      expect.stringMatching(/^Ends by history limits/),
      expect.stringMatching(/^Container logs were not read \(--scan-logs\)/),
    ]);
  });

  test("is not complete when a list it needs was forbidden in one namespace", () => {
    const blindSpots = [forbidden("jobs", "payments")];
    expect(report(objects, { blindSpots })).toMatchObject({ complete: false, blindSpots });
  });

  test("needs Secrets where they were asked for, and else says what it does not know of those that are named", () => {
    const named = run("r", DAY, null, [], { pod: { secretReferences: [reference("db")], nodeName: "n" } });
    const { collected } = seen([]);
    const withSecrets = { collected: [...collected, "secrets" as const] };
    const blindSpots = [forbidden("secrets", null)];
    expect(report(named, { blindSpots })).toMatchObject({ complete: true, blindSpots: [] });
    expect(report(named, { ...withSecrets, blindSpots })).toMatchObject({ complete: false, blindSpots });
    const notes = (...args: Parameters<typeof report>) => report(...args).notes.join("\n");
    expect(notes(named)).toMatch(/^Secrets were not listed \(--list-secrets\): /m);
    expect(notes(named, withSecrets)).not.toContain("--list-secrets");
    expect(notes(objects), "no Secret is named").not.toContain("--list-secrets");
  });

  test("leaves pods of other workloads out, and keeps pods that a Job released", () => {
    const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web", uid: "rs", controller: true };
    const carrier = template({ literals: [literal("a")] });
    const web = pod("web", { template: carrier, meta: { ownerReferences: [owner] } });
    const released = pod("released", { phase: "Running", containers: [running("main")], template: carrier });
    expect(report([web]).items).toEqual([]);
    expect(report([released]).items).toHaveLength(1);
  });

  test("judges manifests that were never applied without claiming a time", () => {
    const meta = { creationTimestamp: null, resourceVersion: "" };
    const { items } = report([carrying("backup", [literal("a")], { meta })]);
    expect(items[0]).toMatchObject({ opens: ago(0), atRestHours: { soFar: 0 } });
    expect(items[0]!.carriers[0]!.opensIsBound).toBe(true);
  });

  test("survives owner references in a circle and to nothing", () => {
    const a = job("a", { spec: { template: template({ literals: [literal("a")] }) } });
    a.meta.ownerReferences = controlledBy(a);
    const lost = pod("p", { template: template({ literals: [literal("a")] }) });
    lost.meta.ownerReferences = [{ apiVersion: "batch/v1", kind: "Job", name: "no", uid: "no", controller: true }];
    expect(report([a, lost]).items).toHaveLength(1);
  });

  test("a clock that runs behind the cluster gives no negative hours", () => {
    const { items } = report(run("r", -HOUR, null, [literal("a")], { created: -HOUR }));
    expect(items[0]!.atRestHours.soFar).toBe(0);
  });
});
