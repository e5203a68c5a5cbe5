import type { ReaderGrant } from "../../model/report.ts";

/** One path from a binding to a role, with the rules of it that count, from 1 as in kubectl describe. */
interface RolePath {
  links: string;
  rules: number[];
}

/** The grants of a reader by binding and role, in the order of the report. */
function rolePaths(grants: readonly ReaderGrant[]): RolePath[] {
  const paths = new Map<string, RolePath>();
  for (const { chain } of grants) {
    const links = chain
      .map(({ kind, namespace, name }) => `${kind} ${namespace === null ? name : `${namespace}/${name}`}`)
      .join(" → ");
    const path = paths.getOrInsertComputed(links, () => ({ links, rules: [] }));
    const rule = chain.at(-1)?.rule;
    if (rule !== undefined && !path.rules.includes(rule + 1)) path.rules.push(rule + 1);
  }
  return [...paths.values()];
}

/** `RoleBinding database/oncall → Role database/oncall (rules 1, 3)`, one for each binding and role. */
export function grantTexts(grants: readonly ReaderGrant[]): string[] {
  return rolePaths(grants).map(({ links, rules }) => {
    const numbers = rules.toSorted((a, b) => a - b).join(", ");
    return rules.length === 0 ? links : `${links} (rule${rules.length === 1 ? "" : "s"} ${numbers})`;
  });
}
