import type { Control, LiveOutcome } from "../../model/replay-report.ts";

/** An outcome with its reasons; see WorkloadReplay. */
export interface Verdict {
  outcome: LiveOutcome;
  because: string;
  blockedBy: Control[];
  missing: string[];
}

/** Nothing that was seen stops it, or it has happened. */
export function succeeds(because: string): Verdict {
  return { outcome: "succeeds", because, blockedBy: [], missing: [] };
}

/** Each of the controls is enough by itself. */
export function blocked(because: string, blockedBy: Control[]): Verdict {
  return { outcome: "blocked", because, blockedBy, missing: [] };
}

/** `missing`: the evidence that decides. */
export function inconclusive(because: string, missing: string[]): Verdict {
  return { outcome: "inconclusive", because, blockedBy: [], missing };
}

/** There is nothing that it could be after. */
export function notApplicable(because: string): Verdict {
  return { outcome: "not-applicable", because, blockedBy: [], missing: [] };
}
