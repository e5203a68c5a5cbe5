import { podFinish, podFinished } from "../../batch/finish.ts";
import { instant } from "../../batch/time.ts";
import type { Pod } from "../../model/workload.ts";
import { serviceAccountOf } from "../../scope/match.ts";
import type { AssessContext, ReplayWorkload } from "../context.ts";

/** The expiry that admission asks for; the API server then issues for a year (pkg/registry/core/serviceaccount/storage/token.go). */
const EXTENDED = 3607;
const YEAR = 365 * 86_400;
/** Where a projection names none (pkg/apis/core/v1/defaults.go). */
const UNNAMED = 3600;

/** Finished pods that are retained and had a token of the account: a copy works until its pod is deleted, or it expires. */
export function keptTokens({ object, pods }: ReplayWorkload, { judgement }: AssessContext): Pod[] {
  const name = serviceAccountOf(object);
  return pods.filter(
    (pod) => podFinished(pod) && serviceAccountOf(pod) === name && stillWorks(pod, judgement.context.now),
  );
}

function stillWorks(pod: Pod, now: number): boolean {
  const finish = podFinish(pod);
  // A creation is only a lower bound of when it ended.
  const ended = finish === null || finish.source === "creation" ? null : instant(finish.at);
  return pod.template.tokens.some(({ audience, expirationSeconds }) => {
    const asked = expirationSeconds ?? UNNAMED;
    const lasts = asked === EXTENDED ? YEAR : asked;
    return audience === null && (ended === null || ended + lasts * 1000 > now);
  });
}

/** `a token taken while it ran still works until pod/x, and 2 more, are deleted`. */
export function keptText(kept: readonly Pod[]): string {
  const [first] = kept;
  const more = kept.length > 1 ? `, and ${String(kept.length - 1)} more, are` : " is";
  return `a token taken while it ran still works until pod/${first?.meta.name ?? ""}${more} deleted`;
}
