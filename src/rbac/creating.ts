import type { ApiResource, Need } from "./edge.ts";
import { commonNames, meet, type Held, type Rights } from "./held.ts";
import { RBAC } from "./resources.ts";

/**
 * What may create an object. A create by POST carries no name, so that rules with names do not cover it; but server-side apply
 * asks for create and patch under the object's name (createAuthorizerAttributes of apiserver/pkg/endpoints/handlers/patch.go),
 * and so does a PUT that creates, where the kind allows that (AllowCreateOnUpdate of pkg/registry/rbac/…/strategy.go).
 */
export function creating(rights: Pick<Rights, "held">, need: Need): readonly Held[] {
  const { named, byName } = needsFor(need);
  const plain = rights.held(need);
  const creates = rights.held(named);
  const byNames = creates.length === 0 ? creates : creates.filter(({ names }) => names !== null);
  if (byNames.length === 0) return plain;
  const writes = alike(rights.held(byName));
  return plain.concat(byNames.flatMap((create) => writes.flatMap((write) => both(create, write))));
}

/** Whatever may have a part in a need: where it is to create, a patch or an update under the object's name as well. */
export function partOf(need: Need): Need {
  return partsOf.getOrInsertComputed(need, () =>
    need.verbs.includes("create") ? { ...need, verbs: [...need.verbs, "patch", "update"], named: "either" } : need,
  );
}

const partsOf = new WeakMap<Need, Need>();

/** Rules that say the same of place, names and verbs are one. */
export function alike(all: readonly Held[]): Held[] {
  const key = ({ where, names, matches }: Held): string =>
    JSON.stringify([
      where,
      names,
      matches.map(({ verb, on }) => `${verb} ${on.group}/${on.resource}/${on.subresource}`),
    ]);
  return [...new Map(all.toReversed().map((one) => [key(one), one])).values()].reverse();
}

/** Where, and under which names, a create goes with a patch or an update of the same resource. */
export function creationsByName(create: Held, writes: readonly Held[]): Held[] {
  return alike(writes).flatMap((write) => both(create, write));
}

/** A create and a patch or update of the same resource, under the names that both cover. */
function both(create: Held, write: Held): Held[] {
  const where = meet(create.where, write.where);
  const names = commonNames(create, write);
  const matches = create.matches.filter(
    ({ verb, on }) => verb === "create" && write.matches.some((other) => other.on === on && writesAnew(other.verb, on)),
  );
  if (where === null || matches.length === 0 || names?.length === 0) return [];
  return [{ ...create, where, names, matches, with: { ...write, where, names } }];
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
