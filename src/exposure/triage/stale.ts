import { withoutPodsOfListedJobs } from "../../batch/goes-away.ts";
import type { GoesAway, StaleItem, StaleReport, StaleState, TriageItem } from "../../model/report.ts";
import { earlier, later } from "../windows.ts";
import { assumed, named, plural, within } from "./line.ts";

const SHOWN: readonly StaleState[] = ["hung", "orphaned", "stuck-deleting", "failed"];

/** A line for what went wrong, and one for what finished and has no known end. Pods count with their Job. */
export function staleLines(report: StaleReport): TriageItem[] {
  const items = withoutPodsOfListedJobs(report.items);
  const wrong = items.filter(({ state }) => SHOWN.includes(state));
  const lingering = items.filter(({ state, retention }) => state === "completed" && retention.governedBy === "none");
  const parts = SHOWN.flatMap((state) => {
    const inState = wrong.filter((item) => item.state === state);
    return inState.length === 0 ? [] : [`${countObjects(inState)} ${state}`];
  });
  return [
    ...staleLine("stale", parts.join(", "), wrong),
    ...staleLine("lingering", `${countObjects(lingering)} completed and lingering`, lingering),
  ];
}

function staleLine(id: string, what: string, items: readonly StaleItem[]): TriageItem[] {
  if (items.length === 0) return [];
  const objects = items.map(({ object }) => object);
  const dates = items.map(({ retention }) => retention.deletesAt);
  const reasons = new Set(items.map(({ retention }) => retention.why));
  return [
    {
      id,
      severity: "low",
      what,
      ...named(objects),
      since: items.map(({ startedAt, finishedAt }) => finishedAt ?? startedAt).reduce(earlier, null),
      sinceIsBound: false,
      until: dates.includes(null) ? null : dates.reduce(later),
      untilIsBound: !dates.includes(null) && items.some(({ retention }) => retention.isBound),
      untilAssumes: assumed(items.map(({ retention: { deletesAt, assumes } }) => ({ at: deletesAt, assumes }))),
      untilBecause: items.every(({ retention }) => retention.governedBy === "none") ? "never" : "various",
      untilWhy: reasons.size === 1 ? [...reasons][0]! : "each in its own way",
      readers: null,
      next: within("stale", objects),
    },
  ];
}

/** What will be gone within the hour, with how many credentials go with it, those in its pods too. */
export function goesAwaySoon({ summary }: StaleReport, carries: (uid: string | null) => number): GoesAway[] {
  return summary.goesAwaySoon.map((one) => ({ ...one, carries: carries(one.object.uid) }));
}

function countObjects(items: readonly StaleItem[]): string {
  const jobs = items.filter(({ object }) => object.kind === "Job").length;
  const pods = items.length - jobs;
  return [jobs > 0 ? plural(jobs, "job") : "", pods > 0 ? plural(pods, "pod") : ""]
    .filter((text) => text !== "")
    .join(" and ");
}
