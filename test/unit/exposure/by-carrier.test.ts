import { describe, expect, test } from "vitest";
import { answer, EVERYTHING } from "../../../src/exposure/report.ts";
import type { CarrierItem, CarrierReport } from "../../../src/model/report.ts";
import type { ExposureQuestion } from "../../../src/model/selection.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { ago, DAY, everything, HOUR, meta } from "../batch/objects.ts";
import { bind, group, role, rule, user } from "../rbac/fixture.ts";
import { carrying, literal, manager, reference, run, seen, TOKEN } from "./objects.ts";

type Objects = Parameters<typeof seen>[0];

function byCarrier(
  objects: Objects,
  more: Partial<Snapshot> = {},
  parts: Partial<ExposureQuestion> = {},
): CarrierReport {
  return answer(seen(objects, more), everything(), { ...EVERYTHING, by: "carrier", ...parts }) as CarrierReport;
}
const named = (items: readonly CarrierItem[]): string[] => items.map(({ object: { kind, name } }) => `${kind}/${name}`);

const cronJob = carrying("backup", [literal("a")], {
  meta: {
    creationTimestamp: ago(30 * DAY),
    managedFields: [manager(["spec.containers[main].env[DB_PASSWORD]"], 4 * DAY)],
  },
});
const runs = (ttl: number | null) =>
  run("r", 2 * DAY, cronJob, [literal("a")], {
    spec: { ttlSecondsAfterFinished: ttl },
    pod: { nodeName: "n", secretReferences: [reference("db")], tokens: [TOKEN] },
  });

describe("by carrier", () => {
  test("each object once, with all that it carries, and the hours of its own windows alone", () => {
    const { items, summary } = byCarrier([cronJob, ...runs(null)]);
    expect(named(items).toSorted()).toEqual(["CronJob/backup", "Job/r", "Pod/r-x"]);
    const of = (kind: string) => items.find(({ object }) => object.kind === kind)!;
    expect(of("CronJob")).toMatchObject({
      opens: ago(4 * DAY),
      opensIsBound: true,
      closes: null,
      classes: ["literal-env"],
      // Four days without the hour of work.
      atRestHours: { soFar: 95, projected: null },
      savesHours: null,
    });
    expect(of("Job")).toMatchObject({ workload: { kind: "CronJob", name: "backup" }, atRestHours: { soFar: 48 } });
    expect(of("Pod").classes).toEqual(["literal-env", "node-grant", "secret-env", "token-bound"]);
    expect(of("Pod").credentials).toHaveLength(3);
    // The literal, the Secret within the node's reach, and the token, each for two days.
    expect(of("Pod").atRestHours.soFar).toBe(3 * 48);
    expect(of("Pod").endsBy).toBe("kubectl delete job r -n database --cascade=foreground");
    // As a credential, the literal counts once.
    expect(summary).toMatchObject({ credentials: 3, atRestHours: { soFar: 95 + 48 + 48 } });
  });

  test("an end that all of its windows have is its end, and saves what is left of each", () => {
    const [item] = byCarrier([{ ...cronJob, suspend: true }, ...runs(3 * DAY)]).items.filter(
      ({ object }) => object.kind === "Pod",
    );
    expect(item).toMatchObject({ closes: ago(-DAY), closesBecause: "ttl", savesHours: 3 * 24 });
  });

  test("readers are those of the object alone, everyone's objects first", () => {
    const grants = {
      roles: [role("database", "p", [rule("get", "pods")])],
      rolebindings: [bind("database", "p", "Role/p", [user("alice"), group("system:authenticated")])],
    };
    const { items } = byCarrier([cronJob, ...runs(null)], grants);
    expect(named(items)[0]).toBe("Pod/r-x");
    expect(items[0]!.readers).toMatchObject({ everyone: true });
    expect(items.find(({ object }) => object.kind === "Job")!.readers).toMatchObject({ everyone: false, count: 0 });
  });

  test("a ConfigMap is an object of its own", () => {
    const use = {
      use: "env" as const,
      configMap: "c",
      keys: ["k"],
      optional: false,
      path: "p",
      field: "f",
      containers: [],
    };
    const one = literal("c", { place: "configmap", path: "data[k]", field: "data[k]", name: "k", container: null });
    const objects = run("r", DAY, null, [], { pod: { configMapReferences: [use] } });
    const { items } = byCarrier(objects, { configmaps: [{ kind: "ConfigMap", meta: meta("c"), literals: [one] }] });
    expect(named(items)).toEqual(["ConfigMap/c"]);
  });

  test("a CronJob and what it was a minute ago are one object", () => {
    const was = carrying("backup", [literal("old")], { meta: cronJob.meta });
    const earlier = { resourceVersion: "1", at: null, cronjobs: [was], jobs: [], pods: [] };
    const { items } = byCarrier([cronJob], { earlier });
    expect(named(items)).toEqual(["CronJob/backup"]);
    expect(items[0]!.credentials).toHaveLength(2);
  });

  test("a recreated object of the same name is another one", () => {
    const [, gone] = run("r", DAY, null, [literal("a")]);
    const earlier = {
      resourceVersion: "1",
      at: null,
      cronjobs: [],
      jobs: [],
      pods: [{ ...gone, meta: { ...gone.meta, uid: "before" } }],
    };
    expect(named(byCarrier([gone], { earlier }).items)).toEqual(["Pod/r-x", "Pod/r-x"]);
  });

  test("objects outside the classes and the time that are asked for are left out", () => {
    const all = [cronJob, ...runs(null)];
    expect(named(byCarrier(all, {}, { classes: ["token-bound"] }).items)).toEqual(["Pod/r-x"]);
    expect(named(byCarrier(all, {}, { until: ago(3 * DAY) }).items)).toEqual(["CronJob/backup"]);
    const [first] = byCarrier(all, {}, { until: ago(3 * DAY) }).items;
    expect(first!.atRestHours).toEqual({ soFar: 24, projected: 24 });
    expect(byCarrier(all, {}, { until: ago(5 * DAY) }).items).toEqual([]);
  });

  test("hours between two moments are those of the time between them", () => {
    const { items } = byCarrier([cronJob, ...runs(null)], {}, { since: ago(DAY), until: ago(HOUR) });
    expect(items.find(({ object }) => object.kind === "Job")!.atRestHours).toEqual({ soFar: 23, projected: 23 });
  });
});
