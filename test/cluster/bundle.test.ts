import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { StaleReport } from "../../src/model/report.ts";
import { useCluster } from "../control-plane/test.ts";
import { finishedJob } from "../control-plane/time.ts";
import { must, pathOf } from "../control-plane/act.ts";

const run = promisify(execFile);
const cluster = useCluster({ needs: ["fake-node"] });
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cronaudit-bundle-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("the bundle that a release ships connects and reports as the sources do", async () => {
  const { plane, namespace } = cluster;
  const spec = {
    restartPolicy: "Never",
    nodeName: "rig-0",
    containers: [{ name: "main", image: "registry.example.com/a:1" }],
  };
  await must(plane, "POST", pathOf("Job", namespace), { metadata: { name: "once" }, spec: { template: { spec } } });
  await finishedJob(plane, namespace, "once");

  await run(process.execPath, ["scripts/build.ts", join(folder, "dist")]);
  mkdirSync(join(folder, "bin"));
  copyFileSync("bin/kubectl-cronaudit.js", join(folder, "bin/kubectl-cronaudit.js"));
  const items = async (program: string): Promise<unknown> => {
    const args = [program, "stale", "-n", namespace, "-o", "json", "--kubeconfig", plane.adminKubeconfig];
    const { stdout } = await run(process.execPath, args);
    return (JSON.parse(stdout) as StaleReport).items.map((item) => ({ ...item, ageSeconds: null }));
  };
  const bundled = await items(join(folder, "bin/kubectl-cronaudit.js"));
  expect(bundled).toHaveLength(2);
  expect(bundled).toEqual(await items("bin/kubectl-cronaudit.js"));
});
