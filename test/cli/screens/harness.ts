/**
 * What the tests run on a pseudo-terminal: the list over a plan in a file, then the confirmation, then a line that stands for the
 * deletion. `harness.ts PLAN`
 */
import { readFileSync } from "node:fs";
import { Interrupted } from "../../../src/cli/errors.ts";
import type { Io } from "../../../src/cli/io.ts";
import { chooseItems } from "../../../src/cli/choose/index.ts";
import { confirmTyped } from "../../../src/cli/choose/confirm.ts";
import type { CleanupPlan } from "../../../src/model/cleanup.ts";
import { safe } from "../../../src/output/text.ts";
import { wantsColor } from "../../../src/output/color.ts";

const plan = JSON.parse(readFileSync(process.argv[2]!, "utf8")) as CleanupPlan;
const interrupt = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => interrupt.abort());
const io = {
  env: process.env,
  stdin: process.stdin,
  stderr: process.stderr,
  signal: interrupt.signal,
} as unknown as Io;

try {
  const chosen = await chooseItems(io, {
    plan,
    tally: (uids) => ({
      exposures: uids.size + 1,
      exposuresClosed: uids.size,
      tokens: uids.size,
      savesHours: null,
      savesHoursAMonth: uids.size * 720,
    }),
    color: wantsColor("auto", true, process.env),
  });
  if (chosen === null) process.stdout.write("left\n");
  else {
    const names = plan.items.filter(({ object }) => chosen.has(object.uid!)).map(({ object }) => safe(object.name));
    process.stdout.write(`chosen: ${names.slice(0, 5).join(" ")} (${String(names.length)})\n`);
    const sure = await confirmTyped(io, String(names.length), [
      "They would be deleted.",
      "Not ended: what was copied.",
    ]);
    process.stdout.write(sure ? "deleted\n" : "not confirmed\n");
  }
} catch (error) {
  if (!(error instanceof Interrupted)) throw error;
  process.stdout.write("interrupted\n");
  process.exitCode = 130;
}
