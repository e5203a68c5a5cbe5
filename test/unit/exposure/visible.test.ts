import { describe, expect, test } from "vitest";
import { answer, EVERYTHING, exposureReport } from "../../../src/exposure/report.ts";
import type { ExposureItem, ExposureReport, SubjectRef } from "../../../src/model/report.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { ago, DAY, everything, HOUR } from "../batch/objects.ts";
import { bind, bindCluster, clusterRole, group, role, rule, sa, user } from "../rbac/fixture.ts";
import { carrying, literal, reference, run, seen } from "./objects.ts";

const created = (days: number) => ({ creationTimestamp: ago(days * DAY) });
const cronJob = carrying("backup", [literal("a")], { meta: created(30) });
const objects = [cronJob, ...run("backup-1", 2 * DAY, cronJob, [literal("a")], { pod: { nodeName: "n1" } })];
const ALICE: SubjectRef = { kind: "User", namespace: null, name: "alice" };
const DBA: SubjectRef = { kind: "Group", namespace: null, name: "dba" };
const MASTERS: SubjectRef = { kind: "Group", namespace: null, name: "system:masters" };

function seenBy(who: SubjectRef[], more: Partial<Snapshot> = {}): ExposureReport {
  return answer(seen(objects, more), everything(), { ...EVERYTHING, asSeenBy: who }) as ExposureReport;
}

const kinds = (items: readonly ExposureItem[]): string[] =>
  items.flatMap(({ carriers }) => carriers.map(({ object }) => object.kind));
const podReader = (to: ReturnType<typeof user>, days: number, verb = "get") => ({
  roles: [role("database", "pods", [rule(verb, "pods")], created(days))],
  rolebindings: [bind("database", "pods", "Role/pods", [to], created(days))],
});

describe("what one identity sees", () => {
  test("is nothing without a grant, and no credential without a carrier", () => {
    expect(seenBy([ALICE])).toMatchObject({ items: [], summary: { credentials: 0, atRestHours: { soFar: 0 } } });
  });

  test("are the carriers that it reads, with the hours and the need of everything that uses the credential", () => {
    const batch = {
      roles: [role("database", "batch", [rule("get", "cronjobs", [], ["batch"])], created(40))],
      rolebindings: [bind("database", "batch", "Role/batch", [user("alice")], created(40))],
    };
    const { items } = seenBy([ALICE], batch);
    expect(kinds(items)).toEqual(["CronJob"]);
    const [whole] = exposureReport(seen(objects, batch), everything()).items;
    // The hour in which the pod ran is no rest, although alice reads no pod.
    expect(items[0]).toMatchObject({ id: whole!.id, neededUntil: ago(2 * DAY), atRestHours: { soFar: 48 } });
  });

  test("a group's grants are its own only where it is named", () => {
    expect(seenBy([ALICE], podReader(group("dba"), 9)).items).toEqual([]);
    expect(kinds(seenBy([ALICE, DBA], podReader(group("dba"), 9)).items)).toEqual(["Pod"]);
    expect(kinds(seenBy([ALICE], podReader(group("system:authenticated"), 9)).items)).toEqual(["Pod"]);
  });

  test("an account reads by the groups of its namespace", () => {
    const account = (namespace: string): SubjectRef => ({ kind: "ServiceAccount", namespace, name: "etl" });
    const grant = podReader(group("system:serviceaccounts:database"), 9);
    expect(kinds(seenBy([account("database")], grant).items)).toEqual(["Pod"]);
    expect(seenBy([account("other")], grant).items).toEqual([]);
    expect(seenBy([account("other")], podReader(sa("etl", "database"), 9)).items).toEqual([]);
  });
});

