import type { Reader, ReaderGrant, Readers } from "../model/report.ts";
import { chainOf } from "./authorize.ts";
import { isBuiltIn } from "./builtin.ts";
import type { Binding, Grant, Rbac } from "./compile.ts";
import { partsOf, type Edge, type Named, type Part } from "./edge.ts";
import { edges } from "./edges/index.generated.ts";
import { isServed } from "./kube-version.ts";
import { earliest, provedSince } from "./proved-since.ts";
import { compareSubjects, compareText, groupKey, isEveryone, MASTERS, type SubjectKey } from "./subjects.ts";
import { bindingsFor, operationGrants, type Operation } from "./who-can.ts";

/**
 * An object whose content is read. `name` "" asks for those who read any object of that kind there. A node is read for
 * the pods bound to it, which its kubelet tells.
 */
export interface Readable {
  group: string;
  resource: string;
  namespace: string;
  name: string;
  /** What is read of it. Absent: the spec, or the data. */
  part?: Part;
  /** True for what is gone: a list or watch alone still returns it, at a resourceVersion from before. */
  deleted?: boolean;
}

/** Readers through one set of bindings, by subject. */
type Found = ReadonlyMap<SubjectKey, { reader: Reader; builtIn: boolean }>;

/** A reader while its grants are gathered, by binding and rule. */
interface Gathered {
  reader: Reader;
  builtIn: boolean;
  byGrant: Map<string, ReaderGrant>;
}

/** What one set of bindings says of one resource, by the name that was asked for; null stands for all names that no rule mentions. */
interface Known {
  names: ReadonlySet<string>;
  byName: Map<string | null, Found>;
}

const knownOfBindings = new WeakMap<readonly Binding[], Map<string, Known>>();
const knownOfRbac = new WeakMap<Rbac, Map<string, Readers>>();
const edgesOfRbac = new WeakMap<Rbac, Map<string, readonly ReadEdge[]>>();

/** A direct read as one request: what it asks for, and whether it carries a name. */
export interface ReadEdge {
  id: string;
  needs: Operation & { named: Named };
}

/** The edges by which a part of such an object is read directly: through the resource itself or one of its subresources. */
export function readEdges(
  rbac: Rbac,
  object: Omit<Readable, "namespace" | "name">,
  what = whatIsRead(object),
): readonly ReadEdge[] {
  return edgesOfRbac
    .getOrInsertComputed(rbac, () => new Map<string, readonly ReadEdge[]>())
    .getOrInsertComputed(what, () =>
      everyEdge
        .filter((edge) => partsOf(edge).includes(object.part ?? "spec") && isServed(rbac.version, edge) !== false)
        .flatMap((edge) => requestsOf(edge, object))
        .filter(({ needs: { verb } }) => object.deleted !== true || verb === "list" || verb === "watch"),
    );
}

const everyEdge: readonly Edge[] = edges;

function requestsOf({ id, needs }: Edge, { group, resource }: Pick<Readable, "group" | "resource">): ReadEdge[] {
  return needs.flatMap(({ verbs, on, named }) =>
    on
      .filter((one) => one.group === group && one.resource === resource)
      .flatMap(({ subresource }) =>
        verbs.map((verb) => ({ id, needs: { verb, group, resource, subresource, named } })),
      ),
  );
}

/** No part of it can hold a space. */
function whatIsRead({ group, resource, part = "spec", deleted = false }: Omit<Readable, "namespace" | "name">): string {
  return `${group}/${resource} ${part}${deleted ? " deleted" : ""}`;
}

/**
 * Who reads an object, everyone first. `count` is null where no grant could be seen. Built-in readers are folded unless
 * `allReaders`. Answers are remembered and shared: callers must not change them, and may compare them by identity.
 */
export function readersOf(rbac: Rbac, object: Readable, options: { allReaders?: boolean } = {}): Readers {
  const { namespace } = object;
  const allReaders = options.allReaders ?? false;
  const what = whatIsRead(object);
  const along = readEdges(rbac, object, what);
  const sets = bindingsFor(rbac, namespace).map((bindings) => ({ bindings, known: knownOf(bindings, what, along) }));
  const name = sets.some(({ known }) => known.names.has(object.name)) ? object.name : null;
  // JSON keeps the parts apart, whatever a hostile name holds.
  const key = JSON.stringify([what, namespace, name, allReaders]);
  return knownOfRbac
    .getOrInsertComputed(rbac, () => new Map<string, Readers>())
    .getOrInsertComputed(key, () => {
      const found = sets.map(({ bindings, known }) => {
        const asked = name !== null && known.names.has(name) ? name : null;
        return known.byName.getOrInsertComputed(asked, () => find(bindings, along, asked));
      });
      return render(found.reduce(unite, mastersRead(along)), rbac.seen(namespace), allReaders);
    });
}

/** The readers of one object, as shown by default and with all that are built in. */
export interface ReaderSets {
  outside: Readers;
  all: Readers;
  /** Whether every grant that counts was seen. */
  whole: boolean;
}

