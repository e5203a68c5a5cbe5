/** Records the evidence that the repository ships under examples/: the cast on a real control plane, as admin and as a developer. */
import { spawnSync } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { loadCast, loadDeveloperView } from "../test/control-plane/cast/index.ts";
import { startPlane } from "../test/control-plane/plane.ts";

const log = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

function capture(kubeconfig: string, file: string): void {
  const args = ["bin/kubectl-cronaudit.js", "snapshot", file, "--plain", "--force"];
  const { status } = spawnSync(process.execPath, args, {
    stdio: "inherit",
    env: { ...process.env, KUBECONFIG: kubeconfig },
  });
  // 3: the developer's view is incomplete, which is its point.
  if (status !== 0 && status !== 3) throw new Error(`snapshot to ${file} ended with status ${String(status)}`);
}

await mkdir("examples", { recursive: true });
const plane = await startPlane({ log });
try {
  await loadCast(plane, log);
  capture(plane.adminKubeconfig, "examples/threat-model.jsonl");
  const developer = await loadDeveloperView(plane);
  capture(developer.kubeconfig, "examples/developer.jsonl");
} finally {
  await plane.stop();
}