describe("since when", () => {
  test("from the grant, where that is proved after the carrier opened", () => {
    const { items } = seenBy([ALICE], podReader(user("alice"), 1));
    expect(items[0]).toMatchObject({ opens: ago(DAY), atRestHours: { soFar: 24 } });
    expect(items[0]!.carriers[0]).toMatchObject({
      opens: ago(DAY),
      opensNotBefore: ago(2 * DAY + HOUR),
      opensIsBound: true,
    });
    expect(items[0]!.carriers[0]!.opensBecause).toMatch(/its grant is proved since then at the latest$/);
  });

  test("from the carrier, where the grant is older", () => {
    expect(seenBy([ALICE], podReader(user("alice"), 9)).items[0]).toMatchObject({ opens: ago(2 * DAY + HOUR) });
  });

  test("from the earliest of several grants: its own and that of a group", () => {
    const grants = {
      roles: [role("database", "pods", [rule("get", "pods")], created(9))],
      rolebindings: [
        bind("database", "late", "Role/pods", [user("alice")], created(0.5)),
        bind("database", "early", "Role/pods", [group("dba")], created(1)),
      ],
    };
    expect(seenBy([ALICE, DBA], grants).items[0]!.opens).toBe(ago(DAY));
  });

  test("of the privileged group from the beginning, beside a dated grant too: no object dates it", () => {
    const own = podReader(user("alice"), 1);
    expect(seenBy([MASTERS]).items[0]!.opens).toBe(ago(2 * DAY + HOUR));
    expect(kinds(seenBy([MASTERS]).items)).toEqual(["CronJob", "Job", "Pod"]);
    expect(seenBy([ALICE, MASTERS], own).items[0]!.opens).toBe(ago(2 * DAY + HOUR));
    expect(seenBy([ALICE], own).items[0]!.opens).toBe(ago(DAY));
  });

  test("a grant that is proved only after the window had closed leaves an empty one, and says what is not known", () => {
    const grant = {
      roles: [role("database", "s", [rule("get", "secrets")], created(1))],
      rolebindings: [bind("database", "s", "Role/s", [user("alice")], created(1))],
    };
    const its = run("r", 5 * DAY, null, [], { pod: { secretReferences: [reference("db")] } });
    const view = answer(seen(its, grant), everything(), { ...EVERYTHING, asSeenBy: [ALICE] }) as ExposureReport;
    expect(view.items[0]!.carriers).toMatchObject([
      { class: "secret-env", opens: ago(5 * DAY), closes: ago(5 * DAY), opensIsBound: true },
    ]);
    expect(view.items[0]!.carriers[0]!.opensBecause).toMatch(/whether it could read it in time is not known$/);
    expect(view.items[0]!.atRestHours).toEqual({ soFar: 0, projected: 0 });
  });
});

test("a node sees the pods that are bound to it, from then on, whatever RBAC gives it later", () => {
  const node = (name: string): SubjectRef => ({ kind: "User", namespace: null, name: `system:node:${name}` });
  expect(kinds(seenBy([node("n1")]).items)).toEqual(["Pod"]);
  expect(seenBy([node("n2")]).items).toEqual([]);
  expect(seenBy([node("n1")], podReader(user("system:node:n1"), 1)).items[0]!.opens).toBe(ago(2 * DAY + HOUR));
});

describe("what is deleted", () => {
  const gone = (verb: string): ExposureItem[] => {
    const earlier = { resourceVersion: "1", at: ago(400), cronjobs: [], jobs: [], pods: [objects[2]!] as never };
    const grants = podReader(user("alice"), 9, verb);
    return (
      answer(seen([], { ...grants, earlier }), everything(), { ...EVERYTHING, asSeenBy: [ALICE] }) as ExposureReport
    ).items;
  };

  test.each(["list", "watch", "*"])("is read back by %s", (verb) => {
    expect(gone(verb)).toMatchObject([
      { carriers: [{ closesBecause: "compaction", closes: ago(-600), endsBy: null }] },
    ]);
  });

  test.each(["get", "patch", "delete", "deletecollection"])("not by %s", (verb) => {
    expect(gone(verb)).toEqual([]);
  });

  test("nor by its node any more", () => {
    const earlier = { resourceVersion: "1", at: null, cronjobs: [], jobs: [], pods: [objects[2]!] as never };
    const asSeenBy: SubjectRef[] = [{ kind: "User", namespace: null, name: "system:node:n1" }];
    expect(answer(seen([], { earlier }), everything(), { ...EVERYTHING, asSeenBy }).items).toEqual([]);
  });
});

test("a cluster-wide grant counts in every namespace", () => {
  const grants = {
    clusterroles: [clusterRole("v", [rule("list", "jobs", [], ["batch"])], created(9))],
    clusterrolebindings: [bindCluster("v", "ClusterRole/v", [user("alice")], created(9))],
  };
  expect(kinds(seenBy([ALICE], grants).items)).toEqual(["Job"]);
});
