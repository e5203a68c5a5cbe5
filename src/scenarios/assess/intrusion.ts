import type { Control } from "../../model/replay-report.ts";
import type { SubjectRef } from "../../model/report.ts";
import type { Pod } from "../../model/workload.ts";
import { isNamed, isNothing } from "../../rbac/scopes.ts";
import { isOver, isSuspended, type AssessContext, type ReplayWorkload } from "../context.ts";
import { control } from "../controls.ts";
import { inWords, positionText } from "../position.ts";
import { formerAccounts, type AccountReach } from "./account-reach.ts";
import type { ApiToken } from "./api-token.ts";
import { endsInside, wayTo, type Coming } from "./coming.ts";
import { distinct, hiddenRuns, hiddenStarter } from "./evidence.ts";
import { keptText } from "./kept-tokens.ts";
import { reachText } from "./reach-words.ts";
import { blocked, inconclusive, notApplicable, succeeds, type Verdict } from "./verdict.ts";

/** What is known of an intrusion into one workload before it is judged. */
export interface Intrusion {
  workload: ReplayWorkload;
  account: SubjectRef & { namespace: string };
  needs: { namespace: string; name: string }[];
  found: AccountReach;
  token: ApiToken;
  /** How the position comes to the account, null where it does not; `given` for whoever breaks into the workload itself. */
  coming: Coming | "given" | null;
  /** What hides ways of the position to it. */
  hiddenWays: string[];
  /** Finished pods whose tokens still work. */
  kept: Pod[];
}

/** Blocked where one control is enough; succeeds where nothing that was not seen decides; else inconclusive. */
export function verdictOf(context: AssessContext, intrusion: Intrusion): Verdict {
  if (isOver(intrusion.workload)) return overVerdict(context, intrusion);
  const blockedBy = controlsOf(context, intrusion);
  if (blockedBy.length > 0) return blocked(blockedBecause(context, intrusion), blockedBy);
  const absent = withoutAccount(context, intrusion);
  if (absent !== null) return absent;
  const missing = missingFor(intrusion);
  if (missing.length > 0) return inconclusive(unsureBecause(context, intrusion), missing);
  const { found, workload, coming } = intrusion;
  const bound = found.hidden.length > 0 && !found.reach.cluster ? "at least " : "";
  const asleep = coming === "given" && isSuspended(workload) ? SUSPENDED : "";
  return succeeds(
    `${bound}${readsText(context, intrusion)}${fromWhere(context, intrusion)}${formerly(workload)}${asleep}`,
  );
}

/** Of what no run is under way of, nor starts by itself. */
export const SUSPENDED = "; it is suspended: only once somebody resumes it";

/** Its containers are gone; a token that was copied from them may not be, and what was not seen may start its like again. */
function overVerdict(context: AssessContext, intrusion: Intrusion): Verdict {
  const { workload, kept } = intrusion;
  const starter = hiddenStarter(context, workload);
  const pods = workload.object.kind === "Job" ? hiddenRuns(context, workload.ref.namespace) : [];
  if (starter.length + pods.length + kept.length === 0)
    return notApplicable("it has finished, and nothing runs it again");
  const narrow = narrowControls(intrusion);
  if (narrow.length > 0) return blocked(readsOnly(intrusion), narrow);
  const absent = withoutAccount(context, intrusion);
  if (absent !== null) return absent;
  const missing = [...(kept.length === 0 ? [] : [`whether anybody has one: ${keptText(kept)}`]), ...starter, ...pods];
  if (kept.length > 0) return inconclusive(`it has finished, and ${keptText(kept)}`, distinct(missing));
  const unseen =
    starter.length > 0 ? "what may run it again was not seen" : "whether a token of it still works was not seen";
  return inconclusive(`it has finished, and ${unseen}`, distinct(missing));
}

function withoutAccount({ judgement }: AssessContext, { account: { namespace, name } }: Intrusion): Verdict | null {
  if (judgement.world.accountExists(namespace, name) !== false) return null;
  return notApplicable(`serviceaccount/${name} does not exist: no pod of it starts`);
}

/** True where nothing beyond what the workload names can be read, and nothing was hidden that could change that. */
export function readsNoMore({ found }: Pick<Intrusion, "found">): boolean {
  return isNothing(found.beyond) && isNothing(found.perhaps) && found.hidden.length === 0;
}

const NO_WAY = "no role leads to the workload's account or into its containers";
const NO_TOKEN = "its pods get no token of the account";
const UNLISTED = "whether a Secret that they mount holds one was not listed";

