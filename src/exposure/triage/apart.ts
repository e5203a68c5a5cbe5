import { objectOf } from "../class.ts";
import type { ExposureContext } from "../context.ts";
import type { Judged } from "../judged.ts";
import { distinct, namespacesOf } from "./line.ts";

/**
 * What to add to the names of credentials whose lines would read alike: the container, the workload, both, or else the
 * path. Empty where the name is enough.
 */
export function apart(judged: readonly Judged[], context: ExposureContext): Map<Judged, string> {
  const alike = Map.groupBy(judged, ({ item, carriers }) =>
    JSON.stringify([
      item.credential.name,
      item.removedFromTemplate,
      namespacesOf(distinct(carriers.map(({ found }) => objectOf(found, context)))),
    ]),
  );
  const added = new Map<Judged, string>();
  for (const group of alike.values()) {
    const tells = group.length === 1 ? () => "" : marks.find((mark) => new Set(group.map(mark)).size === group.length);
    for (const one of group) added.set(one, (tells ?? place)(one));
  }
  return added;
}

const marks: ((judged: Judged) => string)[] = [
  (judged) => ` of ${container(judged)}`,
  (judged) => ` of ${workload(judged)}`,
  (judged) => ` of ${workload(judged)}, ${container(judged)}`,
];

/** Containers by name; an annotation is of none. */
function container({ carriers }: Judged): string {
  const names = [...new Set(carriers.flatMap(({ found }) => found.containers ?? []))];
  return names.length === 0 ? (carriers[0]?.found.path ?? "") : `container ${names.join(", ")}`;
}

function workload({ item }: Judged): string {
  return `${item.workload.kind.toLowerCase()}/${item.workload.name}`;
}

function place(judged: Judged): string {
  return ` of ${workload(judged)} at ${judged.carriers[0]?.found.path ?? ""}`;
}
