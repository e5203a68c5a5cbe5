import type { Job } from "../model/workload.ts";
import { jobFinishedAt, jobOutcome, type Outcome } from "./finish.ts";
import { instant } from "./time.ts";

/** Seconds from a finished Job's startTime to its end; null for another outcome, or where its times are missing or turned round. */
export function runSeconds(job: Job, outcome: Outcome): number | null {
  if (jobOutcome(job) !== outcome) return null;
  const finished = outcome === "complete" ? (job.completionTime ?? jobFinishedAt(job)) : jobFinishedAt(job);
  const [start, end] = [instant(job.startTime), instant(finished)];
  return start === null || end === null || end < start ? null : (end - start) / 1000;
}

/** The median, in seconds, of what the Jobs with this outcome took; null without one. How fast a run fails says nothing of the others. */
export function medianSeconds(jobs: readonly Job[], outcome: Outcome): number | null {
  const values = jobs.map((job) => runSeconds(job, outcome)).filter((one) => one !== null);
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** `6h12m`, `45s`: the two largest units, cut off. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const units: [number, string][] = [
    [Math.floor(whole / 86_400), "d"],
    [Math.floor(whole / 3600) % 24, "h"],
    [Math.floor(whole / 60) % 60, "m"],
    [whole % 60, "s"],
  ];
  const from = units.findIndex(([count]) => count > 0);
  if (from === -1) return "0s";
  return units
    .slice(from, from + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${String(count)}${unit}`)
    .join("");
}
