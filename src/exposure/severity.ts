import { jobOutcome } from "../batch/finish.ts";
import type { ExposureClass, ExposureItem, Severity } from "../model/report.ts";
import { isFinished } from "./context.ts";
import type { Carried } from "./identity.ts";

/** What the rule looks at. */
export interface Weighed {
  carriers: readonly Carried[];
  confidence: ExposureItem["credential"]["confidence"];
  everyone: boolean;
  /** Readers that are not built in; null where none was found and not every grant was seen. */
  outsiders: number | null;
  /** True when the last window closed before the evidence was taken. */
  closed: boolean;
  /** True when the token's account reads every Secret of some namespace, or of the cluster; null where that is not known. */
  powerful: boolean | null;
}

/** Worst first. */
export const SEVERITIES: readonly Severity[] = ["critical", "high", "medium", "low", "info"];

/** Classes whose value is written out. */
const WRITTEN_OUT: readonly ExposureClass[] = [
  "literal-env",
  "literal-args",
  "literal-annotation",
  "configmap-env",
  "termination-message",
  "log",
];

/**
 * How bad one exposure is, by what an intruder gains and who stands in the way. A literal is a value that is written out
 * where rights that nobody counts as rights on Secrets read it: in an object of the batch API, in a ConfigMap, in a
 * termination message, in a log.
 * - info: every window has closed, or the credential is a reference whose value is in no such place, a pull Secret too.
 * - low: a verdict that is only possible; a token in use by a running pod; a Secret that stays within a node's reach after
 *   its pod finished, because a node's kubelet must be taken first.
 * - medium: a literal that only built-in identities read now, because one binding changes that; a token of a finished pod,
 *   because it must have been taken while the pod ran, or be minted by its node.
 * - high: any other literal; a legacy token, because it never expires; a token of a finished pod whose account reads
 *   whole namespaces or the cluster, because it stands for all of their Secrets.
 * - critical: a literal or legacy token that everyone reads; or a literal without an end that a finished run still holds,
 *   because nobody needs that copy any more. An end at a time that nobody knows, as by history limits, is an end.
 * Readers that were not seen count as readers, and rights that were not seen as rights.
 */
export function severityOf(weighed: Weighed): Severity {
  const ids = new Set(weighed.carriers.map(({ rule }) => rule.id));
  if (weighed.closed) return "info";
  if (weighed.confidence === "possible") return "low";
  const finished = weighed.carriers.some(({ found }) => isFinished(found.source, (job) => jobOutcome(job) !== null));
  if (WRITTEN_OUT.some((id) => ids.has(id))) {
    if (weighed.everyone || (finished && weighed.carriers.some(isEndless))) return "critical";
    return weighed.outsiders === 0 ? "medium" : "high";
  }
  if (ids.has("token-legacy")) return weighed.everyone ? "critical" : "high";
  if (ids.has("token-bound")) return !finished ? "low" : weighed.powerful === false ? "medium" : "high";
  return ids.has("node-grant") && finished ? "low" : "info";
}

function isEndless({ found: { closing } }: Carried): boolean {
  return closing.at === null && !closing.isBound;
}
