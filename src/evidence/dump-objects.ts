import type { Json } from "../model/api.ts";
import type { Resource } from "../model/snapshot.ts";
import { asObject, listAt, objectAt, stringAt } from "./json.ts";
import { KINDS, RESOURCES } from "./kinds/index.ts";

/** One object of a dump, with namespace and uid filled in. */
export interface DumpObject {
  resource: Resource;
  namespace: string | null;
  raw: Json;
}

/** What a dump holds, and what about it has to be said. */
export interface Dump {
  objects: DumpObject[];
  /** Kinds that the file covers: those of its objects, and those of empty typed lists. */
  kinds: Set<Resource>;
  lists: number;
  /** Kinds that are not evidence, with how many objects of each. */
  unknown: Map<string, number>;
  withoutUid: number;
  withoutNamespace: number;
  repeated: number;
  /** Items without a kind, so that nobody can say what they are. */
  unreadable: number;
  /** Items of a known kind without a name, or that are no objects. */
  nameless: Map<Resource, number>;
}

const DEEPEST_LIST = 4;
const KIND = /^[A-Z][A-Za-z0-9]{0,62}$/;

/** Takes lists apart and keeps the objects that are evidence. */
export function flatten(documents: unknown[]): Dump {
  const counts = { lists: 0, withoutUid: 0, withoutNamespace: 0, repeated: 0, unreadable: 0 };
  const dump: Dump = { objects: [], kinds: new Set(), unknown: new Map(), nameless: new Map(), ...counts };
  const byId = new Map<string, DumpObject>();
  for (const document of documents) visit(document, null, 0, dump, byId);
  dump.objects = [...byId.values()];
  return dump;
}

/** `of` is what a typed list says of items that do not say it themselves, as in `kubectl get --raw`. */
function visit(node: unknown, of: Json | null, depth: number, dump: Dump, byId: Map<string, DumpObject>): void {
  if (node === null || node === undefined) return;
  if (Array.isArray(node) && depth < DEEPEST_LIST) {
    for (const item of node) visit(item, of, depth + 1, dump, byId);
    return;
  }
  const object = asObject(node);
  const kind = stringAt(object, "kind") ?? stringAt(of, "kind");
  const apiVersion = stringAt(object, "apiVersion") ?? stringAt(of, "apiVersion");
  if (object === null || kind === null || apiVersion === null) {
    leaveOut(kind === null || apiVersion === null ? null : resourceOf(kind, apiVersion), dump);
  } else if (kind.endsWith("List") && depth < DEEPEST_LIST) {
    dump.lists += 1;
    const items = { kind: kind.slice(0, -"List".length), apiVersion };
    const resource = resourceOf(items.kind, apiVersion);
    if (resource !== null) dump.kinds.add(resource);
    for (const item of listAt(object, "items")) visit(item, items.kind === "" ? null : items, depth + 1, dump, byId);
  } else {
    add(object, kind, apiVersion, dump, byId);
  }
}

function leaveOut(resource: Resource | null, dump: Dump): void {
  if (resource === null) dump.unreadable += 1;
  else dump.nameless.set(resource, (dump.nameless.get(resource) ?? 0) + 1);
}

function resourceOf(kind: string, apiVersion: string): Resource | null {
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  return RESOURCES.find((resource) => KINDS[resource].kind === kind && KINDS[resource].group === group) ?? null;
}

function add(object: Json, kind: string, apiVersion: string, dump: Dump, byId: Map<string, DumpObject>): void {
  const resource = resourceOf(kind, apiVersion);
  if (resource === null) {
    const shown = KIND.test(kind) ? kind : "without a valid kind";
    if (dump.unknown.has(shown) || dump.unknown.size < 50) dump.unknown.set(shown, (dump.unknown.get(shown) ?? 0) + 1);
    return;
  }
  const meta = objectAt(object, "metadata");
  const name = stringAt(meta, "name") ?? stringAt(meta, "generateName");
  if (name === null) {
    leaveOut(resource, dump);
    return;
  }
  dump.kinds.add(resource);
  const isNamespaced = KINDS[resource].namespaced;
  const named = isNamespaced ? stringAt(meta, "namespace") : null;
  if (isNamespaced && named === null) dump.withoutNamespace += 1;
  const namespace = isNamespaced ? (named ?? "default") : null;
  const given = stringAt(meta, "uid");
  if (given === null) dump.withoutUid += 1;
  const uid = given ?? `manifest:${kind}/${namespace ?? ""}/${name}`;
  const raw = { ...object, metadata: { ...meta, name, namespace, uid } };
  const id = `${resource}/${namespace ?? ""}/${name}/${uid}`;
  if (byId.has(id)) dump.repeated += 1;
  byId.set(id, { resource, namespace, raw });
}
