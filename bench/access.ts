/**
 * The closure and the report of every workload account over a cluster of the size that KubeHound published, and the same at
 * half and twice the size: what counts is how it grows. `npm run bench -- access --runs 3`
 */
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { judgeAccess } from "../src/rbac/report.ts";
import { selection } from "../test/unit/rbac/fixture.ts";
import { bigCluster, LARGE, type Size } from "./big-cluster.ts";
import { median } from "./measure.ts";

const { values } = parseArgs({ options: { runs: { type: "string", default: "3" } } });
const runs = Number(values.runs);
if (!(runs > 0)) {
  process.stderr.write("error: --runs takes a number above zero\n");
  process.exit(2);
}
setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function scaled(size: Size, by: Partial<Record<keyof Size, number>>): Size {
  return Object.fromEntries(
    Object.entries(size).map(([kind, count]) => [kind, Math.round(count * (by[kind as keyof Size] ?? 1))]),
  ) as unknown as Size;
}

const all = (factor: number): Size =>
  scaled(LARGE, Object.fromEntries(Object.keys(LARGE).map((kind) => [kind, factor])));
const grants = (factor: number): Size => scaled(LARGE, { roleBindings: factor, clusterRoleBindings: factor });

interface Result {
  seconds: number;
  megabytes: number;
  items: number;
  ways: number;
}

/** One judgement, from roles and bindings as they were collected to the report. */
function run(size: Size): Result {
  const evidence = bigCluster(size);
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const started = performance.now();
  const { report } = judgeAccess(evidence, selection({}));
  const seconds = (performance.now() - started) / 1000;
  // Whatever was allocated since and is not yet collected counts as well.
  const megabytes = (process.memoryUsage().heapUsed - before) / 1e6;
  return {
    seconds,
    megabytes,
    items: report.items.length,
    ways: report.items.reduce((sum, { ways }) => sum + ways.length, 0),
  };
}

const cases: [string, Size][] = [
  ["published size", LARGE],
  ["half of everything", all(0.5)],
  ["twice everything", all(2)],
  ["twice the bindings", grants(2)],
  ["twice the Secrets", scaled(LARGE, { secrets: 2 })],
];
run(all(0.1));
const results = new Map<string, Result[]>();
for (let round = 0; round < runs; round++) {
  for (const [name, size] of cases) results.set(name, [...(results.get(name) ?? []), run(size)]);
}
const middle = (name: string, pick: (one: Result) => number): number => median(results.get(name)!.map(pick));
const base = middle("published size", ({ seconds }) => seconds);
for (const [name, size] of cases) {
  const seconds = middle(name, (one) => one.seconds);
  const { items, ways } = results.get(name)![0]!;
  process.stdout.write(
    `${name.padEnd(20)} ${seconds.toFixed(2).padStart(6)} s  ${(seconds / base).toFixed(2).padStart(5)} times  ` +
      `${middle(name, (one) => one.megabytes)
        .toFixed(0)
        .padStart(4)} MB  ` +
      `${String(size.roleBindings + size.clusterRoleBindings)} bindings, ${String(items)} accounts, ${String(ways)} ways\n`,
  );
}
