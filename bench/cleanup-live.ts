/**
 * A whole cleanup on a real API server with its controllers: completed Jobs of some CronJobs with a pod each, planned (beside
 * kubectl and jq over the same objects), and then preserved, deleted and read as gone. Each size has a control plane of its own;
 * what counts besides the figures is how memory grows. At the end kubectl deletes some Jobs more, by itself and five at once: the
 * pace of that server and machine. `npm run bench -- cleanup-live --jobs 2000,20000`
 */
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { CleanupResult } from "../src/model/cleanup.ts";
import type { JournalLine } from "../src/model/journal.ts";
import { must, pathOf } from "../test/control-plane/act.ts";
import { startPlane } from "../test/control-plane/plane.ts";
import type { ControlPlane } from "../test/control-plane/provider.ts";
import { type Model, modelRun, seedRuns } from "../test/control-plane/seed.ts";
import { type Measured, measure, median } from "./measure.ts";

const { values } = parseArgs({
  options: { jobs: { type: "string", default: "2000,20000" }, runs: { type: "string", default: "3" } },
});
const sizes = values.jobs.split(",").map(Number);
const runs = Number(values.runs);
if (!(runs > 0) || !sizes.every((size) => size > 0)) {
  process.stderr.write("error: --jobs takes numbers above zero, --runs one\n");
  process.exit(2);
}
if (spawnSync("jq", ["--version"]).status !== 0) {
  process.stderr.write("error: the comparison needs jq in PATH\n");
  process.exit(2);
}

/** Finished Jobs, by their conditions, and finished pods. */
const FILTER =
  '.items[] | select(.status.phase == "Succeeded" or .status.phase == "Failed" or any(.status.conditions[]?; (.type == "Complete" or .type == "Failed") and .status == "True")) | "\\(.kind) \\(.metadata.namespace) \\(.metadata.name)"';
const NAMESPACES = 10;
/** Jobs that kubectl deletes; it has no hurry. */
const BY_KUBECTL = 500;
/** The pod garbage collector would take finished pods by itself; the other one is to be no slower than the API server. */
const CONTROLLERS = ["--terminated-pod-gc-threshold=0", "--kube-api-qps=2000", "--kube-api-burst=2000"];

const log = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** A CronJob in each namespace, which makes no runs and keeps those that it has. */
async function fill(plane: ControlPlane, jobs: number): Promise<Map<string, Model>> {
  const names = Array.from({ length: NAMESPACES }, (_, i) => `bench-${String(i)}`);
  const models = new Map<string, Model>();
  for (const name of names) {
    await must(plane, "POST", pathOf("Namespace", null), { metadata: { name } });
    const model = await modelRun(plane, name);
    const { spec } = model.job;
    const template = { spec: spec.template.spec as unknown };
    const { metadata } = await must(plane, "POST", pathOf("CronJob", name), {
      metadata: { name: "seed" },
      spec: {
        schedule: "@hourly",
        suspend: true,
        successfulJobsHistoryLimit: 2 * jobs,
        jobTemplate: { spec: { template } },
      },
    });
    const owner = { apiVersion: "batch/v1", kind: "CronJob", name: "seed", uid: metadata.uid as string };
    model.job["metadata"].ownerReferences = [{ ...owner, controller: true, blockOwnerDeletion: true }];
    models.set(name, model);
  }
  await seed(plane, models, Math.ceil(jobs / NAMESPACES));
  return models;
}

async function seed(plane: ControlPlane, models: ReadonlyMap<string, Model>, jobs: number): Promise<void> {
  await plane.stopControllers();
  for (const [name, model] of models) await seedRuns(plane, name, jobs, { model });
  await plane.startControllers();
}

/** What a user would type instead, with no evidence, no look and no journal: Jobs a second. */
async function byKubectl(plane: ControlPlane, env: NodeJS.ProcessEnv, models: Map<string, Model>): Promise<string> {
  const [name, model] = [...models][0]!;
  const kubectl = `"${plane.kubectl}" delete -n ${name} --cascade=background --wait=false`;
  const names = `"${plane.kubectl}" get jobs -n ${name} -o name`;
  const paces: number[] = [];
  for (const command of [`${names} | xargs -n 1000 ${kubectl}`, `${names} | xargs -n 25 -P 5 ${kubectl}`]) {
    await seed(plane, new Map([[name, model]]), BY_KUBECTL);
    paces.push(BY_KUBECTL / (await measure(command, env)).seconds);
  }
  const [one = 0, five = 0] = paces;
  return `kubectl delete ${one.toFixed(0)} Jobs a second, five of it at once ${five.toFixed(0)}`;
}

