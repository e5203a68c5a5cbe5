import { appendFileSync } from "node:fs";

/** Says that tests are skipped for want of something, where the run is watched and in the file that CRONAUDIT_NOT_RUN names. */
export function sayNotRun(message: string): void {
  process.stderr.write(`control plane: NOT RUN: ${message}\n`);
  const { CRONAUDIT_NOT_RUN: summary } = process.env;
  if (summary !== undefined) appendFileSync(summary, `${message}\n`);
}
