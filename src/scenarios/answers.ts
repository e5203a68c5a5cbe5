import type { ReplayReport, ReplayStep, WorkloadReplay } from "../model/replay-report.ts";
import { liveOf, together } from "./report.ts";
import { scenarios } from "./index.ts";
import type { Scenario } from "./scenario.ts";

/** The steps that the API server can be asked about: requests by an identity that is known. */
export function askable(report: ReplayReport): ReplayStep[] {
  const all = report.items.flatMap(({ live }) => live?.workloads.flatMap(({ path }) => path) ?? []);
  return all.filter(({ as, request }) => as !== null && request !== null);
}

/**
 * The report with the server's answers in its steps. Where the server contradicts RBAC as it was seen, neither an attack that
 * succeeds nor one that is blocked is sure any more: the outcome is inconclusive, and the contradiction is what is missing.
 */
export function withAnswers(
  report: ReplayReport,
  answerTo: (step: ReplayStep) => boolean | null,
  all: readonly Scenario[] = scenarios,
): ReplayReport {
  const items = report.items.map((item) => {
    const scenario = all.find(({ id }) => id === item.id);
    if (item.live === null || scenario === undefined) return item;
    return {
      ...item,
      live: liveOf(
        scenario,
        item.live.workloads.map((one) => answered(one, answerTo)),
      ),
    };
  });
  const given = askable({ ...report, items }).map(isConfirmed);
  const verified = {
    confirmed: given.filter((one) => one === true).length,
    refuted: given.filter((one) => one === false).length,
    unknown: given.filter((one) => one === null).length,
  };
  return { ...report, summary: { ...report.summary, verified, byOutcome: together(items) }, items };
}

/** Whether the server says what RBAC as it was seen says; where that had no word, whether it allows the step. */
function isConfirmed({ allowed, verified }: ReplayStep): boolean | null {
  return verified === null ? null : verified === (allowed ?? true);
}

function answered(replay: WorkloadReplay, answerTo: (step: ReplayStep) => boolean | null): WorkloadReplay {
  const path = replay.path.map((step) =>
    step.as === null || step.request === null ? step : { ...step, verified: answerTo(step) },
  );
  const contradictions = [...new Set(path.flatMap((step) => contradiction(step, replay)))];
  if (contradictions.length === 0) return { ...replay, path };
  return {
    ...replay,
    path,
    outcome: "inconclusive",
    because: contradictions[0]!,
    blockedBy: [],
    missing: [...replay.missing, ...contradictions],
  };
}

function contradiction({ actor, act, allowed, verified }: ReplayStep, { outcome }: WorkloadReplay): string[] {
  if (outcome === "not-applicable") return [];
  if (allowed === true && verified === false) return [`the API server refuses ${act} to ${actor}, and RBAC allows it`];
  if (outcome === "blocked" && allowed === false && verified === true) {
    return [`the API server allows ${act} to ${actor}, and RBAC as it was seen does not`];
  }
  return [];
}
