/**
 * `stale` beside the pipeline that the source article recommends, over the same completed pods of a real API server:
 * both run in turn, and what counts is the ratio. `npm run bench -- stale --pods 20000 --runs 3`
 */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { must, pathOf } from "../test/control-plane/act.ts";
import { startPlane } from "../test/control-plane/plane.ts";
import { modelRun, seedRuns } from "../test/control-plane/seed.ts";
import { type Measured, measure, median } from "./measure.ts";

const { values } = parseArgs({
  options: { pods: { type: "string", default: "20000" }, runs: { type: "string", default: "3" } },
});
const pods = Number(values.pods);
const runs = Number(values.runs);
if (!(pods > 0) || !(runs > 0)) {
  process.stderr.write("error: --pods and --runs take a number above zero\n");
  process.exit(2);
}
if (spawnSync("jq", ["--version"]).status !== 0) {
  process.stderr.write("error: the comparison needs jq in PATH\n");
  process.exit(2);
}

/** Completed pods older than 24 hours, by the article's rule; it reads a status.completionTime that pods do not have. */
const FILTER =
  '.items[] | select(.status.phase == "Succeeded" and (now - (.status.completionTime // .metadata.creationTimestamp | fromdateiso8601)) > 86400) | "\\(.metadata.namespace) \\(.metadata.name)"';
const NAMESPACES = 10;

const log = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const plane = await startPlane({ log });
try {
  log(`loading ${String(pods)} finished Jobs with a completed pod each`);
  const names = Array.from({ length: NAMESPACES }, (_, i) => `bench-${String(i)}`);
  for (const name of names) await must(plane, "POST", pathOf("Namespace", null), { metadata: { name } });
  const models = new Map<string, Awaited<ReturnType<typeof modelRun>>>();
  for (const name of names) models.set(name, await modelRun(plane, name));
  // The pod garbage collector would take all but 12,500 finished pods.
  await plane.stopControllers();
  for (const [name, model] of models) await seedRuns(plane, name, Math.ceil(pods / NAMESPACES), { model });

  const env = { ...process.env, KUBECONFIG: plane.adminKubeconfig };
  const contenders = {
    "kubectl cronaudit stale": `exec "${process.execPath}" bin/kubectl-cronaudit.js stale -o json`,
    "kubectl get pods | jq": `"${plane.kubectl}" get pods --all-namespaces -o json | jq -r '${FILTER}'`,
  };
  const results = new Map<string, Measured[]>();
  for (let run = 0; run < runs; run++) {
    for (const [name, command] of Object.entries(contenders)) {
      const measured = await measure(command, env);
      results.set(name, [...(results.get(name) ?? []), measured]);
      log(
        `run ${String(run + 1)}: ${name}: ${measured.seconds.toFixed(1)} s, ${measured.peakMB?.toFixed(0) ?? "?"} MB`,
      );
    }
  }
  const [ours, theirs] = [...results.values()] as [Measured[], Measured[]];
  const line = (name: string, of: Measured[]): string =>
    `${name.padEnd(26)} ${median(of.map((m) => m.seconds))
      .toFixed(1)
      .padStart(8)} s ${median(of.map((m) => m.peakMB ?? 0))
      .toFixed(0)
      .padStart(8)} MB (largest process)`;
  process.stdout.write(`${String(pods)} completed pods and their Jobs, medians of ${String(runs)}\n`);
  process.stdout.write(`${line("kubectl cronaudit stale", ours)}\n${line("kubectl get pods | jq", theirs)}\n`);
  const ratio = (pick: (m: Measured) => number): string =>
    median(ours.map((mine, i) => pick(theirs[i]!) / pick(mine))).toFixed(1);
  process.stdout.write(
    `ratio, pair by pair: ${ratio((m) => m.seconds)} times as fast, ${ratio((m) => m.peakMB ?? 1)} times less memory\n`,
  );
} finally {
  await plane.stop();
}
