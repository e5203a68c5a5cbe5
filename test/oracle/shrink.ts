import type { OracleCase } from "../control-plane/oracle.ts";

/** Fields without which an object is still one that an API server could hold. */
const OPTIONAL = new Set([
  "aggregationRule",
  "annotations",
  "deletionTimestamp",
  "ephemeralContainers",
  "imagePullSecrets",
  "initContainers",
  "labels",
  "nonResourceURLs",
  "resourceNames",
  "status",
  "volumes",
]);

type Path = (string | number)[];

/**
 * Drops objects, rules, subjects, list entries, optional fields and groups of the asker for as long as `differs` still holds,
 * and gives what is left when nothing more can go. The case given must differ.
 */
export async function shrink(
  asked: OracleCase,
  differs: (smaller: OracleCase) => Promise<boolean>,
): Promise<OracleCase> {
  let current = asked;
  for (let shrunk = true; shrunk;) {
    shrunk = false;
    // The last entry of a list first, so that the paths of the others stay right.
    for (const path of removable(current).toReversed()) {
      const smaller = without(current, path);
      if (!(await differs(smaller))) continue;
      current = smaller;
      shrunk = true;
    }
  }
  return current;
}

/** Paths of everything that may go, outer ones before what is in them. */
function removable({ objects, deleted = [], users }: OracleCase): Path[] {
  return [
    ...pathsIn(objects, ["objects"]),
    ...pathsIn(deleted, ["deleted"]).filter((path) => path.length === 2),
    ...users.flatMap(({ groups }, user) => groups.map((_, group): Path => ["users", user, "groups", group])),
  ];
}

function pathsIn(value: unknown, path: Path): Path[] {
  if (Array.isArray(value)) {
    return value.flatMap((entry, index) => [[...path, index], ...pathsIn(entry, [...path, index])]);
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(OPTIONAL.has(key) ? [[...path, key]] : []),
    ...pathsIn(inner, [...path, key]),
  ]);
}

function without<T>(value: T, [step, ...rest]: Path): T {
  if (Array.isArray(value)) {
    const index = step as number;
    return (rest.length === 0 ? value.toSpliced(index, 1) : value.with(index, without(value[index], rest))) as T;
  }
  const { [step as string]: inner, ...others } = value as Record<string, unknown>;
  return (rest.length === 0 ? others : { ...(value as object), [step as string]: without(inner, rest) }) as T;
}