interface Asked {
  /** Names that rules mention, by sets of bindings. */
  names: readonly ReadonlySet<string>[];
  others: ReaderSets;
}

/** As readersOf, for many objects one after the other: those that no rule mentions by name share one answer. */
export function readerSets(rbac: Rbac): (object: Readable) => ReaderSets {
  const asked = new Map<string, Asked>();
  const setsOf = (object: Readable): ReaderSets => ({
    whole: rbac.whole(object.namespace),
    outside: readersOf(rbac, object),
    all: readersOf(rbac, object, { allReaders: true }),
  });
  return (object) => {
    const what = whatIsRead(object);
    const known = asked.getOrInsertComputed(`${what} ${object.namespace}`, () => {
      const along = readEdges(rbac, object, what);
      const names = bindingsFor(rbac, object.namespace).map((bindings) => knownOf(bindings, what, along).names);
      // No object has this name.
      return { names: names.filter(({ size }) => size > 0), others: setsOf({ ...object, name: "" }) };
    });
    return known.names.some((names) => names.has(object.name)) ? setsOf(object) : known.others;
  };
}

function knownOf(bindings: readonly Binding[], what: string, along: readonly ReadEdge[]): Known {
  return knownOfBindings
    .getOrInsertComputed(bindings, () => new Map<string, Known>())
    .getOrInsertComputed(what, () => {
      const names = along.flatMap(({ needs }) => [...operationGrants(bindings, needs).byName.keys()]);
      return { names: new Set(names.filter((name) => name !== "")), byName: new Map() };
    });
}

/**
 * Edges come sorted, and so do those that a reader comes through. A list may carry the name or not, and either request
 * returns the object; only a rule that names "" needs the latter.
 */
function find(bindings: readonly Binding[], along: readonly ReadEdge[], name: string | null): Found {
  const found = new Map<SubjectKey, Gathered>();
  for (const { id, needs } of along) {
    const { anyName, byName } = operationGrants(bindings, needs);
    const named = name === null || needs.named === "never" ? [] : (byName.get(name) ?? []);
    const unnamed = needs.named === "always" ? [] : (byName.get("") ?? []);
    for (const grant of [...anyName, ...named, ...unnamed]) {
      const since = provedSince(grant);
      const grantKey = keyOf(grant);
      for (const { key, subject } of grant.binding.subjects) {
        const builtIn = key === groupKey(MASTERS) || isBuiltIn(grant.binding.source, subject);
        const known = found.getOrInsertComputed(key, () => ({
          reader: { subject, provedSince: since, through: [], grants: [] },
          builtIn,
          byGrant: new Map<string, ReaderGrant>(),
        }));
        const { reader, byGrant } = known;
        reader.provedSince = earliest([reader.provedSince, since]);
        if (!reader.through.includes(id)) reader.through.push(id);
        const own = byGrant.getOrInsertComputed(grantKey, () => {
          const fresh: ReaderGrant = { chain: chainOf(grant), through: [] };
          reader.grants.push(fresh);
          return fresh;
        });
        if (!own.through.includes(id)) own.through.push(id);
        known.builtIn &&= builtIn;
      }
    }
  }
  return found;
}

/** Tells the grants of one set of bindings apart. */
function keyOf({ binding: { source }, rule }: Grant): string {
  return JSON.stringify([
    source.kind,
    source.meta.namespace,
    source.meta.name,
    rule.role.kind,
    rule.role.meta.name,
    rule.index,
  ]);
}

/** The privileged group reads everything before any rule is read, so nothing dates it. */
function mastersRead(along: readonly ReadEdge[]): Found {
  const through = along.map(({ id }) => id);
  const subject = { kind: "Group" as const, namespace: null, name: MASTERS };
  const reader: Reader = { subject, provedSince: null, through, grants: [] };
  return new Map([[groupKey(MASTERS), { reader, builtIn: true }]]);
}

function unite(one: Found, other: Found): Found {
  if (other.size === 0) return one;
  const all = new Map(one);
  for (const [key, entry] of other) {
    const known = all.get(key);
    if (known === undefined) all.set(key, entry);
    else {
      const through = [...new Set([...known.reader.through, ...entry.reader.through])].sort(compareText);
      const since = earliest([known.reader.provedSince, entry.reader.provedSince]);
      const grants = [...known.reader.grants, ...entry.reader.grants];
      const reader = { ...known.reader, provedSince: key === groupKey(MASTERS) ? null : since, through, grants };
      all.set(key, { reader, builtIn: known.builtIn && entry.builtIn });
    }
  }
  return all;
}

function render(found: Found, seen: boolean, allReaders: boolean): Readers {
  const items: Reader[] = [];
  for (const { reader, builtIn } of found.values()) if (allReaders || !builtIn) items.push(reader);
  items.sort((a, b) => compareSubjects(a.subject, b.subject));
  return {
    everyone: items.some(({ subject }) => isEveryone(subject)),
    count: seen ? items.length : null,
    items,
    folded: found.size - items.length,
  };
}
