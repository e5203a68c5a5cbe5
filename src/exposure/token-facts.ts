import { instant, toTime } from "../batch/time.ts";
import type { SubjectRef, TokenFacts } from "../model/report.ts";
import { allBindingsOf } from "../rbac/authorize.ts";
import type { Binding } from "../rbac/compile.ts";
import { identityOf, whoCan, type World } from "../rbac/index.ts";
import { isMirror } from "../rbac/pods.ts";
import { compareSubjects } from "../rbac/subjects.ts";
import { matchingRules, type Operation } from "../rbac/who-can.ts";
import type { Pod } from "../model/workload.ts";
import type { Found } from "./class.ts";
import { leewayEnd } from "./closed.ts";
import type { ExposureContext } from "./context.ts";
import { latestExpiry } from "./token-end.ts";
import { tokenAt } from "./tokens.ts";

type Account = SubjectRef & { kind: "ServiceAccount"; namespace: string };
type Minters = Pick<TokenFacts, "mintsOwn" | "mintedBy">;

const MINT: Operation = { verb: "create", group: "", resource: "serviceaccounts", subresource: "token" };
const mintersOfWorld = new WeakMap<World, Map<string, Minters>>();

/** What is known of a bound token besides its window. For findings of the class token-bound; throws for any other. */
export function tokenFacts({ source, path, identity }: Found, context: ExposureContext, world: World): TokenFacts {
  if (source.kind !== "Pod" || identity.serviceAccount === null) throw new Error("not a token bound to a pod");
  const { audience } = tokenAt(source, path);
  // Several volumes may ask for the same audience: they are one credential.
  const asked = source.template.tokens.filter((token) => token.audience === audience);
  const tokens = asked.length === 0 ? [tokenAt(source, path)] : asked;
  const expiries = tokens.map((token) => latestExpiry(source, token, context)).filter((expiry) => expiry !== null);
  return {
    audience,
    expiresBy: expiries.length === 0 ? null : toTime(Math.max(...expiries)),
    mintedByNode: mintingNode(source, identity.serviceAccount, context),
    ...mintersOf({ kind: "ServiceAccount", ...identity.serviceAccount }, world),
  };
}

/**
 * The Node authorizer knows the pod until its object is deleted, whatever its phase, and NodeRestriction lets the node ask
 * for the audiences that the pod's volumes name. What it gets is bound to the pod, so it ends with it.
 */
function mintingNode(pod: Pod, account: { namespace: string; name: string }, context: ExposureContext): string | null {
  const { nodeName } = pod.template;
  if (nodeName === null || nodeName === "" || isMirror(pod) || context.isEarlier(pod)) return null;
  const gone = context.serviceAccount(account.namespace, account.name) === null;
  if (gone && context.whole("serviceaccounts", account.namespace) === null) return null;
  const over = instant(leewayEnd(pod));
  return over !== null && over < context.now ? null : nodeName;
}

/** Many pods share an account, so the answer is remembered; it must not be changed. */
function mintersOf(account: Account, world: World): Minters {
  return mintersOfWorld
    .getOrInsertComputed(world, () => new Map<string, Minters>())
    .getOrInsertComputed(`${account.namespace}/${account.name}`, () => ({
      mintsOwn: mintsOwn(account, world),
      mintedBy: whoCan(world.rbac, { ...MINT, namespace: account.namespace, name: account.name })
        .filter(({ subject, builtIn }) => !builtIn && compareSubjects(subject, account) !== 0)
        .map(({ subject }) => subject),
    }));
}

/** Whether it may ask for a token of any ServiceAccount; one of its own is enough to outlive the pod. */
function mintsOwn(account: Account, world: World): boolean | null {
  const answers = allBindingsOf(world.rbac, identityOf(account)).map((binding) => mintsThrough(binding, world));
  if (answers.includes(true)) return true;
  const unseen = answers.includes(null) || !world.rbac.whole(null) || world.snapshot.otherAuthorizers === true;
  return unseen ? null : false;
}

/** Null where the right is to an account by a name that may not exist. */
function mintsThrough({ role, namespace }: Binding, world: World): boolean | null {
  if (role === null) return false;
  const names = matchingRules(role, MINT).map(({ rule }) => rule.resourceNames);
  if (names.length === 0) return false;
  if (names.some((list) => list.length === 0)) return true;
  const places = namespace === "" ? world.rbac.namespaces : [namespace];
  const exist = places.flatMap((place) => names.flat().map((name) => world.accountExists(place, name)));
  return exist.includes(true) ? true : exist.includes(null) ? null : false;
}
