/**
 * Exposures of the completed pods of a large cluster, from the snapshot to the report: four credentials for ten pods, at
 * several sizes, because what counts besides the figure for 50,000 pods is how time grows. Each measurement is a process of
 * its own. `npm run bench -- exposure --runs 3`
 */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { ExposureQuestion } from "../src/model/selection.ts";
import { answer, EVERYTHING } from "../src/exposure/report.ts";
import { everything } from "../test/selection.ts";
import { batchCluster } from "./batch-cluster.ts";
import { median } from "./measure.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "3" },
    pods: { type: "string", default: "5000,20000,50000,80000" },
    by: { type: "string", default: "credential" },
    one: { type: "string" },
  },
});

interface Result {
  seconds: number;
  /** Of all threads, the garbage collector's too; what else runs on the machine does not stretch it. */
  processor: number;
  /** Heap beyond the snapshot at the end, with what is not collected yet; and what the report itself keeps. */
  megabytes: number;
  kept: number;
  /** Heap of the snapshot itself. */
  snapshot: number;
  credentials: number;
}

function measureOne(pods: number, by: ExposureQuestion["by"]): Result {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  // The code that judges is compiled by then; the sizes differ in their objects alone.
  answer(batchCluster(1000), everything(), { ...EVERYTHING, by });
  collectGarbage();
  const empty = process.memoryUsage().heapUsed;
  const evidence = batchCluster(pods);
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const [started, spent] = [performance.now(), process.cpuUsage()];
  const report = answer(evidence, everything(), { ...EVERYTHING, by });
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(spent);
  const after = process.memoryUsage().heapUsed;
  collectGarbage();
  const kept = process.memoryUsage().heapUsed;
  return {
    seconds,
    processor: (user + system) / 1e6,
    megabytes: (after - before) / 1e6,
    kept: (kept - before) / 1e6,
    snapshot: (before - empty) / 1e6,
    credentials: report.summary.credentials,
  };
}

function inProcess(pods: number): Result {
  const args = [import.meta.filename, "--one", String(pods), "--by", values.by];
  const { status, stdout } = spawnSync(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  if (status !== 0) throw new Error(`ended with status ${String(status)} at ${String(pods)} pods`);
  return JSON.parse(stdout.toString()) as Result;
}

if (values.by !== "credential" && values.by !== "carrier" && values.by !== "reader") {
  process.stderr.write("error: --by takes credential, carrier or reader\n");
  process.exit(2);
}
if (values.one !== undefined) {
  process.stdout.write(JSON.stringify(measureOne(Number(values.one), values.by)));
} else {
  const sizes = values.pods.split(",").map(Number);
  const runs = Number(values.runs);
  if (!(runs > 0) || !sizes.every((size) => size > 0)) {
    process.stderr.write("error: --pods and --runs take numbers above zero\n");
    process.exit(2);
  }
  let first: number | null = null;
  for (const size of sizes) {
    const results = Array.from({ length: runs }, () => inProcess(size));
    const middle = (pick: (one: Result) => number): number => median(results.map(pick));
    const seconds = middle((one) => one.seconds);
    const processor = middle((one) => one.processor);
    const each = (processor / size) * 1e6;
    first ??= each;
    process.stdout.write(
      `${String(size).padStart(6)} pods, ${String(results[0]!.credentials).padStart(6)} credentials  ` +
        `${seconds.toFixed(2).padStart(6)} s, ${processor.toFixed(2).padStart(6)} s of processors, ${each.toFixed(0).padStart(4)} µs a pod (${(each / first).toFixed(2)} times the first)  ` +
        `${middle((one) => one.megabytes)
          .toFixed(0)
          .padStart(4)} MB beyond the snapshot's ` +
        `${middle((one) => one.snapshot).toFixed(0)}, of which the report keeps ${middle((one) => one.kept).toFixed(0)}\n`,
    );
  }
}
