import type { SubjectRef } from "../model/report.ts";
import { identityOf, readersOf, type Rbac } from "../rbac/index.ts";
import { earliest } from "../rbac/proved-since.ts";
import { nodeUsername } from "../rbac/subjects.ts";
import type { Carried } from "./identity.ts";
import { readablesOf } from "./readable.ts";
import { compareTimes, earlier } from "./windows.ts";

const LATER = "its grant is proved since then at the latest";
const OVER = "its grant is proved only for later, so whether it could read it in time is not known";

/**
 * The carriers that one identity reads, each from the time that its grant is proved: a window of one reader begins at the
 * later of the two, and is empty where it had closed by then. `who` are its User or ServiceAccount and the groups that it
 * is in. An undated grant to one of them proves the whole window; beside dated ones to the same it proves nothing.
 */
export function visibleTo(carriers: readonly Carried[], who: readonly SubjectRef[], rbac: Rbac): Carried[] {
  return carriers.flatMap(({ rule, found }) => {
    const { opening, closing } = found;
    const grants = readablesOf(found)
      .flatMap((object) => readersOf(rbac, object, { allReaders: true }).items)
      .filter(({ subject }) => who.some((one) => readsAs(one, subject)));
    const ofSubjects = [...Map.groupBy(grants, ({ subject }) => JSON.stringify(subject)).values()].map((own) =>
      earliest(own.map(({ provedSince }) => provedSince)),
    );
    const ofNode = found.access.flatMap((access) =>
      access.by === "node" && who.some((one) => isNode(one, access.node)) ? [access.since ?? opening.opens] : [],
    );
    const proofs = [...ofSubjects, ...ofNode];
    if (proofs.length === 0) return [];
    const since = proofs.includes(null) ? null : proofs.reduce(earlier);
    if (since === null || compareTimes(since, opening.opens) <= 0) return [{ rule, found }];
    const over = closing.at !== null && compareTimes(since, closing.at) > 0;
    const because = `${opening.because}; ${over ? OVER : LATER}`;
    const opens = over ? closing.at! : since;
    return [{ rule, found: { ...found, opening: { ...opening, opens, isBound: true, because } } }];
  });
}

function isNode({ kind, name }: SubjectRef, node: string): boolean {
  return kind === "User" && name === nodeUsername(node);
}

/** True where a request of the one is a request of the other: the same, or one of its groups. */
export function readsAs(named: SubjectRef, reader: SubjectRef): boolean {
  if (reader.kind === "Group" && identityOf(named).groups.includes(reader.name)) return true;
  if (named.kind !== reader.kind || named.name !== reader.name) return false;
  return named.namespace === null || named.namespace === reader.namespace;
}