/** Each of them is enough by itself. Whoever comes to the account by another way needs no token of its pods. */
function controlsOf({ judgement }: AssessContext, intrusion: Intrusion): Control[] {
  const { found, token, coming, needs, account, kept, hiddenWays } = intrusion;
  const controls: Control[] = [];
  if (coming === "given" && token.has === false && kept.length === 0) {
    const listed = needs.length === 0 || judgement.context.whole("secrets", account.namespace) === null;
    controls.push(control("no-token", null, listed ? NO_TOKEN : `${NO_TOKEN}; ${UNLISTED}`));
  }
  if (coming === null && hiddenWays.length === 0) controls.push(control("rbac", null, NO_WAY));
  // RBAC is named once.
  return controls.some(({ id }) => id === "rbac") && isNothing(found.reach)
    ? controls
    : [...controls, ...narrowControls(intrusion)];
}

/** What the account's own rights keep whoever acts as it from. */
function narrowControls(intrusion: Intrusion): Control[] {
  if (!readsNoMore(intrusion)) return [];
  return [control(isNothing(intrusion.found.reach) ? "rbac" : "least-privilege")];
}

function blockedBecause(context: AssessContext, intrusion: Intrusion): string {
  const { token, coming, account, hiddenWays, kept } = intrusion;
  if (coming === null && hiddenWays.length === 0)
    return `no role leads ${positionText(context.from) ?? "anybody"} to ${inWords(account)}`;
  if (coming === "given" && token.has === false && kept.length === 0) return token.why;
  return readsOnly(intrusion);
}

function readsOnly({ found, account }: Intrusion): string {
  if (isNothing(found.reach)) return `${inWords(account)} reads no Secret`;
  return `only ${found.reach.secrets.map(({ name }) => name).join(", ")}`;
}

function missingFor({ found, token, coming, hiddenWays, kept }: Intrusion): string[] {
  const missing: string[] = [];
  if (coming === null) missing.push(...hiddenWays);
  else if (coming === "given" || endsInside(coming)) missing.push(...token.missing);
  if (coming === "given" && token.has === false) missing.push(`whether anybody has one: ${keptText(kept)}`);
  if (coming !== null && coming !== "given" && coming.when === "luck") missing.push(luckOfComing(coming));
  if (coming !== null && coming !== "given" && coming.when === "resumed")
    missing.push("whether somebody resumes what is suspended: no container that it could enter runs before");
  if (!isNothing(found.beyond)) return distinct(missing);
  missing.push(...found.hidden);
  if (!isNothing(found.perhaps)) missing.push(luckOf(found));
  return distinct(missing);
}

function luckOfComing({ path }: Coming): string {
  const { edges, note } = wayTo(path!, { kind: "ServiceAccount", namespace: null, name: "" });
  return `whether chance helps: ${edges.join(", ")}${note === null ? "" : ` (${note})`}`;
}

function luckOf({ ways }: AccountReach): string {
  const lucky = ways.filter(({ effect }) => effect === "maybe");
  const told = lucky.map(({ note, edges }) => `${edges.join(", ")}${note === null ? "" : ` (${note})`}`);
  return `whether chance helps: ${told.length === 0 ? "a way that takes luck" : told.join("; ")}`;
}

function unsureBecause(context: AssessContext, intrusion: Intrusion): string {
  const { found, coming, account, token, kept } = intrusion;
  const who = positionText(context.from) ?? "";
  if (coming === null) return `no way of ${who} to ${inWords(account)} was found, and not every grant was seen`;
  if (coming !== "given" && coming.when === "luck") return `${who} comes to ${inWords(account)} only with luck`;
  if (coming !== "given" && coming.when === "resumed")
    return `${who} comes to ${inWords(account)} only once somebody resumes what is suspended`;
  if (coming === "given" && token.has === false) return `its pods get no token now, and ${keptText(kept)}`;
  if (!isNothing(found.beyond)) return `${readsText(context, intrusion)}, if its pods get a token`;
  if (!isNothing(found.perhaps)) return `${reachText(found.perhaps, context)} only with luck`;
  return "nothing beyond what it needs was found, and not every grant was seen";
}

function readsText(context: AssessContext, { found, account }: Intrusion): string {
  const as = `as ${account.namespace}/${account.name}`;
  if (isNamed(found.reach)) return `${reachText(found.beyond, context)} ${as} that its template does not name`;
  return `${reachText(found.reach, context)} ${as}`;
}

function fromWhere(context: AssessContext, { coming }: Intrusion): string {
  if (coming === null || coming === "given" || coming.path === null) return "";
  const later = coming.when === "next-run" ? " once a run is under way" : "";
  return `, which ${positionText(context.from) ?? ""} comes to${later}`;
}

function formerly(workload: ReplayWorkload): string {
  const former = formerAccounts(workload);
  return former.length === 0 ? "" : `; runs as ${former.join(", ")} are retained`;
}
