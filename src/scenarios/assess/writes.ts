import type { Reach, SubjectRef } from "../../model/report.ts";
import { allBindingsOf } from "../../rbac/authorize.ts";
import { meet } from "../../rbac/held.ts";
import { identityOf } from "../../rbac/index.ts";
import { unite } from "../../rbac/scopes.ts";
import { matchingRules } from "../../rbac/who-can.ts";
import type { World } from "../../rbac/world.ts";

/** Where a verb is granted on Secrets: a namespace ("": all), and the names; null: any, and requests without one. */
interface Right {
  where: string;
  names: readonly string[] | null;
}

/** The Secrets that an identity may change by its own rights: update or patch, or delete and create again. */
export function writtenBy(world: World, subject: SubjectRef): Reach {
  const rights = (verb: string): Right[] => rightsTo(world, subject, verb);
  const changed = [...rights("update"), ...rights("patch")].map(({ where, names }) => reachAt(world, where, names));
  // A create carries no name that resourceNames could be compared with.
  const creates = rights("create").filter(({ names }) => names === null || names.includes(""));
  const deletes = [...rights("delete"), ...rights("deletecollection").filter(({ names }) => names === null)];
  const again = creates.flatMap((create) =>
    deletes.flatMap(({ where, names }) => {
      const place = meet(create.where, where);
      return place === null ? [] : [reachAt(world, place, names)];
    }),
  );
  return unite([...changed, ...again]);
}

function reachAt(world: World, where: string, names: readonly string[] | null): Reach {
  return world.secretsAt(where, names === null ? null : names.filter((name) => name !== ""));
}

function rightsTo({ rbac }: World, subject: SubjectRef, verb: string): Right[] {
  const operation = { verb, group: "", resource: "secrets", subresource: "" };
  return allBindingsOf(rbac, identityOf(subject)).flatMap(({ role, namespace }) =>
    (role === null ? [] : matchingRules(role, operation)).map(({ rule: { resourceNames } }) => ({
      where: namespace,
      names: resourceNames.length === 0 ? null : resourceNames,
    })),
  );
}
