import { instant } from "../../batch/time.ts";
import type { GoesAway, StaleItem, StaleReport, StaleState, TriageItem } from "../../model/report.ts";
import { earlier, later } from "../windows.ts";
import { assumed, named, plural, within } from "./line.ts";

const SHOWN: readonly StaleState[] = ["hung", "orphaned", "stuck-deleting", "failed"];
const HOUR = 3_600_000;

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

/** Jobs, and pods without a Job among them, that will be gone within the hour, soonest first. */
export function goesAwaySoon(report: StaleReport, now: number, carries: (uid: string | null) => number): GoesAway[] {
  return withoutPodsOfListedJobs(report.items)
    .flatMap(({ object, retention }) => {
      const at = instant(retention.deletesAt);
      if (at === null || retention.deletesAt === null || retention.overdueSeconds !== null || at > now + HOUR)
        return [];
      const { deletesAt, isBound, assumes, why } = retention;
      return [{ object, deletesAt, isBound, assumes, why, carries: carries(object.uid) }];
    })
    .sort((a, b) => (instant(a.deletesAt) ?? 0) - (instant(b.deletesAt) ?? 0));
}

function withoutPodsOfListedJobs(items: readonly StaleItem[]): StaleItem[] {
  const jobs = new Set(items.filter(({ object }) => object.kind === "Job").map(({ object }) => object.uid));
  return items.filter(({ object, owner }) => object.kind === "Job" || owner === null || !jobs.has(owner.uid));
}

function countObjects(items: readonly StaleItem[]): string {
  const jobs = items.filter(({ object }) => object.kind === "Job").length;
  const pods = items.length - jobs;
  return [jobs > 0 ? plural(jobs, "job") : "", pods > 0 ? plural(pods, "pod") : ""]
    .filter((text) => text !== "")
    .join(" and ");
}
