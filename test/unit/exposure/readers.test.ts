import { describe, expect, test } from "vitest";
import { DAY, forbidden } from "../batch/objects.ts";
import { account as subject, bind, bindCluster, clusterRole, group, role, rule, sa, user } from "../rbac/fixture.ts";
import { carrying, itemOf, literal, reference, report, run, TOKEN } from "./objects.ts";

const cronJob = carrying("backup", [literal("a")]);
const backup = [cronJob, ...run("backup-1", DAY, cronJob, [literal("a")], { pod: { nodeName: "node-3" } })];

function readersOf(grants: Parameters<typeof report>[1], selection: Parameters<typeof report>[2] = {}) {
  return itemOf(report(backup, grants, selection), "DB_PASSWORD").readers;
}

describe("who reads a credential", () => {
  test("is united over pods, Jobs and CronJobs, one entry for each subject", () => {
    const readers = readersOf({
      roles: [
        role("database", "pods", [rule("get,list", "pods")]),
        role("database", "jobs", [rule("get", "jobs,cronjobs", [], ["batch"])]),
      ],
      rolebindings: [
        bind("database", "a", "Role/pods", [user("alice")]),
        bind("database", "b", "Role/jobs", [user("alice"), user("bob")]),
      ],
    });
    expect(readers.items.map(({ subject: { name }, through }) => [name, through])).toEqual([
      ["alice", ["cronjobs-get", "jobs-get", "pods-get", "pods-list"]],
      ["bob", ["cronjobs-get", "jobs-get"]],
    ]);
    expect(readers.count).toBe(2);
  });

  test("a name in resourceNames opens that object only", () => {
    const grants = (name: string) => ({
      roles: [role("database", "one", [rule("get", "pods", [name])])],
      rolebindings: [bind("database", "a", "Role/one", [user("alice")])],
    });
    expect(readersOf(grants("backup-1-x")).count).toBe(1);
    expect(readersOf(grants("another")).count).toBe(0);
  });

  test("readers of another namespace are none", () => {
    const grants = {
      roles: [role("other", "pods", [rule("get", "pods")])],
      rolebindings: [bind("other", "a", "Role/pods", [user("alice")])],
    };
    expect(readersOf(grants)).toMatchObject({ count: 0, items: [], everyone: false });
  });

  test.each(["system:authenticated", "system:unauthenticated", "system:serviceaccounts"])("%s is everyone", (name) => {
    const grants = {
      clusterroles: [clusterRole("view", [rule("list", "pods")])],
      clusterrolebindings: [bindCluster("all", "ClusterRole/view", [user("alice"), group(name)])],
    };
    const { readers, severity } = itemOf(report(backup, grants), "DB_PASSWORD");
    expect(readers.everyone).toBe(true);
    expect(readers.items[0]!.subject.name).toBe(name);
    expect(severity).toBe("critical");
  });

  test("the node of a literal's pod is built in: folded and counted, shown when asked for", () => {
    expect(readersOf({})).toMatchObject({ count: 0, items: [], folded: 2 });
    const all = readersOf({}, { allReaders: true });
    expect(all.items.map(({ subject: { name } }) => name)).toEqual(["system:masters", "system:node:node-3"]);
    expect(all.folded).toBe(0);
  });

  test("showing built-in readers does not change the severity", () => {
    const one = (allReaders: boolean) =>
      itemOf(
        report(run("a", DAY, null, [literal("a")], { spec: { ttlSecondsAfterFinished: 2 * DAY } }), {}, { allReaders }),
        "DB_PASSWORD",
      ).severity;
    expect([one(false), one(true)]).toEqual(["medium", "medium"]);
  });

  test("a reference is read by who reads the Secret, not by who reads the pod", () => {
    const [job, pod] = run("a", DAY, null, [], { pod: { secretReferences: [reference("db")] } });
    const grants = {
      roles: [
        role("database", "pods", [rule("get", "pods")]),
        role("database", "db", [rule("get", "secrets", ["db"])]),
      ],
      rolebindings: [
        bind("database", "a", "Role/pods", [user("alice")]),
        bind("database", "b", "Role/db", [sa("restore")]),
      ],
    };
    expect(itemOf(report([job, pod], grants), "db/password").readers.items).toMatchObject([
      { subject: subject("database", "restore"), through: ["secrets-get"] },
    ]);
  });
});

