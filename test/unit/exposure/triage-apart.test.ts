import { expect, test } from "vitest";
import { triageReport } from "../../../src/exposure/triage.ts";
import type { CronJob, Job, Pod } from "../../../src/model/workload.ts";
import { DAY, everything } from "../batch/objects.ts";
import { carrying, literal, run, seen } from "./objects.ts";

const lines = (...objects: (CronJob | Job | Pod)[]): string[] =>
  triageReport(seen(objects, {}), everything({}))
    .items.filter(({ id }) => /^[0-9a-f]{16}$/.test(id))
    .map(({ what }) => what)
    .sort();
const in_ = (container: string) => ({ container, field: `spec.containers[${container}].env[DB_PASSWORD]` });

test("a name that stands alone needs nothing else", () => {
  expect(lines(carrying("a", [literal("1")]))).toEqual(["DB_PASSWORD in 1 cronjob (database)"]);
});

test("the same name in two containers is told apart by them", () => {
  expect(lines(carrying("a", [literal("1", in_("dump")), literal("2", in_("load"))]))).toEqual([
    "DB_PASSWORD of container dump in 1 cronjob (database)",
    "DB_PASSWORD of container load in 1 cronjob (database)",
  ]);
});

test("in containers of one name, by the workloads", () => {
  expect(lines(carrying("a", [literal("1")]), carrying("b", [literal("2")]))).toEqual([
    "DB_PASSWORD of cronjob/a in 1 cronjob (database)",
    "DB_PASSWORD of cronjob/b in 1 cronjob (database)",
  ]);
});

test("where both repeat, by both", () => {
  const [dump, load] = [in_("dump"), in_("load")];
  expect(lines(carrying("a", [literal("1", dump), literal("2", load)]), carrying("b", [literal("3", dump)]))).toEqual([
    "DB_PASSWORD of cronjob/a, container dump in 1 cronjob (database)",
    "DB_PASSWORD of cronjob/a, container load in 1 cronjob (database)",
    "DB_PASSWORD of cronjob/b, container dump in 1 cronjob (database)",
  ]);
});

test("one that left the template is another already", () => {
  const now = carrying("a", [literal("new")]);
  const what = lines(now, ...run("r1", 9 * DAY, now, [literal("old")]), ...run("r2", DAY, now, [literal("new")]));
  expect(what.filter((text) => text.includes(" of "))).toEqual([]);
  expect(what).toHaveLength(2);
});
