import type { AccessReport, Report, ReplayItem, Severity, StaleItem, WorkloadReplay } from "../../model/report.ts";
import { resourceName, subjectName } from "../formats/name.ts";
import { count } from "../text.ts";
import { carrier, exposure, reader, triage } from "./credentials.ts";
import { mostPlaces, type Finding } from "./finding.ts";

const staleSeverity: Record<StaleItem["state"], Severity> = {
  completed: "info",
  failed: "low",
  hung: "low",
  orphaned: "low",
  suspended: "info",
  "stuck-deleting": "low",
};

/** What a report found, one at a time; nothing for reports that find nothing by themselves. */
export function* findingsOf(report: Report): Generator<Finding> {
  switch (report.kind) {
    case "TriageReport":
      for (const item of report.items) yield triage(item, report.complete);
      return;
    case "ExposureReport":
      for (const item of report.items) yield exposure(item, report.complete);
      return;
    case "CarrierReport":
      for (const item of report.items) yield carrier(item, report.complete);
      return;
    case "ReaderReport":
      for (const item of report.items) yield reader(item);
      return;
    case "StaleReport":
      for (const item of report.items) yield stale(item);
      return;
    case "AccessReport":
      yield* access(report.items);
      return;
    case "ReplayReport":
      for (const item of report.items) yield* replay(item);
      return;
    case "CleanupPlan":
    case "CleanupResult":
    case "HoldReport":
  }
}

function stale(item: StaleItem): Finding {
  const { object, state, because, retention } = item;
  return {
    topic: state,
    // What lingers without an end is as much of a finding as what went wrong.
    severity: state === "completed" && retention.governedBy === "none" ? "low" : staleSeverity[state],
    identity: `stale/${state}/${object.uid ?? `${object.namespace ?? ""}/${resourceName(object)}`}`,
    message: `${resourceName(object)} is ${state}: ${because}${retention.why === because ? "" : `. ${retention.why}`}`,
    places: [{ object, path: null }],
    more: 0,
    facts: { finishedAt: item.finishedAt, ageSeconds: item.ageSeconds, retention, credentials: item.credentials },
  };
}

/** Accounts that read more than Secrets one by one; who reads what it names is no finding by itself. */
function* access(items: AccessReport["items"]): Generator<Finding> {
  for (const { subject, reach, reachIsBound, usedBy } of items) {
    if (!reach.cluster && reach.namespaces.length === 0) continue;
    const what = reach.cluster ? "every Secret" : `every Secret of ${count(reach.namespaces.length, "namespace")}`;
    const where = subject.namespace === null ? "" : ` in ${subject.namespace}`;
    yield {
      topic: "account-reach",
      severity: reach.cluster ? "critical" : "high",
      identity: `account/${subject.namespace ?? ""}/${subjectName(subject)}`,
      message: `${subjectName(subject)}${where} reads ${reachIsBound ? "at least " : ""}${what}`,
      places: [
        { object: subject, path: null },
        ...usedBy.slice(0, mostPlaces).map((object) => ({ object, path: null })),
      ],
      more: Math.max(0, usedBy.length - mostPlaces),
      facts: { reachIsBound, namespaces: reach.namespaces },
    };
  }
}

/** What succeeds, and what cannot be told; what is blocked is none. */
function* replay({ id, name, attack, live }: ReplayItem): Generator<Finding> {
  for (const one of live?.workloads ?? []) {
    if (one.outcome !== "succeeds" && one.outcome !== "inconclusive") continue;
    const isOpen = one.outcome === "inconclusive";
    const { workload } = one;
    yield {
      topic: id,
      severity: isOpen ? "info" : "high",
      identity: `${id}/${workload.uid ?? `${workload.namespace ?? ""}/${resourceName(workload)}`}`,
      message: `${name} on ${resourceName(workload)} ${isOpen ? "is inconclusive" : "succeeds"}: ${one.because}. ${howTo(one)}`,
      places: [{ object: workload, path: null }],
      more: 0,
      ...(isOpen ? { open: true as const } : {}),
      facts: {
        outcome: one.outcome,
        attack,
        missing: one.missing,
        wouldBlock: one.wouldBlock.map((control) => control.id),
      },
    };
  }
}

function howTo({ wouldBlock, missing }: WorkloadReplay): string {
  if (missing.length > 0) return `Missing: ${missing.join(", ")}`;
  const [control] = wouldBlock;
  return control === undefined ? "" : `What would block it: ${control.what}`;
}
