import type { ChainLink, Reach } from "../../model/report.ts";
import type { AssessContext } from "../context.ts";

/** `212 Secrets` where Secrets were listed, else `every Secret`, `every Secret of 2 namespaces and 1 more`, `3 Secrets`. */
export function reachText(reach: Reach, context: Pick<AssessContext, "snapshot" | "judgement">): string {
  const listed = countListed(reach, context);
  if (listed !== null && listed > 0) return plural(listed, "Secret");
  if (reach.cluster) return "every Secret";
  const { namespaces, secrets } = reach;
  if (namespaces.length === 0) return plural(secrets.length, "Secret");
  const every =
    namespaces.length === 1
      ? `every Secret of ${namespaces[0]!}`
      : `every Secret of ${plural(namespaces.length, "namespace")}`;
  return secrets.length === 0 ? every : `${every} and ${String(secrets.length)} more`;
}

/** The Secrets that are there; null where they were not all listed. */
function countListed(
  { cluster, namespaces, secrets }: Reach,
  { snapshot, judgement }: Pick<AssessContext, "snapshot" | "judgement">,
): number | null {
  const { whole } = judgement.context;
  const { scope } = snapshot.metadata;
  if (whole("secrets", null) !== null || (scope.namespaces !== null && !snapshot.beyondScope.includes("secrets")))
    return null;
  const inside = new Set(namespaces);
  const named = new Set(secrets.map(({ namespace, name }) => `${namespace}/${name}`));
  return snapshot.secrets.filter(
    ({ meta: { namespace, name } }) =>
      cluster || inside.has(namespace ?? "") || named.has(`${namespace ?? ""}/${name}`),
  ).length;
}

/** `1 Secret`, `2 Secrets`. */
export function plural(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** `clusterrolebinding/backup → clusterrole/reader`. */
export function chainText(chain: readonly ChainLink[]): string {
  return chain
    .map(({ kind, namespace, name }) => `${kind.toLowerCase()}/${name}${namespace === null ? "" : ` (${namespace})`}`)
    .join(" → ");
}
