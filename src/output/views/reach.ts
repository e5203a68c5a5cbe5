import type { AccessItem, ChainLink, Reach, Way } from "../../model/report.ts";
import { count } from "../text.ts";
import { someOf } from "./names.ts";

/** What is known of a subject's reach: `at least …` and `<unknown>` where a grant may not have been seen. */
export function knownReach(item: AccessItem): string {
  const known = boundedReach(item.reach, item);
  return item.exists === false ? `${known} (no such account)` : known;
}

/** The same of one of the subject's reaches: what it reads directly, or perhaps. */
export function boundedReach(reach: Reach, { reachIsBound }: Pick<AccessItem, "reachIsBound">): string {
  if (!reachIsBound) return reachText(reach);
  return isNothing(reach) ? "<unknown>" : `at least ${reachText(reach)}`;
}

/** True where no Secret is meant. */
export function isNothing({ cluster, namespaces, secrets }: Reach): boolean {
  return !cluster && namespaces.length === 0 && secrets.length === 0;
}

/** A reach in few words: `every Secret`, `every Secret in a, b`, `3 Secrets`. */
export function reachText({ cluster, namespaces, secrets }: Reach): string {
  if (cluster) return "every Secret";
  const parts: string[] = [];
  if (namespaces.length > 0) parts.push(`every Secret in ${someOf(namespaces, 3)}`);
  if (secrets.length > 0) {
    const names = secrets.map(({ namespace, name }) => `${namespace}/${name}`);
    parts.push(names.length <= 2 ? names.join(", ") : count(names.length, "Secret"));
  }
  return parts.length === 0 ? "no Secret" : parts.join(" and ");
}

/** `ClusterRoleBinding x → ClusterRole y (rule 1)`; rules are counted from 1, as in kubectl describe. */
export function chainText(chain: ChainLink[]): string {
  return chain
    .map(({ kind, namespace, name, rule }) => {
      const title = `${kind} ${namespace === null ? name : `${namespace}/${name}`}`;
      return rule === undefined ? title : `${title} (rule ${rule + 1})`;
    })
    .join(" → ");
}

/** Whom a way leads to: `any ServiceAccount in a`, `ServiceAccount a/x`, `the pods of a`, `every right in a`. */
export function leadsToText(leadsTo: Way["leadsTo"]): string {
  const texts = leadsTo.map(({ kind, namespace, name }) => {
    const where = namespace === null ? "" : ` in ${namespace}`;
    if (kind === "*") return `every right${where}`;
    if (name === null) return `any ${kind}${where}`;
    return `${kind} ${namespace === null ? name : `${namespace}/${name}`}`;
  });
  return someOf([...new Set(texts)], 3);
}

const VERBS: Record<Way["effect"], string> = {
  read: "reads",
  "act-as": "acts as",
  execute: "executes in",
  wait: "waits for",
  maybe: "maybe",
};

/** What a way does, in one line: `acts as any ServiceAccount in a, and reads every Secret in a`. */
export function wayText({ effect, scope, leadsTo }: Pick<Way, "effect" | "scope" | "leadsTo">): string {
  const to = leadsToText(leadsTo);
  const secrets = isNothing(scope) ? null : reachText(scope);
  switch (effect) {
    case "read":
      return `reads ${secrets ?? "no Secret"}`;
    case "act-as":
    case "execute":
      return [to === "" ? null : `${VERBS[effect]} ${to}`, secrets === null ? null : `reads ${secrets}`]
        .filter((part) => part !== null)
        .join(", and ");
    case "wait":
      return [`reads ${secrets ?? "no Secret"} in time`, to === "" ? null : `acts as ${to}`]
        .filter((part) => part !== null)
        .join(", and ");
    case "maybe":
      if (secrets !== null) return `maybe reads ${secrets}${to === "" ? "" : `, by ${to}`}`;
      return to === "" ? "maybe finds credentials outside of Secrets" : `maybe acts as ${to}`;
  }
}