describe("a literal in a pod", () => {
  const nodes = (names: string[] = []) => ({
    clusterroles: [clusterRole("kubelets", [rule("get", "nodes/proxy", names)])],
    clusterrolebindings: [bindCluster("kubelets", "ClusterRole/kubelets", [user("alice")])],
  });

  test("is read by holders of nodes/proxy on its node, who are none of its node's identity", () => {
    expect(readersOf(nodes()).items).toMatchObject([{ subject: { name: "alice" }, through: ["nodes-proxy-get"] }]);
    expect(readersOf(nodes(["node-3"])).count).toBe(1);
    expect(readersOf(nodes(["node-4"])).count).toBe(0);
  });

  test("is not read by them where no pod is bound, nor is a reference", () => {
    expect(itemOf(report([cronJob], nodes()), "DB_PASSWORD").readers.count).toBe(0);
    const [, pod] = run("a", DAY, null, [], { pod: { nodeName: "node-3", secretReferences: [reference("db")] } });
    const { items } = itemOf(report([pod], nodes()), "db/password").readers;
    expect(items.map(({ subject: { name } }) => name)).toEqual(["system:node:node-3"]);
  });

  test("is read through subresources and by what returns the object, with the edge of each", () => {
    const grants = {
      roles: [
        role("database", "pods", [rule("get,update", "pods/status", ["backup-1-x"]), rule("delete", "pods")]),
        role("database", "jobs", [rule("update", "jobs/status", [], ["batch"])]),
      ],
      rolebindings: [
        bind("database", "a", "Role/pods", [user("alice")]),
        bind("database", "b", "Role/jobs", [user("bob")]),
      ],
    };
    expect(readersOf(grants).items.map(({ subject: { name }, through }) => [name, through])).toEqual([
      ["alice", ["pods-delete-read", "pods-status-get", "pods-status-update-read"]],
      ["bob", ["jobs-status-update-read"]],
    ]);
  });

  test("in an annotation is not among what an update of the status answers with", () => {
    const path = "metadata.annotations[note]";
    const [, pod] = run("a", DAY, null, []);
    const annotated = { ...pod, annotationLiterals: [literal("a", { place: "annotation", path, field: path })] };
    const by = (verb: string) => ({
      roles: [role("database", "r", [rule(verb, "pods/status")])],
      rolebindings: [bind("database", "a", "Role/r", [user("alice")])],
    });
    const count = (verb: string) => itemOf(report([annotated], by(verb)), "DB_PASSWORD").readers.count;
    expect([count("update"), count("patch")]).toEqual([0, 1]);
  });

  test("that everyone reads through a kubelet is read no more once that binding is taken away", () => {
    const everyone = {
      ...nodes(),
      clusterrolebindings: [bindCluster("kubelets", "ClusterRole/kubelets", [group("system:authenticated")])],
    };
    const item = itemOf(report(backup, everyone), "DB_PASSWORD");
    expect(item.readers.everyone).toBe(true);
    expect(item.fix).toContain("take system:authenticated out of clusterrolebinding/kubelets");
  });
});

describe("RBAC that was not seen", () => {
  const blind = {
    blindSpots: [forbidden("clusterrolebindings", null), forbidden("rolebindings", null)].map((spot) => ({
      ...spot,
      group: "rbac.authorization.k8s.io",
    })),
  };

  test("counts nobody, and the report is not complete", () => {
    expect(readersOf(blind)).toMatchObject({ count: null, items: [], everyone: false });
    expect(report(backup, blind).complete).toBe(false);
    expect(report(backup).complete).toBe(true);
  });

  test("in part does not make nobody out of those who were not seen", () => {
    const one = { blindSpots: [forbidden("rolebindings", "database")] };
    expect(readersOf(one)).toMatchObject({ count: null, items: [] });
    expect(readersOf({ source: "dump" })).toMatchObject({ count: null, items: [] });
    const grants = {
      clusterroles: [clusterRole("view", [rule("list", "pods")])],
      clusterrolebindings: [bindCluster("a", "ClusterRole/view", [user("alice")])],
    };
    expect(readersOf({ ...one, ...grants }).count).toBe(1);
  });

  test("does not make a literal harmless", () => {
    expect(itemOf(report(backup, blind), "DB_PASSWORD").severity).toBe("critical");
    const ttl = run("a", DAY, null, [literal("a")], { spec: { ttlSecondsAfterFinished: 2 * DAY } });
    expect(itemOf(report(ttl, blind), "DB_PASSWORD").severity).toBe("high");
  });

  test("says nothing of tokens, whose node is in the pod", () => {
    const [, pod] = run("a", DAY, null, [], { pod: { tokens: [TOKEN], nodeName: "node-3" } });
    expect(report([pod], blind).items[0]!.readers.count).toBe(1);
  });

  test("a kind that was never collected is a blind spot too", () => {
    const { complete, blindSpots } = report(backup, { collected: ["cronjobs", "jobs", "pods"] });
    expect(complete).toBe(false);
    expect(blindSpots.map(({ resource }) => resource)).toContain("clusterrolebindings");
  });
});
