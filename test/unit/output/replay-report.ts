import type {
  AdversaryId,
  LabPair,
  LabTwin,
  LiveOutcome,
  ReplayFacts,
  ReplayItem,
  ReplayReport,
  WorkloadReplay,
} from "../../../src/model/report.ts";
import type { ObjectRef } from "../../../src/model/object.ts";
import type { ViewOptions } from "../../../src/output/view.ts";

export const NOW = "2026-11-22T12:00:00Z";

export const options: ViewOptions = {
  ...{ width: 100, color: false, headers: true, details: false, live: true, wide: false },
  program: "kubectl cronaudit",
  command: (args) => `kubectl cronaudit ${args} --context prod`,
};

export function ref(kind: string, name: string): ObjectRef {
  return { kind, namespace: "database", name, uid: `uid-${name}` };
}

const NOTHING: ReplayFacts = { kind: "stale-accumulation", histories: [], retained: 0 };

/** One workload, on which an adversary fares like this. */
export function replayOf(name: string, outcome: LiveOutcome, more: Partial<WorkloadReplay> = {}): WorkloadReplay {
  return {
    ...{ workload: ref("CronJob", name), outcome, because: "because of it" },
    ...{ blockedBy: [], missing: [], path: [], wouldBlock: [], facts: NOTHING },
    ...more,
  };
}

export function itemOf(number: number, workloads: WorkloadReplay[] | null, lab: LabPair | null = null): ReplayItem {
  const count = (outcome: LiveOutcome): number => workloads?.filter((one) => one.outcome === outcome).length ?? 0;
  const byOutcome = {
    ...{ succeeds: count("succeeds"), inconclusive: count("inconclusive") },
    ...{ blocked: count("blocked"), "not-applicable": count("not-applicable") },
  };
  const outcome = workloads?.[0]?.outcome ?? "not-applicable";
  return {
    number,
    id: "completed-pod" satisfies AdversaryId,
    name: `adversary ${String(number)}`,
    attack: ["T1552.007"],
    matrix: ["MS-TA9027"],
    live: workloads === null ? null : { outcome, because: "3 of them", byOutcome, workloads },
    lab,
  };
}

export function reportOf(items: ReplayItem[], summary: Partial<ReplayReport["summary"]> = {}): ReplayReport {
  const workloads = new Set(items.flatMap(({ live }) => live?.workloads.map(({ workload }) => workload.name) ?? []));
  const byOutcome = { succeeds: 0, blocked: 0, inconclusive: 0, "not-applicable": 0 };
  for (const { live } of items) for (const { outcome } of live?.workloads ?? []) byOutcome[outcome]++;
  return {
    ...{ apiVersion: "cronaudit/v1", kind: "ReplayReport", complete: true, blindSpots: [], notes: [] },
    metadata: {
      takenAt: NOW,
      cluster: { server: "https://127.0.0.1:6443", version: null, uid: null },
      ...{ user: null, scope: { namespaces: null }, tool: { version: "0" } },
    },
    summary: { from: [], verified: null, workloads: workloads.size, byOutcome, lab: null, ...summary },
    items,
  };
}

export function twin(outcome: LabTwin["outcome"], because: string): LabTwin {
  const blockedBy = outcome === "blocked" ? ("digest" as const) : null;
  return { outcome, blockedBy, because, steps: [] };
}
