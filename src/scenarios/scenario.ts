import type { AdversaryId, ControlId, WorkloadReplay } from "../model/replay-report.ts";
import type { AssessContext } from "./context.ts";

/** One adversary of the threat model. Reports, completion and documentation are read from the same object. */
export interface Scenario {
  /** 1 to 5, as the threat model counts. */
  number: number;
  id: AdversaryId;
  /** `completed pod, env credential`: what stands in the table. */
  name: string;
  /** One sentence of at most 100 characters, for lists. */
  summary: string;
  /** What the adversary starts from, and wants. */
  start: string;
  objective: string;
  /** What the threat model's hardened workload does about it. */
  defence: string;
  /** What it means to whoever runs the cluster, a sentence each. */
  why: readonly string[];
  /** What ends or prevents it, most effective first. */
  prevent: readonly string[];
  /** The controls that block it, or would. */
  controls: readonly ControlId[];
  /** Ids of other topics of `explain`. */
  related: readonly string[];
  /** ATT&CK techniques and those of Microsoft's threat matrix for Kubernetes, each with its name. */
  attack: readonly { id: string; name: string }[];
  matrix: readonly { id: string; name: string }[];
  /** Where the rules it is judged by come from. */
  source: string;
  /** Judges each workload concerned, in the order of the evidence. Pure. */
  assess(context: AssessContext): WorkloadReplay[];
  /** One sentence about all workloads, for the table: `3 credentials in 2 workloads by pods get and list`. */
  summarise(workloads: readonly WorkloadReplay[]): string;
}
