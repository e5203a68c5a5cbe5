import { creating, creationsByName } from "./creating.ts";
import type { Need, Site } from "./edge.ts";
import { coversName, hasMatch, isUnnamed, type Held } from "./held.ts";
import { CONTROLLERS, CREATE_PODS, CRONJOBS, PODS, TEMPLATES } from "./resources.ts";

/** What can be changed so that pods are then made from the changed template; a Job's cannot (ValidateJobSpecUpdate). */
const CHANGEABLE = [CRONJOBS, ...TEMPLATES];

/** A change of the template of an object that exists. */
export const CHANGE_TEMPLATES: Need = { verbs: ["update", "patch"], on: CHANGEABLE, named: "always" };

/** Every right that may have a part in pods of the holder's own making; `conditionOf` says of a rule whether it has. */
export const MAKE_PODS: Need = { verbs: ["create", "update", "patch"], on: [PODS, ...CONTROLLERS], named: "either" };

const CHANGE_ANY: Need = { ...MAKE_PODS, verbs: ["update", "patch"], named: "always" };

/**
 * How a rule for MAKE_PODS makes them: `anew`, or by changing a `template`; null: it makes none. Whoever makes them anew at a
 * place needs no template there.
 */
function howMade(rule: Held, { heldFor, where }: Pick<Site, "heldFor" | "where">): "anew" | "template" | null {
  const byName = (): boolean => creationsByName(rule, heldFor(CHANGE_ANY)).length > 0;
  if (hasMatch(rule, "create", null) && (isUnnamed(rule) || byName())) return "anew";
  const changes = rule.matches.some(({ verb, on }) => verb !== "create" && CHANGEABLE.includes(on));
  return changes && !makesAnew({ heldFor, where }) ? "template" : null;
}

/**
 * What must exist besides for a rule for MAKE_PODS to make pods at the place, as the beginning of a note; empty where nothing
 * must, null where it makes none.
 */
export function conditionOf(rule: Held, site: Site): string | null {
  const made = howMade(rule, site);
  if (made !== "template") return made === null ? null : "";
  const sees = seesTemplate(rule, site);
  if (sees === "no") return null;
  return sees === "yes" ? "" : "if an object exists whose template it may change; ";
}

/** True for whoever may create pods at the place, by whatever object. */
export function makesAnew({ heldFor, where }: Pick<Site, "heldFor" | "where">): boolean {
  return creating({ held: heldFor }, CREATE_PODS).some((one) => one.where === "" || one.where === where);
}

/**
 * Whether an object is seen whose template the rule may change: `yes`, `no` where all are known, or `perhaps`, because of most
 * kinds only those that own pods are seen.
 */
export function seesTemplate(rule: Held, { world, where }: Pick<Site, "world" | "where">): "yes" | "no" | "perhaps" {
  const isCovered = (resource: string, name: string): boolean =>
    hasMatch(rule, null, resource) && coversName(rule, name);
  const seen =
    world.podOwners(where).some(({ resource, name }) => isCovered(resource, name)) ||
    world.cronJobs(where).some(({ meta }) => isCovered(CRONJOBS.resource, meta.name));
  if (seen) return "yes";
  const changed = rule.matches.filter(({ verb, on }) => verb !== "create" && CHANGEABLE.includes(on));
  return changed.every(({ on }) => on === CRONJOBS) && world.isWhole("cronjobs", where) ? "no" : "perhaps";
}
