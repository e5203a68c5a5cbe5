import { describe, expect, test } from "vitest";
import type { PolicyRule } from "../../../src/model/access.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import type { SubjectRef } from "../../../src/model/report.ts";
import type { Selection } from "../../../src/model/selection.ts";
import { accessReport } from "../../../src/rbac/report.ts";
import { SubjectNotFound } from "../../../src/rbac/select.ts";
import {
  account,
  bind,
  cronJob,
  job,
  ownedBy,
  pod,
  role,
  rule,
  sa,
  selection,
  serviceAccount,
  snapshot,
} from "./fixture.ts";

function report(parts: Partial<Snapshot>, selected: Partial<Selection> = {}) {
  return accessReport(snapshot(parts), selection(selected));
}

function itemOf(parts: Partial<Snapshot>, subject: SubjectRef) {
  return report(parts, { subjects: [subject] }).items[0]!;
}

const backup = account("database", "backup");
const bound = (...rules: PolicyRule[]) => ({
  roles: [role("database", "r", rules)],
  rolebindings: [bind("database", "rb", "Role/r", [sa("backup")])],
});

describe("whose access is reported", () => {
  const nightly = cronJob("database", "nightly", "backup");
  const run = job("database", "nightly-1", "backup", { ownerReferences: [ownedBy("CronJob", nightly)] });
  const ran = pod("database", "nightly-1-x", "backup", { ownerReferences: [ownedBy("Job", run)] });

  test("that of every account that a CronJob, Job or pod runs as; a CronJob stands for its Jobs and pods", () => {
    const parts = { cronjobs: [nightly], jobs: [run, job("database", "manual", "backup")], pods: [ran] };
    expect(report(parts).items).toMatchObject([
      {
        subject: backup,
        usedBy: [
          { apiVersion: "batch/v1", kind: "CronJob", namespace: "database", name: "nightly" },
          { apiVersion: "batch/v1", kind: "Job", namespace: "database", name: "manual" },
        ],
      },
    ]);
  });

  test("an account that only an earlier run used is the CronJob's too", () => {
    const parts = { cronjobs: [cronJob("database", "nightly", "new")], jobs: [run], pods: [ran] };
    expect(report(parts).items.map(({ subject, usedBy }) => [subject.name, usedBy[0]?.name])).toEqual([
      ["backup", "nightly"],
      ["new", "nightly"],
    ]);
  });

  test("no ServiceAccount named means default", () => {
    expect(report({ pods: [pod("a", "p", "")] }).items[0]?.subject).toEqual(account("a", "default"));
  });

  test("another controller stands for its pods; a pod whose Job is gone stands for itself", () => {
    const owner = ownedBy("ReplicaSet", { name: "web", uid: "rs" });
    const pods = [
      pod("a", "web-1", "x", { ownerReferences: [owner] }),
      pod("a", "web-2", "x", { ownerReferences: [owner] }),
      pod("a", "left", "x", { ownerReferences: [ownedBy("Job", { name: "gone", uid: "gone" })] }),
    ];
    expect(report({ pods }).items[0]?.usedBy.map(({ kind, name }) => `${kind}/${name}`)).toEqual([
      "Pod/left",
      "ReplicaSet/web",
    ]);
  });

  test("a CronJob made again under the same name is not the owner of the old one's Jobs", () => {
    const again = { ...nightly, meta: { ...nightly.meta, uid: "again" } };
    expect(report({ cronjobs: [again], jobs: [run] }).items[0]?.usedBy.map(({ kind }) => kind)).toEqual([
      "CronJob",
      "Job",
    ]);
  });

  test("forged owner references end", () => {
    const one = job("a", "one", "x", { ownerReferences: [ownedBy("Job", { name: "two", uid: "job:a/two" })] });
    const two = job("a", "two", "x", { ownerReferences: [ownedBy("Job", { name: "one", uid: "job:a/one" })] });
    const abroad = pod("b", "p", "x", { ownerReferences: [ownedBy("Job", one)] });
    const used = report({ jobs: [one, two], pods: [abroad] }).items.map(({ usedBy }) => usedBy.map(({ name }) => name));
    expect(used).toEqual([["one", "two"], ["p"]]);
  });

  test("a workload that is named stands for the accounts it and its runs use", () => {
    const parts = { cronjobs: [nightly], jobs: [run], pods: [ran, pod("database", "other", "other")] };
    const chosen = (kind: string, name: string, namespace: string | null = null) =>
      report(parts, { objects: [{ kind, namespace, name }] }).items.map(({ subject }) => subject.name);
    expect(chosen("CronJob", "nightly")).toEqual(["backup"]);
    expect(chosen("Pod", "other", "database")).toEqual(["other"]);
    expect(() => chosen("Pod", "other", "elsewhere")).toThrow(SubjectNotFound);
    expect(() => chosen("Job", "nightly")).toThrow('Job "nightly" not found: the evidence holds none');
  });

  test("selectors choose workloads without hiding who owns them", () => {
    const labelled = pod("database", "p", "backup", { labels: { app: "x" }, ownerReferences: [ownedBy("Job", run)] });
    const parts = { cronjobs: [nightly], jobs: [run], pods: [labelled, pod("database", "q", "other")] };
    const chosen = report(parts, { labels: [{ key: "app", operator: "=", values: ["x"] }] });
    expect(chosen.items.map(({ subject, usedBy }) => [subject.name, usedBy[0]?.kind])).toEqual([["backup", "CronJob"]]);
    const byAccount = report(parts, { fields: [{ key: "spec.serviceAccountName", operator: "=", values: ["other"] }] });
    expect(byAccount.items.map(({ subject }) => subject.name)).toEqual(["other"]);
    const byPhase = report(parts, { fields: [{ key: "status.phase", operator: "!=", values: ["Running"] }] });
    expect(byPhase.items).toHaveLength(2);
  });

  test("a ServiceAccount of a name is looked for in every namespace where none is given", () => {
    const parts = { serviceaccounts: [serviceAccount("a", "x"), serviceAccount("b", "x")] };
    const found = report(parts, { subjects: [{ kind: "ServiceAccount", namespace: null, name: "x" }] });
    expect(found.items.map(({ subject }) => subject.namespace)).toEqual(["a", "b"]);
  });

  test("an account that bindings mention is reported though it does not exist", () => {
    expect(itemOf(bound(rule("get", "secrets")), backup).reach.namespaces).toEqual(["database"]);
  });

  test("a user name that is a ServiceAccount's asks about that ServiceAccount", () => {
    const name = "system:serviceaccount:database:backup";
    expect(itemOf(bound(rule("get", "secrets")), { kind: "User", namespace: null, name }).subject).toEqual(backup);
  });

  test("what nothing mentions is not found, unless it may only be unseen", () => {
    const alice: SubjectRef = { kind: "User", namespace: null, name: "alice" };
    expect(() => itemOf({}, backup)).toThrow('ServiceAccount "backup" not found in namespace "database"');
    expect(() => itemOf({}, alice)).toThrow('User "alice" not found: no binding names it');
    expect(() => itemOf({}, { ...alice, kind: "Group" })).toThrow(SubjectNotFound);
    expect(itemOf({}, { kind: "Group", namespace: null, name: "system:authenticated" }).reach.cluster).toBe(false);
    const { collected } = snapshot();
    const less = (kind: string) => ({ collected: collected.filter((one) => one !== kind) });
    expect(itemOf(less("serviceaccounts"), backup).subject).toEqual(backup);
    expect(itemOf(less("rolebindings"), alice).subject).toEqual(alice);
  });

  test("a hostile name stays on the error's one line", () => {
    const name = "x\n\u001b[31m";
    expect(() => itemOf({}, { kind: "User", namespace: null, name })).toThrow('User "x\\n\\u001b[31m" not found');
  });
});
