import type { PolicyRule } from "../model/access.ts";
import type { Ineffective, SubjectRef } from "../model/report.ts";
import { allBindingsOf, bindingLink, chainOf } from "./authorize.ts";
import type { Binding, Rbac } from "./compile.ts";
import { apiGroupMatches, verbMatches } from "./rules.ts";
import { compareText, identityOf, isObjectName, normalise } from "./subjects.ts";

const READ_VERBS = ["get", "list", "watch"];

/** Bindings and rules of a subject that look as if they granted Secrets and grant none now. The API server accepts them all. */
export function ineffectiveOf(rbac: Rbac, subject: SubjectRef): Ineffective[] {
  return allBindingsOf(rbac, identityOf(normalise(subject)))
    .flatMap((binding) => [...danglingRef(binding), ...deadRules(binding)])
    .sort((a, b) => compareText(order(a), order(b)));
}

function danglingRef(binding: Binding): Ineffective[] {
  const { kind, name } = binding.source.roleRef;
  const namespace = kind === "Role" && binding.namespace !== "" ? binding.namespace : null;
  const chain = [bindingLink(binding), { kind, namespace, name }];
  switch (binding.state) {
    case "resolved":
    case "unseen":
      return [];
    case "missing":
      return [
        { state: "latent", chain, why: `${kind} ${name} does not exist; once somebody creates it, its rules apply` },
      ];
    case "unresolvable":
      return [
        { state: "ineffective", chain, why: `a ${binding.source.kind} cannot refer to a ${kind}: it never resolves` },
      ];
  }
}

function deadRules(binding: Binding): Ineffective[] {
  return (binding.role?.rules ?? []).flatMap((rule): Ineffective[] => {
    const why = whyDead(rule.rule);
    return why === null ? [] : [{ state: "ineffective", chain: chainOf({ binding, rule }), why }];
  });
}

/** Why a rule, or an entry of it, grants nothing that it seems to; null where nothing is wrong as far as Secrets go. */
export function whyDead(rule: PolicyRule): string | null {
  return (
    deadResource(rule) ?? deadGroup(rule) ?? deadVerb(rule) ?? deadName(rule) ?? deadStar(rule) ?? deadCreate(rule)
  );
}

function deadResource(rule: PolicyRule): string | null {
  if (rule.resources.includes("*")) return null;
  for (const resource of rule.resources) {
    if (resource.endsWith("/*")) {
      return `resource "${resource}" matches nothing: the only wildcards are * and */SUBRESOURCE`;
    }
    if (resource.startsWith("secrets/") && rule.apiGroups.every(isKubernetesGroup)) {
      return `resource "${resource}" matches nothing: Secrets have no subresources`;
    }
    if (resource !== "secrets" && /^secrets?\*?$/i.test(resource) && rule.apiGroups.every(isKubernetesGroup)) {
      return `resource "${resource}" matches nothing: the name is compared letter by letter with secrets`;
    }
  }
  return null;
}

/** A group that no CustomResourceDefinition can have, or only with Kubernetes' approval; elsewhere a resource may well be called secrets. */
function isKubernetesGroup(group: string): boolean {
  return (group !== "*" && !group.includes(".")) || group.endsWith(".k8s.io");
}

function namesSecrets(rule: PolicyRule): boolean {
  return rule.resources.includes("secrets");
}

function deadGroup(rule: PolicyRule): string | null {
  if (!namesSecrets(rule) || apiGroupMatches(rule, "") || !rule.apiGroups.every(isKubernetesGroup)) return null;
  const groups = rule.apiGroups.map((group) => `"${group}"`).join(", ");
  return `Secrets are in apiGroup "", and this rule names ${groups === "" ? "none" : groups}`;
}

function deadVerb(rule: PolicyRule): string | null {
  if (!namesSecrets(rule)) return null;
  const meant = rule.verbs.find((verb) => {
    const plain = verb.replace("*", "").toLowerCase();
    return READ_VERBS.includes(plain) && !verbMatches(rule, plain);
  });
  return meant === undefined
    ? null
    : `verb "${meant}" matches nothing: verbs are lower-case and the only wildcard is *`;
}

function deadName(rule: PolicyRule): string | null {
  if (!namesSecrets(rule) || !READ_VERBS.some((verb) => verbMatches(rule, verb))) return null;
  const impossible = rule.resourceNames.find((name) => name !== "" && !isObjectName(name));
  if (impossible !== undefined) {
    return `resourceName "${impossible}" matches nothing: ${impossible.includes("*") ? "names have no wildcards" : "no Secret can have it"}`;
  }
  const onlyUnnamed = rule.resourceNames.length > 0 && rule.resourceNames.every((name) => name === "");
  const listed = verbMatches(rule, "list") || verbMatches(rule, "watch");
  return onlyUnnamed && !listed ? 'resourceName "" matches nothing: a get always carries a name' : null;
}

/** Resources whose names may hold a star: what is no object, signers' domains, and RBAC's own objects (path segment names). */
const FREELY_NAMED = [
  ...["users", "groups", "uids", "userextras", "signers", "nodes"],
  ...["roles", "clusterroles", "rolebindings", "clusterrolebindings"],
];

function deadStar({ resources, resourceNames }: PolicyRule): string | null {
  if (resources.some((resource) => FREELY_NAMED.includes(resource.split("/")[0]!))) return null;
  const star = resourceNames.find((name) => name.includes("*"));
  return star === undefined ? null : `resourceName "${star}" matches nothing: names have no wildcards`;
}

/** A POST and a deletecollection carry no name that a rule could name; a subresource's request carries its parent's. */
function deadCreate({ verbs, resources, resourceNames }: PolicyRule): string | null {
  if (resourceNames.length === 0 || resourceNames.includes("")) return null;
  if (resources.some((resource) => resource === "*" || resource.includes("/"))) return null;
  if (verbs.length === 0 || !verbs.every((verb) => verb === "create" || verb === "deletecollection")) return null;
  return verbs.includes("create")
    ? "a create carries no name, so these resourceNames match nothing, unless patch on them goes with it (server-side apply)"
    : "a deletecollection carries no name, so these resourceNames match nothing";
}

function order({ state, chain, why }: Ineffective): string {
  const links = chain.map(
    ({ kind, namespace, name, rule }) => `${kind} ${namespace ?? ""} ${name} ${String(rule ?? -1).padStart(6, "0")}`,
  );
  return [...links, state, why].join(" ");
}
