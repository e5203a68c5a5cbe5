import type { ChainLink, Reach } from "../../model/report.ts";
import { count } from "../text.ts";
import { someOf } from "./names.ts";

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
