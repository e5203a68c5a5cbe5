import { podFinished } from "../../batch/finish.ts";
import type { Reach, SubjectRef, Way } from "../../model/report.ts";
import { accessOf, type Access } from "../../rbac/index.ts";
import { isNothing, NO_SECRET, unite, without } from "../../rbac/scopes.ts";
import { subjectText } from "../../rbac/subjects.ts";
import type { Claim } from "../../rbac/ways.ts";
import { serviceAccountOf, templateOf, type Workload } from "../../scope/match.ts";
import type { AssessContext, ReplayWorkload } from "../context.ts";
import { distinct, hiddenGrants, hiddenKinds } from "./evidence.ts";

/** What an account reads beside what its workload names. */
export interface AccountReach {
  /** All that it reads. */
  reach: Reach;
  /** What of it the workload does not name. */
  beyond: Reach;
  /** What luck would add to that. */
  perhaps: Reach;
  /** The shortest ways to what is beyond, certain ones first. */
  ways: Way[];
  /** Those of them that begin with requests of its own. */
  claims: Claim[];
  /** What was not seen that may add to the reach. */
  hidden: string[];
}

/** So many ways are told. */
export const MOST_WAYS = 5;

/** The ServiceAccount that the template names. */
export function accountOf({ object }: Pick<ReplayWorkload, "object">): SubjectRef & { namespace: string } {
  return { kind: "ServiceAccount", namespace: object.meta.namespace ?? "", name: serviceAccountOf(object) };
}

/** Accounts that retained runs use and the template does not name any more. */
export function formerAccounts({ object, jobs, pods }: ReplayWorkload): string[] {
  const now = serviceAccountOf(object);
  return [...new Set([...jobs, ...pods].map(serviceAccountOf))].filter((name) => name !== now).sort();
}

/** The Secrets that the containers of the template, or of a run under way, get by it. The kubelet alone uses those to pull images. */
export function neededSecrets({ object, pods }: ReplayWorkload): { namespace: string; name: string }[] {
  const workloads: Workload[] = [object, ...pods.filter((pod) => !podFinished(pod))];
  const secrets = workloads.flatMap((one) =>
    templateOf(one)
      .secretReferences.filter(({ use }) => use !== "pull" && use !== "storage")
      .map(({ secret }) => ({ namespace: one.meta.namespace ?? "", name: secret })),
  );
  return unite([{ ...NO_SECRET, secrets }]).secrets;
}

/** Asks the closure of ways, to the end; of an account that several workloads run as once. */
export function reaches(context: AssessContext): (account: SubjectRef, needs: Reach["secrets"]) => AccountReach {
  const known = new Map<string, Access>();
  return (account, needs) => {
    const access = known.getOrInsertComputed(subjectText(account), () =>
      accessOf(context.judgement.world, account, { maxHops: null }),
    );
    return reachOf(context, access, needs);
  };
}

function reachOf(context: AssessContext, access: Access, needs: Reach["secrets"]): AccountReach {
  const { reach, maybe, ways, claims, asked, everywhere } = access;
  const needed: Reach = { ...NO_SECRET, secrets: needs };
  const isBeyond = ({ scope }: Way): boolean => !isNothing(thatExists(context, without(scope, needed)));
  const beyond = ways.filter(isBeyond).slice(0, MOST_WAYS);
  const looksAt = [...asked].flatMap((edge) => edge.looksAt);
  return {
    reach,
    beyond: thatExists(context, without(reach, needed)),
    perhaps: thatExists(context, without(without(maybe, needed), reach)),
    ways: beyond,
    claims: claims.filter(({ way }) => beyond.includes(way)),
    hidden: distinct([
      ...hiddenGrants(context),
      ...hiddenKinds(context, everywhere ? [...looksAt, "namespaces" as const] : looksAt),
    ]),
  };
}

/** Without Secrets that are granted by name and proved not to be there. */
function thatExists({ judgement, snapshot }: AssessContext, reach: Reach): Reach {
  if (reach.secrets.length === 0 || !snapshot.collected.includes("secrets")) return reach;
  const { context } = judgement;
  const secrets = reach.secrets.filter(
    ({ namespace, name }) => context.secret(namespace, name) !== null || context.whole("secrets", namespace) !== null,
  );
  return { ...reach, secrets };
}
