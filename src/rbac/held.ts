import type { PolicyRule } from "../model/access.ts";
import type { ChainLink } from "../model/report.ts";
import type { Time } from "../model/object.ts";
import type { EffectiveRule } from "./aggregation.ts";
import { chainOf } from "./authorize.ts";
import type { Binding, EffectiveRole } from "./compile.ts";
import { ANY_SUBRESOURCE, type ApiResource, type Need } from "./edge.ts";
import { provedSince } from "./proved-since.ts";
import { apiGroupMatches, resourceMatches, verbMatches } from "./rules.ts";

/** One verb on one resource that a rule covers. */
export interface Match {
  verb: string;
  on: ApiResource;
}

/** A rule that covers a need, where it holds, and through what. */
export interface Held {
  /** The namespace in which it holds; "" is everywhere. */
  where: string;
  /** As the rule names them; null: any, and requests without a name. */
  names: readonly string[] | null;
  /** Which of the need's verbs and resources it covers; at least one. */
  matches: readonly Match[];
  rule: EffectiveRule;
  /** Null for a rule of a role that is not bound yet, but may be. */
  binding: Binding | null;
  /** Constrained impersonation: the impersonator's own right that goes with it. */
  with?: Held;
}

/** The rules that somebody has. */
export interface Rights {
  held(need: Need): readonly Held[];
  bindings: readonly Binding[];
  /** The roles that they come from; null where any need may be held. */
  roles: readonly EffectiveRole[] | null;
}

/** True where the rule covers a request that carries no name. */
export function isUnnamed({ names }: Pick<Held, "names">): boolean {
  return names === null || names.includes("");
}

/** The names that a request along this rule can carry; null: any. */
export function namesOf({ names }: Pick<Held, "names">): readonly string[] | null {
  return names === null ? null : names.filter((name) => name !== "");
}

/** True where the rule covers a request that carries this name. */
export function coversName({ names }: Pick<Held, "names">, name: string): boolean {
  return names === null || names.includes(name);
}

/** The names that two rules both cover; null: any. */
export function commonNames(a: Pick<Held, "names">, b: Pick<Held, "names">): readonly string[] | null {
  if (a.names === null) return b.names;
  return b.names === null ? a.names : a.names.filter((name) => coversName(b, name));
}

/** The namespace in which two rights hold together; null: in none. */
export function meet(a: string, b: string): string | null {
  if (a === "" || a === b) return b;
  return b === "" ? a : null;
}

/** True for a rule that covers whatever may be asked of any resource. */
function coversEverything({ verbs, apiGroups, resources, resourceNames }: PolicyRule): boolean {
  return verbs.includes("*") && apiGroups.includes("*") && resources.includes("*") && resourceNames.length === 0;
}

/** True for a right to whatever may be asked, of whoever holds it and of whoever borrows it. */
export function holdsEverything({ rule, with: own }: Held): boolean {
  return coversEverything(rule.rule) && (own === undefined || coversEverything(own.rule.rule));
}

/** The chain from binding to rule; for constrained impersonation with the impersonator's own right first. */
export function linksOf({ binding, rule, with: own }: Held): ChainLink[] {
  const before = own === undefined || (own.rule === rule && own.binding === binding) ? [] : linksOf(own);
  if (binding !== null) return [...before, ...chainOf({ binding, rule })];
  const { kind, meta } = rule.role;
  return [...before, { kind, namespace: meta.namespace, name: meta.name, rule: rule.index }];
}

/** The latest moment at which the right can have begun; null where an object does not date it. */
export function heldSince({ binding, rule }: Held): Time | null {
  return binding === null ? null : provedSince({ binding, rule });
}

type RoleMatch = Pick<Held, "rule" | "names" | "matches">;
const matchesOfRole = new WeakMap<EffectiveRole, Map<Need, readonly RoleMatch[]>>();
const namespacedOfRole = new WeakMap<EffectiveRole, Map<Need, readonly RoleMatch[]>>();

/** The rules of a role that cover a need. Remembered: a role is read once however many bindings refer to it. */
export function roleMatches(role: EffectiveRole, need: Need, clusterWide: boolean): readonly RoleMatch[] {
  const all = matchesOfRole
    .getOrInsertComputed(role, () => new Map<Need, readonly RoleMatch[]>())
    .getOrInsertComputed(need, () => role.rules.flatMap((rule) => ruleMatch(rule, need)));
  if (clusterWide || all.length === 0) return all;
  return namespacedOfRole
    .getOrInsertComputed(role, () => new Map<Need, readonly RoleMatch[]>())
    .getOrInsertComputed(need, () =>
      all
        .map((match) => ({ ...match, matches: match.matches.filter(({ on }) => !on.clusterScoped) }))
        .filter(({ matches }) => matches.length > 0),
    );
}

