import { expect, test } from "vitest";
import { exposureReport } from "../../../src/exposure/report.ts";
import { triageReport } from "../../../src/exposure/triage.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { DAY, everything } from "../batch/objects.ts";
import { bind, bindCluster, clusterRole, role, rule, sa, user } from "../rbac/fixture.ts";
import { carrying, literal, reference, run, seen, TOKEN } from "./objects.ts";

/** `count` CronJobs in a twentieth as many namespaces, ten runs each, every second run with a value of its own. */
function cluster(count: number): Snapshot {
  const objects = Array.from({ length: count }, (_, i) => {
    const namespace = `ns-${String(i % Math.ceil(count / 20))}`;
    const name = `cj-${String(i)}`;
    const cronJob = carrying(name, [literal(name)], { meta: { namespace } });
    const runs = Array.from({ length: 10 }, (__, n) => {
      const value = n % 2 === 0 ? name : `${name}-${String(n)}`;
      const pod = {
        nodeName: `node-${String(i % 50)}`,
        tokens: [TOKEN],
        secretReferences: [reference(`db-${String(i)}`)],
      };
      return run(`${name}-${String(n)}`, (n + 1) * DAY, cronJob, [literal(value)], { pod });
    }).flat();
    for (const { meta } of runs) meta.namespace = namespace;
    return [cronJob, ...runs];
  }).flat();
  const namespaces = [...new Set(objects.map(({ meta }) => meta.namespace!))];
  return seen(objects, {
    roles: namespaces.map((namespace) =>
      role(namespace, "r", [rule("get,list", "pods"), rule("get", "secrets", ["db-1"])]),
    ),
    rolebindings: namespaces.map((namespace) => bind(namespace, "r", "Role/r", [user("alice"), sa("default")])),
    clusterroles: [clusterRole("view", [rule("get,list,watch", "jobs,cronjobs", [], ["batch"])])],
    clusterrolebindings: [bindCluster("view", "ClusterRole/view", [user("bob")])],
  });
}

/** Processor time of the cheapest of three tries: what else runs on the machine disturbs it least. */
function cheapest(work: () => unknown): number {
  return Math.min(
    ...Array.from({ length: 3 }, () => {
      const start = process.cpuUsage();
      work();
      return process.cpuUsage(start).user;
    }),
  );
}

test("four times the cluster takes about four times as long", () => {
  const [small, large] = [cluster(100), cluster(400)];
  const cost = (snapshot: Snapshot) => cheapest(() => exposureReport(snapshot, everything()));
  cost(small);
  const ratio = cost(large) / cost(small);
  // For each CronJob: its value, five other ones of its runs, ten tokens, one Secret.
  expect(exposureReport(large, everything()).summary.credentials).toBe(400 * (1 + 5 + 10 + 1));
  // Quadratic work would give 16.
  expect(ratio).toBeLessThan(10);
}, 60_000);

test("the triage stays one screen", () => {
  expect(triageReport(cluster(100), everything()).items.length).toBeLessThan(40);
}, 60_000);
