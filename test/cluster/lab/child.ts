/**
 * One lab, or one cleanup after it, in a process of its own, which ends when it has reached a step for the nth time. Standard input
 * has JSON: `argv`, `step` and `nth` (step null: no end), and `signal`.
 */
import { text } from "node:stream/consumers";
import type { Io } from "../../../src/cli/io.ts";
import { failureLines } from "../../../src/cli/failure.ts";
import { parse } from "../../../src/cli/parse.ts";
import { commands } from "../../../src/commands/index.ts";
import { replayCleanup } from "../../../src/commands/replay-cleanup.ts";
import { LAB_EFFECTS } from "../../../src/commands/replay-lab-effects.ts";
import { replayLab } from "../../../src/commands/replay-lab.ts";
import type { Actor, Lab, Stage } from "../../../src/scenarios/lab/stage.ts";
import { stubLabs } from "./stub.ts";

const given = JSON.parse(await text(process.stdin)) as {
  argv: string[];
  step: string | null;
  nth: number;
  signal: "SIGKILL" | "SIGINT";
};
const counts = new Map<string, number>();
const interrupt = new AbortController();
process.on("SIGINT", () => interrupt.abort());

async function reached(step: string): Promise<void> {
  const count = (counts.get(step) ?? 0) + 1;
  counts.set(step, count);
  if (step !== given.step || count !== given.nth) return;
  process.kill(process.pid, given.signal);
  // SIGKILL lets nothing more run; after SIGINT the program goes on, once it has noticed.
  await new Promise((resolve) => (given.signal === "SIGINT" ? setTimeout(resolve, 50) : undefined));
}

/** The stub, whose attack reaches `asked` with each answer that its adversary gets. */
const labs: typeof stubLabs = { ...stubLabs, "completed-pod": watched(stubLabs["completed-pod"]) };

function watched(lab: Lab): Lab {
  const actAs = (stage: Stage): Stage["actAs"] =>
    async function (...who) {
      const actor = await stage.actAs(...who);
      const request: Actor["request"] = async (...asked) => {
        const answer = await actor.request(...asked);
        await reached("asked");
        return answer;
      };
      return { user: actor.user, request, close: () => actor.close() };
    };
  return { ...lab, attack: (stage, twin) => lab.attack({ ...stage, actAs: actAs(stage) }, twin) };
}

const io: Io = {
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  now: () => new Date(),
  cwd: process.cwd(),
  version: "0.0.0-test",
  runtime: { node: process.versions.node, platform: process.platform, tzdata: "", timeZone: "UTC" },
  startedAs: "kubectl-cronaudit",
  signal: interrupt.signal,
  processes: { own: process.pid, isAlive: (pid) => pid === process.pid },
};
const { options, words } = await parse(["replay", ...given.argv], commands);
const context = { options, words, io, program: "kubectl cronaudit" };
const effects = { ...LAB_EFFECTS, labs: () => Promise.resolve(labs), reached };
try {
  process.exitCode = await (words[0] === "cleanup" ? replayCleanup(context, effects) : replayLab(context, effects));
} catch (error) {
  for (const line of failureLines(error, "kubectl cronaudit")) process.stderr.write(`${line}\n`);
  process.exitCode = interrupt.signal.aborted ? 130 : 2;
}