function ruleMatch(rule: EffectiveRule, { verbs, on, named }: Need): RoleMatch[] {
  const { resourceNames } = rule.rule;
  const names = resourceNames.length === 0 ? null : resourceNames;
  if (named === "never" && !isUnnamed({ names })) return [];
  if (named === "always" && names?.every((name) => name === "") === true) return [];
  const held = verbs.filter((verb) => verbMatches(rule.rule, verb) && canCarry(verb, names));
  if (held.length === 0) return [];
  const covered = on.filter(
    ({ group, resource, subresource }) =>
      apiGroupMatches(rule.rule, group) &&
      (subresource === ANY_SUBRESOURCE
        ? anySubresource(rule.rule, resource)
        : resourceMatches(rule.rule, resource, subresource)),
  );
  if (covered.length === 0) return [];
  return [{ rule, names, matches: covered.flatMap((resource) => held.map((verb) => ({ verb, on: resource }))) }];
}

/** Verbs whose requests may carry no name; all others always do. */
const UNNAMED_VERBS = ["list", "watch", "create", "deletecollection"];

/** Whether a request of the verb exists that these names cover: a deletecollection never carries one, a get always does. */
function canCarry(verb: string, names: readonly string[] | null): boolean {
  if (verb === "deletecollection") return isUnnamed({ names });
  return UNNAMED_VERBS.includes(verb) || names === null || names.some((name) => name !== "");
}

/** True for a verb whose request may carry no name. */
export function mayBeUnnamed(verb: string): boolean {
  return UNNAMED_VERBS.includes(verb);
}

/** Whether a rule covers some subresource, whichever. */
function anySubresource({ resources }: PolicyRule, resource: string): boolean {
  return resources.some((one) => one === "*" || one.startsWith("*/") || one.startsWith(`${resource}/`));
}

const NOTHING: readonly Held[] = [];

/** The rights that bindings give. */
export function rightsOf(bindings: readonly Binding[]): Rights {
  return {
    bindings,
    roles: bindings.flatMap(({ role }) => role ?? []),
    // Asked some hundred times for each of thousands of subjects, and mostly without an answer: nothing is made until there is.
    held(need) {
      let found: Held[] | null = null;
      for (const binding of bindings) {
        if (binding.role === null) continue;
        for (const match of roleMatches(binding.role, need, binding.namespace === "")) {
          (found ??= []).push({ ...match, where: binding.namespace, binding });
        }
      }
      return found ?? NOTHING;
    },
  };
}

/** The rights that a role would give in a namespace, once it is bound there; `binding` is the one that would do it. */
export function rightsOfRole(role: EffectiveRole, namespace: string, binding: Binding): Rights {
  return {
    bindings: [binding],
    roles: [role],
    held: (need) =>
      roleMatches(role, need, namespace === "").map((match) => ({ ...match, where: namespace, binding: null })),
  };
}

/** Both rights in one hand. */
export function together(a: Rights, b: Rights): Rights {
  return {
    bindings: [...a.bindings, ...b.bindings],
    roles: a.roles === null || b.roles === null ? null : [...a.roles, ...b.roles],
    held: (need) => [...a.held(need), ...b.held(need)],
  };
}

const onBehalf = new Map<string, WeakMap<Need, Need>>();

/** The need with the verbs that the impersonator itself must hold: `impersonate-on:MODE:VERB` (impersonation/mode.go, 1.36). */
export function impersonateOn(need: Need, mode: string): Need {
  return onBehalf
    .getOrInsertComputed(mode, () => new WeakMap<Need, Need>())
    .getOrInsertComputed(need, () => ({
      ...need,
      verbs: need.verbs.map((verb) => `impersonate-on:${mode}:${verb}`),
    }));
}

/** What an impersonator gets by constrained impersonation: what both of them hold, each for its own verb. */
export function constrainedRights(as: Rights, by: Rights, mode: string): Rights {
  return {
    bindings: [],
    roles: null,
    held(need) {
      const own = by.held(impersonateOn(need, mode));
      if (own.length === 0) return [];
      return as.held(need).flatMap((theirs) => own.flatMap((mine) => both(theirs, mine, mode)));
    },
  };
}

function both(theirs: Held, mine: Held, mode: string): Held[] {
  const where = meet(theirs.where, mine.where);
  const names = commonNames(theirs, mine);
  const matches = theirs.matches.filter(({ verb, on }) =>
    mine.matches.some((match) => match.verb === `impersonate-on:${mode}:${verb}` && match.on === on),
  );
  if (where === null || matches.length === 0 || names?.length === 0) return [];
  return [{ ...theirs, where, names, matches, with: mine }];
}

/** True where a right is held for this verb and resource. */
export function hasMatch({ matches }: Held, verb: string | null, resource: string | null): boolean {
  return matches.some(
    (match) => (verb ?? match.verb) === match.verb && (resource ?? match.on.resource) === match.on.resource,
  );
}
