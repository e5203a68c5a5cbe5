import type { ApiResource, Need } from "./edge.ts";
import { commonNames, meet, type Held, type Rights } from "./held.ts";
import { RBAC } from "./resources.ts";

/**
 * What may create an object. A create by POST carries no name, so that rules with names do not cover it; but server-side apply
 * asks for create and patch under the object's name (createAuthorizerAttributes of apiserver/pkg/endpoints/handlers/patch.go),
 * and so does a PUT that creates, where the kind allows that (AllowCreateOnUpdate of pkg/registry/rbac/…/strategy.go).
 */
export function creating(rights: Rights, need: Need): readonly Held[] {
  const { named, byName } = needsFor(need);
  const plain = rights.held(need);
  const byNames = rights.held(named).filter(({ names }) => names !== null);
  if (byNames.length === 0) return plain;
  const writes = rights.held(byName);
  return [...plain, ...byNames.flatMap((create) => writes.flatMap((write) => both(create, write)))];
}

/** True where a create under these names is possible for somebody with these rights. */
export function createsByName(create: Held, writes: readonly Held[], resource: string): boolean {
  return writes.some((write) =>
    both(create, write).some(({ matches }) => matches.some((match) => match.on.resource === resource)),
  );
}

/** A create and a patch or update of the same resource, under the names that both cover. */
function both(create: Held, write: Held): Held[] {
  const where = meet(create.where, write.where);
  const names = commonNames(create, write);
  const matches = create.matches.filter(
    ({ verb, on }) => verb === "create" && write.matches.some((other) => other.on === on && writesAnew(other.verb, on)),
  );
  if (where === null || matches.length === 0 || names?.length === 0) return [];
  const sameRule = create.rule === write.rule && create.binding === write.binding;
  return [{ ...create, where, names, matches, ...(sameRule ? {} : { with: write }) }];
}

function writesAnew(verb: string, { group }: ApiResource): boolean {
  return verb === "patch" || (verb === "update" && group === RBAC);
}

const needsOf = new WeakMap<Need, { named: Need; byName: Need }>();

/** Needs are told apart by identity, so that what is known of roles is known once. */
function needsFor(need: Need): { named: Need; byName: Need } {
  return needsOf.getOrInsertComputed(need, () => ({
    named: { ...need, verbs: ["create"], named: "always" },
    byName: { ...need, verbs: ["patch", "update"], named: "always" },
  }));
}
