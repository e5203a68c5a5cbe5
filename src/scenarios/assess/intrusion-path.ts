import type { ResourceRequest } from "../../model/api.ts";
import type { ReplayStep } from "../../model/replay-report.ts";
import type { Claim } from "../../rbac/ways.ts";
import { inWords, otherStep, requestStep } from "../position.ts";
import { isOver, type AssessContext } from "../context.ts";
import { readsNoMore, type Intrusion } from "./intrusion.ts";
import { keptText } from "./kept-tokens.ts";
import { claimSteps, pathSteps, reviewStep, stepAs } from "./steps.ts";

/** So many ways are walked. */
const WAYS_WALKED = 3;
const TOKEN_FILE = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/** The first requests that an intruder makes, each way by its first one; where nothing is to be had, those that are refused. */
export function intrusionPath(context: AssessContext, intrusion: Intrusion): ReplayStep[] {
  const { token, coming } = intrusion;
  if (isOver(intrusion.workload) && intrusion.kept.length > 0)
    return [keptStep(intrusion), ...useSteps(context, intrusion)];
  if (coming === null) return refusedEntries(context, intrusion);
  const entry = entrySteps(context, intrusion);
  if (coming === "given" && token.has === false)
    return intrusion.kept.length === 0 ? entry : [keptStep(intrusion), ...useSteps(context, intrusion)];
  return [...entry, ...useSteps(context, intrusion)];
}

/** What the account's token is used for. */
function useSteps(context: AssessContext, intrusion: Intrusion): ReplayStep[] {
  const { account, needs, found } = intrusion;
  const reads = plainFirst(certain(found.claims)).flatMap((claim) => claimSteps(context, account, claim, needs));
  const refused = stepAs(context, account, on("list", "secrets", account.namespace), "refused");
  return [
    reviewStep(context, account),
    ...(readsNoMore(intrusion) ? [refused] : onceEach(reads).slice(0, WAYS_WALKED)),
  ];
}

/** What takes luck is walked only where nothing else is. */
function certain(claims: readonly Claim[]): readonly Claim[] {
  const firm = claims.filter(({ way }) => way.effect !== "maybe");
  return firm.length > 0 ? firm : claims;
}

/** A get without a name is a right, but no request: it comes after those that are. */
function plainFirst(claims: readonly Claim[]): Claim[] {
  const isBare = ({ requests: [first] }: Claim): boolean => first?.verb === "get" && first.name === "";
  return claims.toSorted((a, b) => Number(isBare(a)) - Number(isBare(b)));
}

/** A get of any name shows no more than a list of the same. */
function onceEach(steps: readonly ReplayStep[]): ReplayStep[] {
  const acts = steps.map(({ act }) => act.replace("/{name}", ""));
  return steps.filter((_, at) => acts.indexOf(acts[at]!) === at);
}

function keptStep({ workload, account, kept }: Intrusion): ReplayStep {
  const { kind, name } = workload.ref;
  const act = `copied ${TOKEN_FILE} while it ran`;
  return otherStep(
    `an intruder in ${kind.toLowerCase()}/${name}`,
    act,
    `a token of ${inWords(account)}: ${keptText(kept)}`,
  );
}

function entrySteps(context: AssessContext, { workload, account, token, coming }: Intrusion): ReplayStep[] {
  if (coming !== "given") return coming === null || coming.path === null ? [] : pathSteps(context, coming.path);
  const { kind, name } = workload.ref;
  const perhaps = token.has === null ? "perhaps " : "";
  const yields = token.has === false ? "nothing" : `${perhaps}a token of ${inWords(account)}`;
  return [otherStep(`an intruder in ${kind.toLowerCase()}/${name}`, `reads ${TOKEN_FILE}`, `${yields}: ${token.why}`)];
}

/** The plainest ways to an account, which are closed. */
function refusedEntries(context: AssessContext, { account }: Intrusion): ReplayStep[] {
  const { namespace, name } = account;
  const requests: ResourceRequest[] = [
    { ...on("create", "serviceaccounts", namespace), subresource: "token", name },
    { ...on("create", "pods", namespace), subresource: "exec" },
    on("create", "pods", namespace),
  ];
  return requests.map((request) => requestStep(context, { supposed: "", request, yields: "refused" }));
}

function on(verb: string, resource: string, namespace: string): ResourceRequest {
  return { verb, group: "", resource, subresource: "", namespace, name: "" };
}
