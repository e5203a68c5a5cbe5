import { writeFileSync, existsSync, rmSync } from "node:fs";
import { must, pathOf } from "./test/control-plane/act.ts";
import { startPlane } from "./test/control-plane/plane.ts";
import { modelRun, seedRuns } from "./test/control-plane/seed.ts";
const [jobs, out] = [Number(process.argv[2]), process.argv[3]!];
const CONTROLLERS = ["--terminated-pod-gc-threshold=0", "--kube-api-qps=2000", "--kube-api-burst=2000"];
const plane = await startPlane({ log: console.error, controllers: CONTROLLERS });
const NS = 10;
const models = new Map<string, any>();
for (let i = 0; i < NS; i++) {
  const name = `bench-${i}`;
  await must(plane, "POST", pathOf("Namespace", null), { metadata: { name } });
  const model = await modelRun(plane, name);
  const { metadata } = await must(plane, "POST", pathOf("CronJob", name), { metadata: { name: "seed" }, spec: { schedule: "@hourly", suspend: true, successfulJobsHistoryLimit: 2 * jobs, jobTemplate: { spec: { template: { spec: model.job.spec.template.spec } } } } });
  model.job["metadata"].ownerReferences = [{ apiVersion: "batch/v1", kind: "CronJob", name: "seed", uid: metadata.uid, controller: true, blockOwnerDeletion: true }];
  models.set(name, model);
}
const fill = async (names: string[]) => {
  await plane.stopControllers();
  for (const name of names) await seedRuns(plane, name, Math.ceil(jobs / NS), { model: models.get(name), prefix: "s" + Date.now().toString(36) });
  await plane.startControllers();
};
await fill([...models.keys()]);
writeFileSync(out, JSON.stringify({ kubeconfig: plane.adminKubeconfig, kubectl: plane.kubectl, pid: process.pid }));
console.error("ready", plane.adminKubeconfig, plane.kubectl);
// refill on demand: file OUT.refill holds names
for (;;) {
  await new Promise((r) => setTimeout(r, 500));
  if (existsSync(out + ".stop")) { await plane.stop(); process.exit(0); }
  if (existsSync(out + ".refill")) {
    const { readFileSync } = await import("node:fs");
    const names = readFileSync(out + ".refill", "utf8").split(/\s+/).filter(Boolean);
    await fill(names);
    rmSync(out + ".refill");
    console.error("refilled", names);
  }
}
