import { describe, expect, it } from "vitest";
import { indexOwners } from "../../../src/batch/owners.ts";
import { selects } from "../../../src/batch/select.ts";
import type { Requirement, Selection } from "../../../src/model/selection.ts";
import { matchesFields, matchesLabels } from "../../../src/scope/match.ts";
import { controlledBy, cronJob, everything, job, pod, snapshot, template } from "./objects.ts";

const backup = cronJob("backup", { meta: { labels: { app: "backup" } } });
const run = job("backup-1", { meta: { ownerReferences: controlledBy(backup) } });
const runPod = pod("backup-1-x", {
  template: template({ serviceAccountName: "backup", nodeName: "node-3" }),
  meta: { ownerReferences: controlledBy(run), labels: { app: "backup" } },
});
const other = pod("backup", { meta: { namespace: "payments", uid: "uid-other" } });
const all = [backup, run, runPod, other];
const owners = indexOwners(snapshot(all));
const selected = (more: Partial<Selection>) =>
  all.filter((object) => selects(everything(more), object, owners)).map(({ kind, meta }) => `${kind} ${meta.name}`);

const require = (key: string, operator: Requirement["operator"], ...values: string[]): Requirement => ({
  key,
  operator,
  values,
});

describe("objects named as TYPE/NAME", () => {
  it("select everything when there are none", () => {
    expect(selected({})).toHaveLength(4);
  });

  it("select what they own, too", () => {
    expect(selected({ objects: [{ kind: "CronJob", namespace: "database", name: "backup" }] })).toEqual([
      "CronJob backup",
      "Job backup-1",
      "Pod backup-1-x",
    ]);
    expect(selected({ objects: [{ kind: "Job", namespace: null, name: "backup-1" }] })).toEqual([
      "Job backup-1",
      "Pod backup-1-x",
    ]);
  });

  it("go by kind and namespace, not by name alone", () => {
    expect(selected({ objects: [{ kind: "Pod", namespace: null, name: "backup" }] })).toEqual(["Pod backup"]);
    expect(selected({ objects: [{ kind: "CronJob", namespace: "payments", name: "backup" }] })).toEqual([]);
  });

  it("add up with each other and with ServiceAccounts", () => {
    const subjects = [{ kind: "ServiceAccount" as const, namespace: "database", name: "backup" }];
    expect(selected({ subjects })).toEqual(["Pod backup-1-x"]);
    expect(selected({ subjects, objects: [{ kind: "Pod", namespace: "payments", name: "backup" }] })).toEqual([
      "Pod backup-1-x",
      "Pod backup",
    ]);
  });

  it("select nothing by a User or Group: no workload runs as one", () => {
    expect(selected({ subjects: [{ kind: "User", namespace: null, name: "backup" }] })).toEqual([]);
  });
});

describe("label requirements (k8s.io/apimachinery/pkg/labels)", () => {
  const labels = { app: "backup", tier: "" };
  it.each([
    [require("app", "=", "backup"), true],
    [require("app", "=", "report"), false],
    [require("gone", "=", "x"), false],
    [require("app", "!=", "report"), true],
    [require("app", "!=", "backup"), false],
    [require("gone", "!=", "x"), true],
    [require("app", "in", "report", "backup"), true],
    [require("gone", "in", ""), false],
    [require("tier", "in", ""), true],
    [require("app", "notin", "report", "backup"), false],
    [require("gone", "notin", "x"), true],
    [require("tier", "exists"), true],
    [require("gone", "exists"), false],
    [require("tier", "!exists"), false],
    [require("gone", "!exists"), true],
    [require("constructor", "exists"), false],
  ])("%o is %s", (requirement, expected) => {
    expect(matchesLabels([requirement], labels)).toBe(expected);
  });

  it("hold together: one that fails is enough", () => {
    expect(matchesLabels([require("app", "=", "backup"), require("gone", "exists")], labels)).toBe(false);
  });
});

describe("field requirements", () => {
  it.each([
    ["metadata.name", "backup-1-x"],
    ["metadata.namespace", "database"],
    ["status.phase", "Succeeded"],
    ["spec.nodeName", "node-3"],
    ["spec.serviceAccountName", "backup"],
  ])("know %s of a pod", (key, value) => {
    expect(matchesFields([require(key, "=", value)], runPod)).toBe(true);
    expect(matchesFields([require(key, "!=", value)], runPod)).toBe(false);
    expect(matchesFields([require(key, "=", "x")], runPod)).toBe(false);
  });

  it("take an unbound pod's node for the empty name, as the API server does", () => {
    expect(matchesFields([require("spec.nodeName", "=", "")], other)).toBe(true);
  });

  it("about pods leave no other kind, not even with !=", () => {
    for (const object of [backup, run])
      expect(matchesFields([require("status.phase", "!=", "Failed")], object)).toBe(false);
  });
});
