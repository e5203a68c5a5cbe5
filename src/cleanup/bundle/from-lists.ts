import { objectAt, stringAt } from "../../evidence/json.ts";
import type { Api } from "../../model/api.ts";
import { survivable, typed } from "./fetch.ts";
import type { Fetched, Wanted } from "./fetch.ts";

/** Kinds that a plan has listed before: a list of others would read more than was asked for. */
const LISTED = ["batch/jobs", "/pods"];
/** From so many of one kind on a list is asked for; fewer are asked for by name. */
const MANY = 50;
/** Beyond so many namespaces they are listed for the whole cluster. */
const EACH_BY_ITSELF = 3;
/** An object by itself costs the server about as much as so many in a list. */
const SPARSE = 8;
/** Objects before it counts how few of them are wanted. */
const SAMPLE = 500;

/**
 * The Jobs and pods among these that are many, as pages of lists show them, by kind and in the order of their names; each that
 * comes is taken out of `wanted`. What a list does not show under its uid and name, because it is gone, came later, or the list
 * was refused, stays there. Throws only what ends every request.
 */
export async function* fromLists(
  api: Api,
  wanted: Map<string, Wanted>,
): AsyncGenerator<[Wanted, Fetched], void, undefined> {
  for (const kind of LISTED) {
    const counts = countsOf(wanted, kind);
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    if (total < MANY) continue;
    if (counts.size > EACH_BY_ITSELF && (yield* listed(api, kind, null, wanted)) === "ended") continue;
    for (const [namespace, count] of counts) if (count >= MANY) yield* listed(api, kind, namespace, wanted);
  }
}

function countsOf(wanted: ReadonlyMap<string, Wanted>, kind: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { object, resource } of wanted.values()) {
    if (`${resource.group}/${resource.resource}` !== kind || object.uid === null || object.namespace === null) continue;
    counts.set(object.namespace, (counts.get(object.namespace) ?? 0) + 1);
  }
  return new Map([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function* listed(
  api: Api,
  kind: string,
  namespace: string | null,
  wanted: Map<string, Wanted>,
): AsyncGenerator<[Wanted, Fetched], "ended" | "refused", undefined> {
  const [group = "", resource = ""] = kind.split("/");
  let [seen, found] = [0, 0];
  try {
    for await (const { items } of api.list(group, "v1", resource, { namespace })) {
      for (const raw of items) {
        const metadata = objectAt(raw, "metadata");
        const uid = stringAt(metadata, "uid") ?? "";
        const one = wanted.get(uid);
        if (one?.object.name !== stringAt(metadata, "name")) continue;
        if (one.object.namespace !== stringAt(metadata, "namespace")) continue;
        wanted.delete(uid);
        found += 1;
        yield [one, { raw: typed(raw, one), metadataOnly: false }];
      }
      seen += items.length;
      if (wanted.size === 0 || seen - SAMPLE > SPARSE * found) return "ended";
    }
    return "ended";
  } catch (error) {
    return survivable(error).status === 403 ? "refused" : "ended";
  }
}
