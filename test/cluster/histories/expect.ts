import { indexOwners } from "../../../src/batch/owners.ts";
import { retention } from "../../../src/batch/retention.ts";
import type { Retention } from "../../../src/model/report.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import type { Job, Pod } from "../../../src/model/workload.ts";
import type { Ending } from "./draw.ts";

/** What is said of one Job or pod, and the Job that it goes with. */
export interface Said {
  object: Job | Pod;
  job: Job | null;
  judged: Retention;
}

/** What is said of all Jobs and pods of a namespace. */
export function saidOf(snapshot: Snapshot, namespace: string): Said[] {
  const owners = indexOwners(snapshot);
  return [...snapshot.jobs, ...snapshot.pods]
    .filter(({ meta }) => meta.namespace === namespace)
    .map((object) => ({
      object,
      job: object.kind === "Job" ? object : owners.jobOf(object),
      judged: retention(object, owners),
    }));
}

/** Whether it is said to go without anything having to happen first. */
export function isDue({ judged }: Said, snapshot: Snapshot): boolean {
  if (judged.deletesAt === null || judged.assumes !== null) return false;
  return Date.parse(judged.deletesAt) <= Date.parse(snapshot.metadata.takenAt);
}

/** What it is said to take, as the report words it. `outcome` null: either. `self`: its own end is one of the runs. */
export type Need =
  { what: "sync" | "replacement" | "race" } | { what: "runs"; outcome: Ending | null; runs: number; self: boolean };

const ASSUMES =
  /^(?:(?<self>it)|(?:the (?:(?<many>\d+) )?runs? under way)|(?:the next (?:(?<next>\d+) )?runs?)|, | and )+ (?<verb>succeeds?|fails?)$/;

/** Null where it is said to stay, as long as nobody changes anything. */
export function needOf({ judged, job }: Said): Need | null {
  const { governedBy, deletesAt, assumes, afterRuns } = judged;
  if (governedBy === "none" && afterRuns !== null) {
    // It says itself that this takes a change: the CronJob is suspended.
    const outcome = job?.conditions.some(({ type, status }) => type === "Failed" && status === "True");
    return { what: "runs", outcome: outcome === true ? "Failed" : "Complete", runs: afterRuns, self: false };
  }
  if (deletesAt === null || governedBy === "ttl") return null;
  if (assumes === null) return { what: "sync" };
  if (isRaced(judged)) return { what: "race" };
  if (assumes === "it still runs then") return { what: "replacement" };
  if (assumes === "it ends") return { what: "runs", outcome: null, runs: 1, self: true };
  if (!ASSUMES.test(assumes)) throw new Error(`what is assumed is not understood: ${assumes}`);
  const number = (pattern: RegExp): number => {
    const found = pattern.exec(assumes);
    return found === null ? 0 : Number(found[1] ?? 1);
  };
  const self = assumes.startsWith("it");
  const runs = number(/the (?:(\d+) )?runs? under way/) + number(/the next (?:(\d+) )?runs?/) + Number(self);
  return { what: "runs", outcome: / fails?$/.test(assumes) ? "Failed" : "Complete", runs, self };
}

/** It says itself that two controllers race for it. */
export function isRaced({ assumes }: Retention): boolean {
  return assumes?.startsWith("the CronJob's next sync comes before ") ?? false;
}
