import type { StaleReport, TriageItem } from "../../model/report.ts";
import { about, named, plural } from "./line.ts";

/** One line for each image reference of which the retained runs of a workload ran several images. */
export function imageLines({ summary }: StaleReport): TriageItem[] {
  return summary.imageChanges.map((change) => ({
    id: `image/${change.workload.uid ?? change.workload.name}/${change.container}`,
    severity: "medium",
    what: `Image ${change.image} changed between runs, ${plural(change.digests.length, "digest")}`,
    ...named([change.workload, ...change.digests.map(({ firstRun }) => firstRun)]),
    since: change.changedAt,
    sinceIsBound: false,
    until: null,
    untilIsBound: false,
    untilAssumes: null,
    untilBecause: "past",
    untilWhy: `${change.firstToDiffer.name} is the first run that differs`,
    readers: null,
    next: about("stale", change.workload),
  }));
}
