/**
 * The whole line again and again: a new control plane, the cast, every report, and nothing left behind.
 * `npm run soak -- --rounds 20`
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { loadCast } from "../test/control-plane/cast/index.ts";
import { startPlane } from "../test/control-plane/plane.ts";
import { planeProcesses } from "../test/control-plane/processes.ts";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "10" } } });
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  process.stderr.write("error: --rounds takes a whole number from 1\n");
  process.exit(2);
}

/** How many items a report has; throws when the program fails. */
function findings(kubeconfig: string, verb: string[]): number {
  const program = ["bin/kubectl-cronaudit.js", ...verb, "-o", "json"];
  const env = { ...process.env, KUBECONFIG: kubeconfig };
  const { status, stdout, stderr } = spawnSync(process.execPath, program, {
    env,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`${verb.join(" ")} ended with status ${String(status)}: ${stderr}`);
  return (JSON.parse(stdout) as { items: unknown[] }).items.length;
}

const seen = new Set<string>();
for (let round = 1; round <= rounds; round++) {
  const started = performance.now();
  const plane = await startPlane();
  let counts: string;
  try {
    await loadCast(plane);
    counts = [[], ["exposure"], ["stale"], ["access"]].map((verb) => findings(plane.adminKubeconfig, verb)).join(" ");
  } finally {
    await plane.stop();
  }
  seen.add(counts);
  const left = planeProcesses(plane.directory).length + Number(existsSync(plane.directory));
  const memory = Math.round(process.memoryUsage().rss / 1024 / 1024);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(
    `round ${String(round)}: items ${counts}; ${seconds} s, ${String(memory)} MB, ${String(left)} left behind\n`,
  );
  if (left > 0) throw new Error(`${plane.directory} or its processes are still there`);
}
process.stdout.write(`${String(rounds)} rounds, ${String(seen.size)} different counts of items\n`);
process.exitCode = seen.size === 1 ? 0 : 1;
