import type { Time } from "../model/object.ts";
import type { Reader, ReaderGrant, Readers, SubjectRef } from "../model/report.ts";
import { earliest } from "../rbac/proved-since.ts";
import { readerSets, type Rbac } from "../rbac/index.ts";
import type { ReaderSets } from "../rbac/readers.ts";
import { compareSubjects, isEveryone, nodeUsername } from "../rbac/subjects.ts";
import type { Found } from "./class.ts";
import type { Carried } from "./identity.ts";
import { readablesOf } from "./readable.ts";
import { compareTimes } from "./windows.ts";

/** The edge by which a node's kubelet reads what pods bound to it name (plugin/pkg/auth/authorizer/node). */
export const NODE_EDGE = "node-authorizer";

/** Who reads one credential, through all of its carriers. */
export type ReadersOf = (carriers: readonly Carried[]) => Known;

/** The readers as they are shown, and how many are not built in, whatever is shown; null where that may be more than none. */
export interface Known {
  readers: Readers;
  outsiders: number | null;
}

/**
 * Unites the readers of a credential's carriers, everyone first. Nodes are built-in readers of the literals in their
 * pods, and are shown as readers of what they alone reach: tokens and references. `count` is null where RBAC decides and
 * was not seen, or was not seen whole and shows nobody. Unions of the same sets are made once.
 */
export function readersIndex(rbac: Rbac, allReaders: boolean): ReadersOf {
  const ids = new Map<Readers, number>();
  const unions = new Map<string, Known>();
  const idOf = (set: Readers): number => {
    const id = ids.get(set) ?? ids.size;
    ids.set(set, id);
    return id;
  };
  const setsOf = readerSets(rbac);
  const users = new Map<string, SubjectRef>();
  const userOf = (node: string): SubjectRef =>
    users.getOrInsertComputed(node, () => ({ kind: "User", namespace: null, name: nodeUsername(node) }));
  // Those of one Secret, and of one node, are the same wherever a pod names it.
  const known = new Map<Found["access"], ReaderSets[]>();
  const setsOfFound = (found: Found): ReaderSets[] => {
    const [first, ...others] = found.access;
    const isShared = first !== undefined && (first.by === "node" || first.resource === "secrets");
    // Of a workload it depends on the part that carries it, too.
    if (!isShared || others.length > 0) return readablesOf(found).map(setsOf);
    return known.getOrInsertComputed(found.access, () => readablesOf(found).map(setsOf));
  };
  return (carriers) => {
    const outside = new Set<Readers>();
    const all = new Set<Readers>();
    const nodes = new Map<string, { since: Time; hidden: boolean }>();
    let whole = true;
    for (const { found } of carriers) {
      const sets = setsOfFound(found);
      for (const set of sets) {
        whole &&= set.whole;
        outside.add(set.outside);
        all.add(set.all);
      }
      // Where RBAC shares a carrier out, the node is only the machine that ran it.
      const hidden = !allReaders && sets.length > 0;
      for (const access of found.access) {
        if (access.by === "node") addNode(nodes, access.node, access.since ?? found.opening.opens, hidden);
      }
    }
    const key = [...all]
      .map(idOf)
      .sort((a, b) => a - b)
      .join(" ");
    const base = unions.get(key) ?? unite(outside, all, { allReaders, whole });
    unions.set(key, base);
    return nodes.size === 0 ? base : { ...base, readers: withNodes(base.readers, nodes, userOf) };
  };
}

function addNode(
  nodes: Map<string, { since: Time; hidden: boolean }>,
  node: string,
  opens: Time,
  hidden: boolean,
): void {
  const known = nodes.get(node);
  if (known === undefined) nodes.set(node, { since: opens, hidden });
  else {
    known.hidden &&= hidden;
    if (compareTimes(opens, known.since) < 0) known.since = opens;
  }
}

function unite(
  outside: ReadonlySet<Readers>,
  all: ReadonlySet<Readers>,
  { allReaders, whole }: { allReaders: boolean; whole: boolean },
): Known {
  const outsiders = merge(outside);
  const everybody = merge(all);
  const items = allReaders ? everybody : outsiders;
  const unseen = all.size > 0 && [...all].every(({ count }) => count === null);
  const readers = {
    everyone: items.some(({ subject }) => isEveryone(subject)),
    count: unseen || (items.length === 0 && !whole) ? null : items.length,
    items,
    folded: everybody.length - items.length,
  };
  return { readers, outsiders: outsiders.length === 0 && !whole ? null : outsiders.length };
}

/** One entry for each subject: the earliest proof and every edge. */
function merge(sets: ReadonlySet<Readers>): Reader[] {
  const first = [...sets];
  if (first.length === 1) return first[0]!.items;
  const bySubject = new Map<string, Reader>();
  for (const { items } of first) {
    for (const { subject, provedSince, through, grants } of items) {
      const key = `${subject.kind}/${subject.namespace ?? ""}/${subject.name}`;
      const known = bySubject.get(key);
      if (known === undefined) bySubject.set(key, { subject, provedSince, through: [...through], grants: [...grants] });
      else {
        known.provedSince = earliest([known.provedSince, provedSince]);
        known.through = [...new Set([...known.through, ...through])].sort();
        known.grants = uniteGrants(known.grants, grants);
      }
    }
  }
  return [...bySubject.values()].sort((a, b) => compareSubjects(a.subject, b.subject));
}

/** Each rule once, with every edge that any of its sets goes by. */
function uniteGrants(one: readonly ReaderGrant[], other: readonly ReaderGrant[]): ReaderGrant[] {
  const byChain = new Map<string, ReaderGrant>();
  for (const { chain, through } of [...one, ...other]) {
    const key = JSON.stringify(chain);
    const known = byChain.get(key);
    byChain.set(key, {
      chain,
      through: known === undefined ? through : [...new Set([...known.through, ...through])].sort(),
    });
  }
  return [...byChain.values()];
}

const BY_NODE = [NODE_EDGE];

function withNodes(
  base: Readers,
  nodes: ReadonlyMap<string, { since: Time; hidden: boolean }>,
  userOf: (node: string) => SubjectRef,
): Readers {
  const items: Reader[] = [...base.items];
  let folded = base.folded;
  for (const [node, { since, hidden }] of nodes) {
    const user = userOf(node);
    const at = base.items.findIndex(({ subject }) => subject.kind === "User" && subject.name === user.name);
    const known = items[at];
    if (known !== undefined) {
      const provedSince = earliest([known.provedSince, since]);
      items[at] = { ...known, provedSince, through: [...known.through, NODE_EDGE].sort() };
    } else if (hidden) folded++;
    else items.push({ subject: user, provedSince: since, through: BY_NODE, grants: [] });
  }
  items.sort((a, b) => compareSubjects(a.subject, b.subject));
  return { ...base, count: base.count === null ? null : items.length, items, folded };
}
