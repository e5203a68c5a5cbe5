import type { CleanupItem, CleanupPlan } from "../../model/cleanup.ts";

/** Why --also changes nothing: `isMet` where nothing is left to change, and not where nothing was looked at. */
export interface NoChange {
  text: string;
  isMet: boolean;
}

type Asked = Pick<CleanupPlan, "rules" | "changes" | "blindSpots">;
type Chosen = Pick<CleanupItem, "object" | "owner">;

/**
 * What --also asks for and no change of the plan is about, where these objects are chosen: for CronJobs and for legacy tokens a
 * sentence each, without a full stop.
 */
export function noChanges({ rules, changes, blindSpots }: Asked, chosen: readonly Chosen[]): NoChange[] {
  const isIdle = (isToken: boolean): boolean => {
    const isOfKind = ({ way }: { way: string }): boolean => (way === "delete-token") === isToken;
    return rules.also.some(isOfKind) && !changes.some(isOfKind);
  };
  return [
    ...(isIdle(false) ? [ofCronJobs(rules, blindSpots, chosen)] : []),
    ...(isIdle(true) ? [ofTokens(chosen)] : []),
  ];
}

/** The lines of a plan that say so. */
export function noChangeLines(asked: Asked, chosen: readonly Chosen[]): string[] {
  return noChanges(asked, chosen).map(({ text }) => `${text}.`);
}

function ofCronJobs({ named }: Asked["rules"], spots: Asked["blindSpots"], chosen: readonly Chosen[]): NoChange {
  const own = chosen.flatMap(({ owner }) => (owner?.kind === "CronJob" ? [owner] : []));
  const concerned = [...named.filter(({ kind }) => kind === "CronJob"), ...own];
  const name = "so no CronJob is concerned; name it: cronjob/NAME";
  if (concerned.length === 0) {
    const why = chosen.length === 0 ? "nothing was chosen" : "what was chosen is of no CronJob that was seen";
    return { text: `Changes: none: ${why}, ${name}`, isMet: false };
  }
  const isHidden = ({ namespace }: { namespace: string | null }): boolean =>
    spots.some(
      (spot) =>
        spot.resource === "cronjobs" &&
        (spot.namespace === null ? !spot.except.includes(namespace ?? "") : spot.namespace === namespace),
    );
  if (concerned.some(isHidden))
    return { text: "Changes: none: not all CronJobs that are concerned could be seen", isMet: false };
  return { text: "Changes: none; what --also asks for is so already in each CronJob that was seen", isMet: true };
}

function ofTokens(chosen: readonly Chosen[]): NoChange {
  return chosen.length === 0
    ? { text: "Tokens to delete: none: nothing was chosen, so no legacy token is concerned", isMet: false }
    : { text: "Tokens to delete: none; what was chosen exposes no legacy token that was found", isMet: true };
}
