/** The main job on a fresh machine: the triage of a cluster that was recorded to a file. `--live` starts the playground instead. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const recorded = "examples/threat-model.jsonl";
if (process.argv.includes("--live")) {
  const { status } = spawnSync(process.execPath, ["scripts/playground.ts", "--triage"], { stdio: "inherit" });
  process.exit(status ?? 130);
}
if (!existsSync(recorded)) {
  process.stderr.write(`error: ${recorded} is missing. Run this from the repository's root, in a complete clone.\n`);
  process.exit(2);
}
const { status } = spawnSync(process.execPath, ["bin/kubectl-cronaudit.js", "-f", recorded], { stdio: "inherit" });
// Nothing to suggest after a program that failed; null is one that a signal ended.
if (status !== 0) process.exit(status ?? 130);
process.stdout.write(`
That was a recorded cluster: ${recorded}. Ask it more:
  npx kubectl-cronaudit exposure -f ${recorded}
  npx kubectl-cronaudit exposure --timeline -f ${recorded}
  npx kubectl-cronaudit access -f ${recorded}
  npx kubectl-cronaudit stale -f ${recorded}
  npx kubectl-cronaudit replay -f ${recorded}
The same on your own cluster, read-only, with the context kubectl uses:
  npx kubectl-cronaudit
`);
