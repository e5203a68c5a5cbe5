/**
 * How soon the program answers what needs no cluster, beside kubectl: the executable of a release, and the clone. All run
 * in turn, and what counts is the ratio, pair by pair. `npm run bench -- start-up --runs 15`
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { buildControlPlane } from "../test/control-plane/build.ts";
import { here, unpacked } from "../test/release/built.ts";
import { median } from "./measure.ts";

const { values } = parseArgs({ options: { runs: { type: "string", default: "15" } } });
const runs = Number(values.runs);
if (!(runs > 0)) {
  process.stderr.write("error: --runs takes a number above zero\n");
  process.exit(2);
}
if (here === undefined) {
  process.stderr.write("error: a release has no executable for this platform\n");
  process.exit(2);
}

const log = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
const execute = promisify(execFile);

/** Wall and processor seconds of one run, by bash's `time`, which asks the system once the program has ended. */
async function timed(command: string[]): Promise<{ wall: number; processor: number }> {
  const script = 'TIMEFORMAT="%R %U %S"; time "$@" >/dev/null';
  const { stderr } = await execute("bash", ["-c", script, "bash", ...command]);
  const [wall = NaN, user = NaN, system = NaN] = stderr.trim().split(" ").map(Number);
  if (Number.isNaN(wall + user + system)) throw new Error(`${command.join(" ")} wrote more than a time: ${stderr}`);
  return { wall, processor: user + system };
}

const folder = await mkdtemp(join(tmpdir(), "cronaudit-start-up-"));
try {
  const { kubectl } = await buildControlPlane({ log });
  log("making a release, where there is none of these sources");
  const program = await unpacked(folder);
  const clone = [process.execPath, "bin/kubectl-cronaudit.js"];
  const contenders: Record<string, string[]> = {
    "kubectl version --client": [kubectl, "version", "--client"],
    "node -e 0": [process.execPath, "-e", "0"],
    "executable --help": [program, "--help"],
    "executable version": [program, "version"],
    "executable completion bash": [program, "completion", "bash"],
    "clone --help": [...clone, "--help"],
    "clone version": [...clone, "version"],
    "clone completion bash": [...clone, "completion", "bash"],
  };
  const results = new Map<string, { wall: number; processor: number }[]>();
  // The first round fills the caches of the disk and of the clone's modules, and is not counted.
  for (let run = -1; run < runs; run++) {
    for (const [name, command] of Object.entries(contenders)) {
      const measured = await timed(command);
      if (run >= 0) results.set(name, [...(results.get(name) ?? []), measured]);
    }
  }
  const [theirs] = [...results.values()];
  process.stdout.write(`medians of ${String(runs)} runs in turn; the ratio is to kubectl's run of the same round\n`);
  process.stdout.write(`${"".padEnd(28)}      wall  ratio  processor  ratio\n`);
  for (const [name, own] of results) {
    const ms = (pick: "wall" | "processor"): string => (1000 * median(own.map((one) => one[pick]))).toFixed(0);
    const ratio = (pick: "wall" | "processor"): string =>
      median(own.map((one, at) => one[pick] / theirs![at]![pick])).toFixed(2);
    process.stdout.write(
      `${name.padEnd(28)} ${ms("wall").padStart(6)} ms ${ratio("wall").padStart(6)} ${ms("processor").padStart(7)} ms ${ratio("processor").padStart(6)}\n`,
    );
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
