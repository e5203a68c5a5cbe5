import { duration } from "../../batch/durations.ts";
import { instant } from "../../batch/time.ts";
import type { CredentialHistory } from "../../model/replay-report.ts";

const DAY = 86_400;

/** From the first run to the last one that any of them tells of, in seconds. */
export function spanOf(histories: readonly CredentialHistory[]): number {
  const from = Math.min(...histories.map((one) => instant(one.from) ?? Infinity));
  const to = Math.max(...histories.map((one) => instant(one.to) ?? -Infinity));
  return Math.max(0, (to - from) / 1000);
}

/** `3 weeks`, `5 days`, `1h30m`; `one run` where only one tells of it. */
export function spanInWords(seconds: number): string {
  const days = Math.floor(seconds / DAY);
  if (days >= 14) return `${String(Math.floor(days / 7))} weeks`;
  if (days >= 2) return `${String(days)} days`;
  return seconds === 0 ? "one run" : duration(seconds);
}
