import type { WorkloadReplay } from "../../model/replay-report.ts";
import { compareWidth } from "../../rbac/scopes.ts";
import type { AssessContext } from "../context.ts";
import { accountOf, MOST_WAYS, neededSecrets, reaches } from "./account-reach.ts";
import { apiToken } from "./api-token.ts";
import { comings, hiddenOnTheWay, wayTo } from "./coming.ts";
import { distinct, hiddenGrants } from "./evidence.ts";
import { intrusionPath } from "./intrusion-path.ts";
import { verdictOf, type Intrusion } from "./intrusion.ts";
import { keptTokens } from "./kept-tokens.ts";
import { narrower } from "./narrower.ts";
import { plural } from "./reach-words.ts";

/** What the workload's own account reaches, for whoever breaks into it, or comes to it from a position. */
export function assessOverPermissive(context: AssessContext): WorkloadReplay[] {
  const comingTo = context.from.length === 0 ? null : comings(context);
  const hiddenWays = comingTo === null ? [] : distinct([...hiddenGrants(context), ...hiddenOnTheWay(context)]);
  const reachOf = reaches(context);
  return context.workloads.map((workload) => {
    const account = accountOf(workload);
    const needs = neededSecrets(workload);
    const token = apiToken(workload, context);
    const coming = comingTo === null ? ("given" as const) : comingTo(workload, token.has !== false);
    const found = reachOf(account, needs);
    const kept = keptTokens(workload, context);
    return replayOf(context, { workload, account, needs, found, token, coming, hiddenWays, kept });
  });
}

function replayOf(context: AssessContext, intrusion: Intrusion): WorkloadReplay {
  const { workload, account, needs, found, coming } = intrusion;
  const verdict = verdictOf(context, intrusion);
  const way = coming === null || coming === "given" || coming.path === null ? [] : [wayTo(coming.path, account)];
  const isOpen = verdict.outcome === "succeeds" || verdict.outcome === "inconclusive";
  return {
    workload: workload.ref,
    ...verdict,
    path: verdict.outcome === "not-applicable" ? [] : intrusionPath(context, intrusion),
    wouldBlock: isOpen ? narrower(intrusion) : [],
    facts: {
      kind: "over-permissive-account",
      account: { namespace: account.namespace, name: account.name },
      reach: found.reach,
      needs,
      ways: [...way, ...found.ways].slice(0, MOST_WAYS),
    },
  };
}

/** `212 Secrets as database/backup, and 2 more accounts`; worst workloads first. */
export function summariseOverPermissive(workloads: readonly WorkloadReplay[]): string {
  const [worst] = workloads;
  if (worst === undefined) return "no workload";
  const alike = workloads.filter(({ outcome }) => outcome === worst.outcome);
  if (alike.length === 1) return worst.because;
  if (worst.outcome !== "succeeds")
    return `${plural(alike.length, "workload")}, such as ${nameOf(worst)}: ${worst.because}`;
  const accounts = Map.groupBy(alike, ({ facts }) =>
    facts.kind === "over-permissive-account" ? JSON.stringify(facts.account) : "",
  );
  const widest = alike.reduce((best, one) => (isWider(one, best) ? one : best));
  return accounts.size === 1 ? widest.because : `${widest.because}, and ${plural(accounts.size - 1, "more account")}`;
}

function nameOf({ workload: { kind, name } }: WorkloadReplay): string {
  return `${kind.toLowerCase()}/${name}`;
}

function isWider(a: WorkloadReplay, b: WorkloadReplay): boolean {
  if (a.facts.kind !== "over-permissive-account" || b.facts.kind !== "over-permissive-account") return false;
  return compareWidth(a.facts.reach, b.facts.reach) < 0;
}
