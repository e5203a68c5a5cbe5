import { describe, expect, test } from "vitest";
import type { ConfigMap } from "../../../src/model/snapshot.ts";
import { DAY, forbidden, HOUR, template } from "../batch/objects.ts";
import { bind, bindCluster, clusterRole, role, rule, sa, user } from "../rbac/fixture.ts";
import { account, carrying, literal, reference, report, run, TOKEN } from "./objects.ts";

const readPods = {
  roles: [role("database", "pods", [rule("get", "pods"), rule("get", "jobs,cronjobs", [], ["batch"])])],
  rolebindings: [bind("database", "a", "Role/pods", [user("alice")])],
};
const ofOne = (...args: Parameters<typeof report>) => report(...args).items[0]!.severity;
const cronJob = carrying("backup", [literal("new")]);

describe("a literal", () => {
  test("without an end in a finished run is critical", () => {
    expect(ofOne(run("a", DAY, null, [literal("a")]))).toBe("critical");
  });

  test("in a template whose runs have all gone is high where somebody reads it, medium where nobody does", () => {
    expect(ofOne([cronJob], readPods)).toBe("high");
    expect(ofOne([cronJob])).toBe("medium");
  });

  test("that a history limit will remove is high: there is an end", () => {
    const { items } = report([cronJob, ...run("r", DAY, cronJob, [literal("old")])], readPods);
    const removed = items.find(({ removedFromTemplate }) => removedFromTemplate)!;
    expect(removed.severity).toBe("high");
    expect(removed.carriers.map(({ closesBecause }) => closesBecause)).toEqual(["history-limit", "history-limit"]);
  });

  test("that nobody was seen to read is high where a reader may not have been seen", () => {
    expect(ofOne([cronJob], { blindSpots: [forbidden("rolebindings", "database")] })).toBe("high");
    expect(ofOne([cronJob], { blindSpots: [forbidden("rolebindings", "payments")] })).toBe("medium");
    expect(ofOne([cronJob], { source: "dump" })).toBe("high");
  });

  test("recognised as only possible is low", () => {
    expect(ofOne(run("a", DAY, null, [literal("a", { confidence: "possible" })]), {}, { all: true })).toBe("low");
  });
});

describe("what a container wrote, and what stands in a ConfigMap, is a literal", () => {
  const [job, pod] = run("a", DAY, null, []);
  const written = { ...literal("m"), at: null };

  test("a termination message and a log without an end, in a finished pod: critical", () => {
    const message = { ...written, place: "termination-message", field: "status.x", path: "status.x" } as const;
    expect(ofOne([job, { ...pod, messageLiterals: [message] }])).toBe("critical");
    expect(ofOne([job, { ...pod, logLiterals: [{ ...written, place: "log", field: "log[main]" }] }])).toBe("critical");
  });

  test("a ConfigMap that a CronJob names: high where somebody may read it, medium where nobody does", () => {
    const meta = { ...job.meta, name: "app", uid: "c" };
    const configmaps: ConfigMap[] = [
      {
        kind: "ConfigMap",
        meta,
        literals: [{ ...literal("c"), place: "configmap", path: "data[a]", field: "data[a]" }],
      },
    ];
    const named = template({ configMapReferences: [{ ...reference("x"), use: "env", configMap: "app", keys: ["a"] }] });
    const backup = carrying("backup", [], { job: { ...cronJob.job, template: named } });
    const readMaps = {
      roles: [role("database", "maps", [rule("get", "configmaps")])],
      rolebindings: [bind("database", "a", "Role/maps", [user("alice")])],
    };
    expect(ofOne([backup], { configmaps })).toBe("medium");
    expect(ofOne([backup], { configmaps, ...readMaps })).toBe("high");
    expect(report([cronJob], { configmaps }).items).toHaveLength(1);
  });
});

describe("a token", () => {
  const finished = run("a", DAY, null, [], { pod: { tokens: [TOKEN], serviceAccountName: "backup" } });
  const own = { serviceaccounts: [account("backup")] };

  test("of a finished pod is medium", () => {
    expect(ofOne(finished, own)).toBe("medium");
  });

  test.each([
    [
      "the cluster",
      {
        clusterroles: [clusterRole("s", [rule("list", "secrets")])],
        clusterrolebindings: [bindCluster("s", "ClusterRole/s", [sa("backup", "database")])],
      },
      "high",
    ],
    [
      "a namespace",
      {
        roles: [role("other", "s", [rule("get", "*")])],
        rolebindings: [bind("other", "s", "Role/s", [sa("backup", "database")])],
      },
      "high",
    ],
    [
      "one Secret",
      {
        roles: [role("other", "s", [rule("get", "secrets", ["db"])])],
        rolebindings: [bind("other", "s", "Role/s", [sa("backup", "database")])],
      },
      "medium",
    ],
  ])("of an account that reads %s", (_, grants, severity) => {
    expect(ofOne(finished, { ...own, ...grants })).toBe(severity);
  });

  test.each([
    ["a list of grants was forbidden", { blindSpots: [forbidden("clusterrolebindings", null)] }],
    ["one was forbidden in another namespace", { blindSpots: [forbidden("rolebindings", "payments")] }],
    ["grants were not looked at", { collected: ["cronjobs" as const, "jobs" as const, "pods" as const] }],
    ["somebody chose the objects", { source: "dump" as const }],
  ])("of an account whose rights are not known is high: %s", (_, more) => {
    expect(ofOne(finished, { ...own, ...more })).toBe("high");
  });

  test("without expiry is high", () => {
    const legacy = { ...account("backup"), secrets: ["backup-token-x7krf"] };
    const job = run("a", DAY, null, [], {
      pod: { secretReferences: [reference("backup-token-x7krf", { use: "volume", keys: null })] },
    });
    const { items } = report(job, { serviceaccounts: [legacy] });
    expect(items).toMatchObject([
      {
        severity: "high",
        credential: { kind: "serviceaccount-token", confidence: "likely", serviceAccount: { name: "backup" } },
      },
    ]);
  });
});

describe("a reference", () => {
  const pod = (more: { nodeName?: string }) =>
    run("a", DAY, null, [], { pod: { ...template({ secretReferences: [reference("db")] }), ...more } });

  test("whose containers have ended is info", () => {
    expect(ofOne(pod({}))).toBe("info");
  });

  test("that a finished pod keeps within its node's reach is low, and at rest since the containers ended", () => {
    const item = report(pod({ nodeName: "node-3" })).items[0]!;
    expect(item.severity).toBe("low");
    expect(item.carriers.map((carrier) => carrier.class).sort()).toEqual(["node-grant", "secret-env"]);
    expect(item.atRestHours.soFar).toBe(DAY / HOUR);
  });
});
