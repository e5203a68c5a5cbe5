import { instant } from "../batch/time.ts";
import type { Pod } from "../model/workload.ts";
import type { Closing, FixRequest, Found } from "./class.ts";
import type { ExposureContext } from "./context.ts";
import { isOver } from "./fix.ts";
import { templateOf } from "./literals.ts";
import { removals } from "./removals.ts";
import { inNamespace, inOrder, line, quote, target } from "./steps.ts";
import { tokenAt } from "./tokens.ts";

const IN_USE = "nothing to do: it is in use, and ends with its pod";
const ENDED = "nothing to do: it has ended at this API server";
/** What the end of a pod does, and what it does not. */
const WITH_THE_POD =
  "its tokens then end at this API server, within 10 s; not those that were asked for with them, nor those for other audiences";

/** A token ends with its pod; one that nobody needs is not mounted. */
export function tokenFix({ found, context }: FixRequest): string {
  const [{ source, path, closing }] = found as [Found];
  if (source.kind !== "Pod") return ENDED;
  const { audience } = tokenAt(source, path);
  if (isPast(closing, context)) return audience === null ? ENDED : "nothing to do: it has expired";
  if (audience !== null) return otherAudience(source, audience, closing, context);
  if (!isOver(source, context)) return notMounted(source, context);
  // What holds a pod or account that is going does not hold the end of the token.
  if (closing.at !== null && (closing.because === "deletion-in-progress" || closing.because === "owner-deletion"))
    return `nothing to do: it ends at ${closing.at}: ${closing.why}`;
  const steps = removals([source], context);
  return steps.length === 0 ? IN_USE : inOrder(steps, [WITH_THE_POD]);
}

/** Of a run in progress only the next ones can be changed: the template of a Job or pod is fixed. */
function notMounted(pod: Pod, context: ExposureContext): string {
  const root = context.rootOf(pod);
  if (root.kind !== "CronJob") return IN_USE;
  const named = templateOf(root).tokens.some((token) => token.audience === null);
  const what = named ? "take the serviceAccountToken volume out" : "automountServiceAccountToken: false";
  return line(`kubectl edit ${target(root)}`, [
    `${what}${named ? " of" : " in"} the pod template, if it calls no API`,
    "for runs to come; this one's token ends with its pod",
  ]);
}

function otherAudience(pod: Pod, audience: string, { at }: Closing, context: ExposureContext): string {
  const latest = at === null ? "it is renewed while the pod runs" : `at ${at} at the latest`;
  const asks = `ends it where ${audience} asks the API server (TokenReview)`;
  const only = `elsewhere only its exp does, ${latest}`;
  const steps = context.isEarlier(pod) || !isOver(pod, context) ? [] : removals([pod], context);
  return steps.length > 0 ? inOrder(steps, [asks, only]) : `nothing here ends it; only its exp does: ${latest}`;
}

/** A legacy token ends with its Secret, once the workload uses a projected token. */
export function legacyFix({ found, name, context, everyoneBy }: FixRequest): string {
  const [{ source, identity, closing }] = found as [Found];
  // Marked invalid it is only asleep, so its Secret has to go all the same.
  if (isPast(closing, context) && closing.because === "owner-deletion") return ENDED;
  const root = context.rootOf(source);
  const { ref } = identity;
  const command = `kubectl delete secret ${quote(ref?.name ?? name)}${inNamespace(ref?.namespace ?? null)}`;
  const after = `after ${root.kind.toLowerCase()}/${root.meta.name} uses its projected token instead`;
  const promise = "ends it at this API server, within 10 s; not tokens that were asked for with it";
  return line(command, [after, promise, ...everyoneBy]);
}

function isPast({ over, at }: Closing, { now }: ExposureContext): boolean {
  return over === true || (instant(at) ?? Infinity) < now;
}
