/**
 * The plan of a cleanup over completed Jobs of a large cluster, from the snapshot to the plan, at several sizes: what counts
 * besides the figure for 20,000 is how time grows. Each measurement is a process of its own. `npm run bench -- cleanup --runs 3`
 */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { planCleanup } from "../src/cleanup/plan/index.ts";
import { everything } from "../test/selection.ts";
import { rules } from "../test/unit/cleanup/objects.ts";
import { batchCluster } from "./batch-cluster.ts";
import { median } from "./measure.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "3" },
    jobs: { type: "string", default: "5000,10000,20000,40000" },
    one: { type: "string" },
  },
});

interface Result {
  seconds: number;
  /** Of all threads; what else runs on the machine does not stretch it. */
  processor: number;
  /** Heap beyond the snapshot at the end, with what is not collected yet. */
  megabytes: number;
  toDelete: number;
}

function measureOne(jobs: number): Result {
  const plan = (size: number): [ReturnType<typeof batchCluster>, () => number] => {
    const evidence = batchCluster(size);
    const asked = rules({ olderThanSeconds: 3600 });
    return [evidence, () => planCleanup(evidence, everything(), asked, { owned: [], blindSpots: [] }).summary.toDelete];
  };
  // The code that judges is compiled by then; the sizes differ in their objects alone.
  plan(1000)[1]();
  const [, run] = plan(jobs);
  const before = process.memoryUsage().heapUsed;
  const [started, spent] = [performance.now(), process.cpuUsage()];
  const toDelete = run();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(spent);
  return {
    seconds,
    processor: (user + system) / 1e6,
    megabytes: (process.memoryUsage().heapUsed - before) / 1e6,
    toDelete,
  };
}

function inProcess(jobs: number): Result {
  const child = spawnSync(process.execPath, [import.meta.filename, "--one", String(jobs)], { encoding: "utf8" });
  if (child.status !== 0) throw new Error(child.stderr);
  return JSON.parse(child.stdout) as Result;
}

if (values.one !== undefined) {
  process.stdout.write(JSON.stringify(measureOne(Number(values.one))));
} else {
  for (const jobs of values.jobs.split(",").map(Number)) {
    const results = Array.from({ length: Number(values.runs) }, () => inProcess(jobs));
    const seconds = median(results.map((one) => one.seconds));
    const processor = median(results.map((one) => one.processor));
    const each = ((processor * 1e6) / jobs).toFixed(0);
    const heap = median(results.map((one) => one.megabytes)).toFixed(0);
    process.stdout.write(
      `${String(jobs)} Jobs: ${seconds.toFixed(2)} s, ${processor.toFixed(2)} s of processor time (${each} µs each), ${heap} MB, ${String(results[0]!.toDelete)} to delete\n`,
    );
  }
}
