import type { Request, ResourceRequest } from "../../src/rbac/rules.ts";
import { AUTHENTICATED, MASTERS, serviceAccountGroups, serviceAccountUsername } from "../../src/rbac/subjects.ts";
import { identityOf, type Identity } from "../../src/rbac/subjects.ts";
import type { Draw } from "./draw.ts";
import type { OddBinding, OddObject, OddRole, OddRule } from "./random-objects.ts";
import {
  ACCOUNTS,
  API_GROUPS,
  GROUPS,
  NAMES,
  NAMESPACES,
  PATHS,
  RESOURCES,
  SUBRESOURCES,
  USERS,
  VERBS,
} from "./words.ts";

/** Who may ask: accounts with their groups, users, members of groups, and the odd ones. */
export function randomIdentity(draw: Draw): Identity {
  const namespace = draw.prefer(NAMESPACES);
  const name = draw.prefer(ACCOUNTS);
  const kind = draw.below(20);
  if (kind < 8) return identityOf({ kind: "ServiceAccount", namespace, name });
  if (draw.chance(0.02)) return { name: serviceAccountUsername("", name), groups: [AUTHENTICATED] };
  // A certificate may carry the name of a ServiceAccount, and has none of its groups then.
  if (kind < 10) return { name: serviceAccountUsername(namespace, name), groups: [AUTHENTICATED] };
  if (kind < 11) return { name: draw.prefer(USERS), groups: serviceAccountGroups(namespace) };
  if (kind < 14) return identityOf({ kind: "User", namespace: null, name: draw.prefer(USERS) });
  if (kind < 16) return identityOf({ kind: "Group", namespace: null, name: draw.prefer(GROUPS) });
  if (kind < 18) return { name: draw.prefer(USERS), groups: draw.several(GROUPS, 3) };
  if (kind < 19) return { name: "system:node:n1", groups: ["system:nodes", AUTHENTICATED] };
  return { name: draw.prefer(USERS), groups: draw.chance(0.3) ? [MASTERS] : [] };
}

/** A request that may have nothing to do with any rule. */
export function randomRequest(draw: Draw): Request {
  const verb = draw.prefer(VERBS);
  if (draw.chance(0.1)) return { verb, path: draw.prefer(PATHS) };
  return {
    verb,
    group: draw.prefer(API_GROUPS),
    resource: draw.prefer(RESOURCES),
    subresource: draw.chance(0.3) ? draw.prefer(SUBRESOURCES) : "",
    namespace: draw.chance(0.2) ? "" : draw.pick([...NAMESPACES, "elsewhere"]),
    name: draw.chance(0.3) ? "" : draw.prefer(NAMES),
  };
}

/** Somebody whom a binding names, and something close to what its role allows; null where the binding leads nowhere. */
export function nearRequest(draw: Draw, objects: readonly OddObject[]): { user: Identity; request: Request } | null {
  const bindings = objects.filter(
    (object): object is OddBinding => "roleRef" in object && (object.subjects ?? []).length > 0,
  );
  if (bindings.length === 0) return null;
  const binding = draw.pick(bindings);
  const { subjects } = binding;
  const rules = objects
    .filter((object): object is OddRole => isRoleOf(object, binding))
    .flatMap(({ rules }) => rules ?? []);
  if (subjects === undefined || subjects === null || rules.length === 0) return null;
  const { namespace } = binding.metadata;
  const user = near(draw, draw.pick(subjects), namespace ?? draw.pick(["", ...NAMESPACES]));
  const request = allowedBy(draw, draw.pick(rules), namespace ?? draw.pick(["", ...NAMESPACES]));
  return { user, request: draw.chance(0.35) ? changed(draw, request) : request };
}

function isRoleOf(object: OddObject, { roleRef, metadata }: OddBinding): boolean {
  if (!("rules" in object) || object.metadata.name !== roleRef.name) return false;
  return object.kind === "ClusterRole" || object.metadata.namespace === metadata.namespace;
}

function near(draw: Draw, subject: { kind: string; namespace?: string; name: string }, home: string): Identity {
  const { kind, name } = subject;
  const groups = draw.chance(0.2) ? draw.several(GROUPS, 2) : [AUTHENTICATED];
  if (kind === "Group") return { name: draw.prefer(["", ...USERS]), groups: [...groups, name] };
  if (kind !== "ServiceAccount") return { name, groups };
  const namespace = subject.namespace === undefined || subject.namespace === "" ? home : subject.namespace;
  const account = draw.chance(0.8) ? identityOf({ kind, namespace, name }) : randomIdentity(draw);
  return draw.chance(0.1) ? { ...account, groups: [AUTHENTICATED] } : account;
}

/** A request that the rule allows, apart from what only looks like a wildcard. */
function allowedBy(draw: Draw, rule: OddRule, namespace: string): Request {
  const one = (list: readonly string[] | undefined, any: readonly string[]): string => {
    const entry = list === undefined || list.length === 0 ? "*" : draw.pick(list);
    return entry === "*" && draw.chance(0.9) ? draw.prefer(any) : entry;
  };
  const verb = one(rule.verbs, VERBS);
  if (rule.nonResourceURLs !== undefined && (rule.resources === undefined || draw.chance(0.5))) {
    const path = one(rule.nonResourceURLs, PATHS);
    return {
      verb,
      path: path.endsWith("*") && draw.chance(0.8) ? path.replace(/\*+$/, draw.pick(["", "ping", "/x"])) : path,
    };
  }
  const [resource = "", ...below] = one(rule.resources, RESOURCES).split("/");
  const literal = below.join("/");
  const starred = draw.chance(0.8);
  return {
    verb,
    group: one(rule.apiGroups, API_GROUPS),
    resource: resource === "*" && starred ? draw.prefer(RESOURCES) : resource,
    subresource: literal === "*" && starred ? draw.prefer(SUBRESOURCES) : literal,
    namespace,
    name: rule.resourceNames === undefined ? draw.prefer(NAMES) : one(rule.resourceNames, NAMES),
  };
}

/** The request with one thing different. */
function changed(draw: Draw, request: Request): Request {
  const other = randomRequest(draw);
  if ("path" in request || "path" in other) return { ...request, verb: other.verb };
  const field = draw.pick<keyof ResourceRequest>(["verb", "group", "resource", "subresource", "namespace", "name"]);
  return { ...request, [field]: other[field] };
}
