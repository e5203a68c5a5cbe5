import { describe, expect, test } from "vitest";
import { answer, EVERYTHING } from "../../../src/exposure/report.ts";
import type { ReaderItem, ReaderReport } from "../../../src/model/report.ts";
import type { ExposureQuestion } from "../../../src/model/selection.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { ago, DAY, everything, HOUR, meta } from "../batch/objects.ts";
import { bind, group, role, rule, user } from "../rbac/fixture.ts";
import { carrying, literal, reference, run, seen } from "./objects.ts";

const created = (days: number) => ({ creationTimestamp: ago(days * DAY) });
const cronJob = carrying("backup", [literal("a")], { meta: created(4), suspend: true });
const objects = [cronJob, ...run("r", 2 * DAY, cronJob, [literal("a")])];
const grants: Partial<Snapshot> = {
  roles: [
    role("database", "pods", [rule("get,list", "pods")], created(90)),
    role("database", "batch", [rule("get", "jobs,cronjobs", [], ["batch"])], created(90)),
  ],
  rolebindings: [
    bind("database", "alice", "Role/pods", [user("alice")], created(1)),
    bind("database", "bob", "Role/pods", [user("bob")], created(80)),
    bind("database", "bob-too", "Role/batch", [user("bob")], created(80)),
    bind("database", "all", "Role/batch", [group("system:authenticated")], created(3)),
  ],
};

function byReader(more: Partial<Snapshot>, parts: Partial<ExposureQuestion> = {}, allReaders = false, of = objects) {
  const question = { ...EVERYTHING, by: "reader" as const, ...parts };
  return answer(seen(of, more), everything({ allReaders }), question) as ReaderReport;
}
const item = ({ items }: ReaderReport, name: string): ReaderItem => items.find(({ subject }) => subject.name === name)!;

describe("by reader", () => {
  test("everyone first, each identity once, from when its grant is proved", () => {
    const report = byReader(grants);
    expect(report.items.map(({ subject }) => subject.name)).toEqual(["system:authenticated", "alice", "bob"]);
    expect(item(report, "alice")).toMatchObject({
      everyone: false,
      carriers: 1,
      since: ago(DAY),
      atRestHours: { soFar: 24, projected: null },
    });
    expect(item(report, "bob")).toMatchObject({ carriers: 3, since: ago(2 * DAY + HOUR), atRestHours: { soFar: 48 } });
    expect(item(report, "system:authenticated")).toMatchObject({ everyone: true, carriers: 2 });
    expect(item(report, "bob").through).toEqual(item(report, "bob").through.toSorted());
  });

  test("built-in readers only where they are asked for, and undated where nothing dates them", () => {
    expect(item(byReader(grants), "system:masters")).toBeUndefined();
    const masters = item(byReader(grants, {}, true), "system:masters");
    expect(masters).toMatchObject({ since: null, carriers: 3, atRestHours: { soFar: 48 } });
  });

  test("nobody reads nothing", () => {
    expect(byReader({})).toMatchObject({ items: [], summary: { credentials: 1 } });
  });

  test("a node's reach is a reader, of what it alone reads", () => {
    const its = run("r", 2 * DAY, null, [], { pod: { nodeName: "n1", secretReferences: [reference("db")] } });
    expect(item(byReader({}, {}, false, its), "system:node:n1")).toMatchObject({
      credentials: [expect.any(String)],
      through: ["node-authorizer"],
      since: ago(2 * DAY + HOUR),
      atRestHours: { soFar: 48 },
    });
  });

  test("a ConfigMap counts as the object that is read, not as what names it", () => {
    const use = (configMap: string, keys: string[]) => ({
      ...{ use: "env" as const, configMap, keys, optional: false, path: "p", field: "f", containers: [] },
    });
    const [done] = run("r", DAY, null, [], { pod: { configMapReferences: [use("c", ["k"]), use("d", ["k"])] } });
    const one = (of: string) =>
      literal(of, { place: "configmap", path: "data[k]", field: "data[k]", name: "k", container: null });
    const configmaps = ["c", "d"].map((name) => ({
      kind: "ConfigMap" as const,
      meta: meta(name),
      literals: [one(name)],
    }));
    const reads = {
      configmaps,
      roles: [role("database", "c", [rule("get", "configmaps")])],
      rolebindings: [bind("database", "c", "Role/c", [user("alice")])],
    };
    expect(item(byReader(reads, {}, false, [done]), "alice")).toMatchObject({ carriers: 2 });
  });

  test("who could not read in the time that is asked for is left out", () => {
    const names = (parts: Partial<ExposureQuestion>) =>
      byReader(grants, parts).items.map(({ subject }) => subject.name);
    expect(names({ until: ago(DAY) })).toEqual(["system:authenticated", "bob"]);
    expect(names({ since: ago(DAY) })).toEqual(["system:authenticated", "alice", "bob"]);
    expect(item(byReader(grants, { since: ago(12 * HOUR) }), "alice").atRestHours).toEqual({
      soFar: 12,
      projected: null,
    });
  });

  test("a grant that is proved only after the window had closed gives no hours", () => {
    const its = run("r", 5 * DAY, null, [], { pod: { secretReferences: [reference("db")] } });
    const late = {
      roles: [role("database", "s", [rule("get", "secrets")], created(1))],
      rolebindings: [bind("database", "s", "Role/s", [user("alice")], created(1))],
    };
    expect(item(byReader(late, {}, false, its), "alice")).toMatchObject({
      since: ago(5 * DAY),
      atRestHours: { soFar: 0, projected: 0 },
    });
  });
});
