import { podFinished } from "../batch/finish.ts";
import type { Pod } from "../model/workload.ts";
import type { FixRequest, Source } from "./class.ts";
import type { ExposureContext } from "./context.ts";
import { removals } from "./removals.ts";
import { inOrder, line, target } from "./steps.ts";
import { useOfCarrier } from "./uses.ts";

const NOTHING = "nothing to do: it is in use, and ends with its pod";
const NOT_YET = "nothing to do yet: what used it has ended, and its pod has not finished";

/** Files instead of variables: no process inherits them, and they leave the node with the pod. */
export function secretEnvFix({ found, context }: FixRequest): string {
  const root = context.owners.rootOf(found[0]!.source);
  const secret = found[0]!.identity.ref?.name ?? "";
  if (root.kind === "CronJob") return line(`kubectl edit ${target(root)}`, [`mount Secret ${secret} as files instead`]);
  return removeRuns(sourcesOf(found), context);
}

/** What remains is the node's reach: it ends with the finished pods. */
export function referenceFix({ found, context }: FixRequest): string {
  const over = sourcesOf(found).filter((source) => source.kind === "Pod" && isOver(source, context));
  if (over.length > 0) return removeRuns(over, context);
  return found.some((one) => useOfCarrier(one, context)?.end === null) ? NOTHING : NOT_YET;
}

/** True for a pod that needs nothing any more: it has finished, or is on its way out, or its Job seems to hang. */
export function isOver(pod: Pod, context: ExposureContext): boolean {
  const job = context.owners.jobOf(pod);
  if (job !== null && context.hungBecause(job) !== null) return true;
  return podFinished(pod) || pod.meta.deletionTimestamp !== null;
}

function sourcesOf(found: readonly { source: Source }[]): Source[] {
  return found.map(({ source }) => source);
}

function removeRuns(sources: readonly Source[], context: ExposureContext): string {
  const steps = removals(sources, context);
  return steps.length === 0 ? NOTHING : inOrder(steps, []);
}
