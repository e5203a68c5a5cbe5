import type { AccessItem, ChainLink, Reach } from "../../model/report.ts";
import { count } from "../text.ts";
import { someOf } from "./names.ts";

/** What is known of a subject's reach: `at least …` and `<unknown>` where a grant may not have been seen. */
export function knownReach({ reach, reachIsBound, exists }: AccessItem): string {
  const known = !reachIsBound ? reachText(reach) : isNothing(reach) ? "<unknown>" : `at least ${reachText(reach)}`;
  return exists === false ? `${known} (no such account)` : known;
}

function isNothing({ cluster, namespaces, secrets }: Reach): boolean {
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