async function planned(plane: ControlPlane, env: NodeJS.ProcessEnv): Promise<string> {
  const ours: Measured[] = [];
  const theirs: Measured[] = [];
  for (let run = 0; run < runs; run++) {
    ours.push(await measure(`exec "${process.execPath}" bin/kubectl-cronaudit.js cleanup -A -o json`, env));
    theirs.push(await measure(`"${plane.kubectl}" get jobs,pods -A -o json | jq -r '${FILTER}'`, env));
  }
  const seconds = (of: Measured[]): string => median(of.map((one) => one.seconds)).toFixed(1);
  const memory = (of: Measured[]): string => median(of.map((one) => one.peakMB ?? 0)).toFixed(0);
  const ratio = median(ours.map((mine, i) => theirs[i]!.seconds / mine.seconds)).toFixed(2);
  return `plan ${seconds(ours)} s, ${memory(ours)} MB; kubectl | jq ${seconds(theirs)} s, ${memory(theirs)} MB: ${ratio} times as fast`;
}

/** One cleanup, its stages by the times of its journal. */
async function deleted(env: NodeJS.ProcessEnv): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "cronaudit-bench-"));
  try {
    const file = (name: string): string => join(folder, name);
    const flags = `--yes --max-deletions 1000000 --max-percent 100 --evidence "${file("case.evidence")}" -o json`;
    const all = await measure(
      `exec "${process.execPath}" bin/kubectl-cronaudit.js cleanup -A ${flags} > "${file("result")}"`,
      env,
    );
    const { summary } = JSON.parse(await readFile(file("result"), "utf8")) as CleanupResult;
    const times = new Map<JournalLine["step"], { first: number; last: number; count: number }>();
    for (const text of (await readFile(file("case.journal"), "utf8")).split("\n")) {
      if (text === "") continue;
      const { step, at } = JSON.parse(text) as JournalLine;
      const time = Date.parse(at);
      const seen = times.get(step) ?? { first: time, last: time, count: 0 };
      times.set(step, { ...seen, last: time, count: seen.count + 1 });
    }
    const between = (from: JournalLine["step"], to: JournalLine["step"]): number =>
      ((times.get(to)?.last ?? 0) - (times.get(from)?.first ?? 0)) / 1000;
    const deleting = between("intent", "outcome");
    const [from, to] = [times.get("intent")!.first, times.get("outcome")!.last];
    // What it held in the seconds around the beginning, the middle and the end of the deletion.
    const held = [from, (from + to) / 2, to].map((moment) =>
      median(all.resident.filter(({ at }) => Math.abs(at - moment) < (to - from) / 10).map(({ MB }) => MB)),
    );
    const went = summary.byOutcome.gone;
    return [
      `cleanup ${all.seconds.toFixed(1)} s, ${all.peakMB?.toFixed(0) ?? "?"} MB: ${String(went)} of ${String(summary.chosen)} gone, with ${String(summary.dependentsGone)} others`,
      `evidence ${between("begin", "evidence").toFixed(1)} s, deletion ${deleting.toFixed(1)} s (${(went / deleting).toFixed(0)} a second), reads ${((times.get("end")!.last - times.get("outcome")!.last) / 1000).toFixed(1)} s`,
      `memory while it deletes: ${held.map((MB) => MB.toFixed(0)).join(", ")} MB at the beginning, in the middle, at the end`,
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

for (const size of sizes) {
  const plane = await startPlane({ log, controllers: CONTROLLERS });
  try {
    log(`loading ${String(size)} finished Jobs with a completed pod each`);
    const models = await fill(plane, size);
    const env = { ...process.env, KUBECONFIG: plane.adminKubeconfig };
    const name = `${String(size)} Jobs:`;
    process.stdout.write(`${name} ${await planned(plane, env)}\n`);
    for (const line of await deleted(env)) process.stdout.write(`${name} ${line}\n`);
    process.stdout.write(`${name} ${await byKubectl(plane, env, models)}\n`);
  } finally {
    await plane.stop();
  }
}
