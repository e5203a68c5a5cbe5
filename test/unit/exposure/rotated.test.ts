import { expect, test } from "vitest";
import type { ObjectMeta } from "../../../src/model/object.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { ago, DAY, HOUR, meta } from "../batch/objects.ts";
import { manager, reference, report, run, seen } from "./objects.ts";

const collected = [...seen([]).collected, "secrets" as const];

/** Of the Secret `db`, named by a pod that started two days and an hour ago. */
function rotated(
  secret: Partial<ObjectMeta> | null,
  keys: string[] | null = ["password"],
  more: Partial<Snapshot> = {},
) {
  const its = run("r", 2 * DAY, null, [], { pod: { secretReferences: [reference("db", { keys })] } });
  const own = { creationTimestamp: ago(30 * DAY), ...secret };
  const secrets = secret === null ? [] : [{ kind: "Secret" as const, meta: meta("db", own), type: "Opaque" }];
  return report(its, { collected, secrets, ...more }).items.map(({ rotatedBy }) => rotatedBy);
}

test("a Secret that was made anew after the pod had started was rotated by then", () => {
  expect(rotated({ creationTimestamp: ago(DAY) })).toEqual([ago(DAY)]);
  expect(rotated({ creationTimestamp: ago(2 * DAY) }), "while the pod ran").toEqual([ago(2 * DAY)]);
  expect(rotated({ creationTimestamp: ago(2 * DAY + 2 * HOUR) }), "before it started").toEqual([null]);
});

test("one whose key somebody wrote after the pod had started was rotated by the last such write", () => {
  const managedFields = [manager(["data[password]"], DAY), manager(["data[password]"], 5 * DAY, "helm")];
  expect(rotated({ managedFields })).toEqual([ago(DAY)]);
  expect(rotated({ managedFields: managedFields.slice(1) })).toEqual([null]);
});

test("a write of another key is none of this one, whatever the keys are called", () => {
  const managedFields = [manager(["data[other]"], DAY)];
  expect(rotated({ managedFields })).toEqual([null]);
  expect(rotated({ managedFields }, ["token"])).toEqual([null]);
  expect(rotated({ managedFields: [manager(["metadata.annotations[x]"], DAY)] }, ["token"])).toEqual([null]);
  expect(rotated({ managedFields: [manager(["data[token]"], DAY)] }, ["token"])).toEqual([ago(DAY)]);
});

test("a reference to all keys is changed by a write of any", () => {
  expect(rotated({ managedFields: [manager(["data[other]"], DAY)] }, null)).toEqual([ago(DAY)]);
  expect(rotated({ managedFields: [manager(["metadata.annotations[x]"], DAY)] }, null)).toEqual([null]);
});

test("a Secret that was not seen, or has no times, shows nothing", () => {
  expect(rotated(null)).toEqual([null]);
  expect(rotated({ creationTimestamp: null })).toEqual([null]);
  expect(rotated({ managedFields: [{ ...manager(["data[password]"], DAY), time: null }] })).toEqual([null]);
});

test("a Secret of that name in another namespace is another one", () => {
  expect(rotated({ namespace: "other", creationTimestamp: ago(DAY) })).toEqual([null]);
});
