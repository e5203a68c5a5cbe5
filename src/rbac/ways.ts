import type { PolicyRule } from "../model/access.ts";
import type { ChainLink, Ineffective, Reach, SubjectRef, Way } from "../model/report.ts";
import { closureOf, type Closure, type Found, type Limits } from "./closure.ts";
import { ANY_SUBRESOURCE, type ApiResource, type Edge } from "./edge.ts";
import { isUnnamed, linksOf, mayBeUnnamed, namesOf, type Held } from "./held.ts";
import type { ResourceRequest } from "./rules.ts";
import { accountOf, combine } from "./path.ts";
import { destinations } from "./position.ts";
import { compareWidth } from "./scopes.ts";
import { compareText, groupKey, identityOf, normalise, userKey } from "./subjects.ts";
import type { World } from "./world.ts";

/** A way whose first step is the subject's own right, and the requests that this claims are allowed. */
export interface Claim {
  way: Way;
  requests: ResourceRequest[];
}

/** What a subject reads in the end, and how. */
export interface Access {
  reach: Reach;
  direct: Reach;
  /** What luck would add to the reach. */
  maybe: Reach;
  ways: Way[];
  latent: Ineffective[];
  claims: Claim[];
  /** Every edge whose rights were held somewhere, whatever it came to. */
  asked: ReadonlySet<Edge>;
  /** True where a name was granted in all namespaces. */
  everywhere: boolean;
}

/** Everything by which a subject comes to Secrets: certain ways first, then shortest first, then widest. */
export function accessOf(world: World, subject: SubjectRef, limits: Limits): Access {
  const closure = closureOf(world, normalise(subject), limits);
  const claims: Claim[] = [];
  const ways = allFound(closure).map(({ found, scope }) => {
    const way = wayOf(found, scope, subject);
    const held = found.hops === 0 ? (found.move.step?.held ?? []) : [];
    if (held.length > 0) claims.push({ way, requests: held.flatMap((one) => requestsOf(world, one)) });
    return way;
  });
  const latent = closure.latent.map(({ edge, held, why }): Ineffective => {
    return { state: "latent", chain: held.flatMap(linksOf), why: `${edge.id}: ${why}` };
  });
  const { reach, direct, possible, asked, everywhere } = closure;
  const sorted = ways.sort(compareWays);
  return { reach, direct, maybe: possible, ways: sorted, latent: distinct(latent), claims, asked, everywhere };
}

function allFound({ firm, maybe }: Closure): { found: Found; scope: Reach }[] {
  return [...firm.map((found) => ({ found, scope: found.move.reads })), ...maybe];
}

function wayOf({ path, move, hops }: Found, scope: Reach, subject: SubjectRef): Way {
  const { chain, edges, since, notes } = accountOf(path, move);
  const groups = hops === 0 ? viaGroups(subject, move.step?.held ?? []) : [];
  const said = [...groups.map((group) => `as a member of ${group}`), ...notes];
  return {
    edge: edges[0]!.id,
    edges: edges.map(({ id }) => id),
    effect: combine(path.effect, move.effect),
    scope,
    leadsTo: move.to.flatMap(destinations),
    chain,
    provedSince: since,
    verified: null,
    note: said.length === 0 ? null : said.join("; "),
  };
}

/** The groups by which a subject has rules that its own name does not give it. */
function viaGroups(subject: SubjectRef, held: readonly Held[]): string[] {
  const named = normalise(subject);
  const identity = identityOf(named);
  const own = named.kind === "Group" ? groupKey(named.name) : userKey(identity.name);
  const groups = held.flatMap(({ binding }) => {
    if (binding === null || binding.subjects.some(({ key }) => key === own)) return [];
    return identity.groups.find((name) => binding.subjects.some(({ key }) => key === groupKey(name))) ?? [];
  });
  return [...new Set(groups)];
}

/** What a rule claims, as requests: each of its verbs, on each of its names, or without one where none is needed. */
export function requestsOf(world: World, held: Held): ResourceRequest[] {
  const own = held.with === undefined ? [] : requestsOf(world, held.with);
  const named = namesOf(held) ?? [];
  const here = held.matches.flatMap(({ verb, on }) => {
    const { group, resource, clusterScoped } = on;
    const subresource = subresourceFor(held.rule.rule, on);
    const names = held.names === null || (isUnnamed(held) && mayBeUnnamed(verb)) ? [""] : named;
    return names.map((name) => {
      // A request for a named object stands in some namespace; a rule that holds everywhere holds in any.
      const anywhere = held.where === "" && !clusterScoped && name !== "";
      const namespace = anywhere ? (world.rbac.namespaces[0] ?? "") : held.where;
      return { verb, group, resource, subresource, namespace, name };
    });
  });
  return [...own, ...here];
}

/** The subresource to ask about: where any will do, one that the rule covers. */
function subresourceFor({ resources }: PolicyRule, { resource, subresource }: ApiResource): string {
  if (subresource !== ANY_SUBRESOURCE) return subresource;
  const named = resources.find((one) => one.startsWith("*/") || one.startsWith(`${resource}/`));
  return named === undefined ? "any" : named.slice(named.indexOf("/") + 1);
}

function distinct(latent: readonly Ineffective[]): Ineffective[] {
  return [...new Map(latent.map((one) => [JSON.stringify(one), one])).values()];
}

function compareWays(a: Way, b: Way): number {
  return (
    Number(a.effect === "maybe") - Number(b.effect === "maybe") ||
    a.chain.length - b.chain.length ||
    compareWidth(a.scope, b.scope) ||
    compareText(a.edges.join(" "), b.edges.join(" ")) ||
    compareText(chainKey(a.chain), chainKey(b.chain)) ||
    compareText(a.note ?? "", b.note ?? "")
  );
}

/** Orders chains; rules by number. */
export function chainKey(chain: readonly ChainLink[]): string {
  return chain
    .map(
      ({ kind, namespace, name, rule }) => `${kind} ${namespace ?? ""} ${name} ${String(rule ?? -1).padStart(6, "0")}`,
    )
    .join(" ");
}
