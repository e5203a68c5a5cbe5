import type { Json } from "../../../src/model/api.ts";
import type { Resource, Snapshot } from "../../../src/model/snapshot.ts";
import { createContext } from "../../../src/evidence/context.ts";
import type { ProjectionContext } from "../../../src/evidence/context.ts";
import { emptyLists } from "../../../src/evidence/decode.ts";
import { KINDS } from "../../../src/evidence/kinds/index.ts";
import { byName } from "../../../src/evidence/order.ts";

/** One object as its kind projects it, with the notes it gave. */
export async function projected<R extends Resource>(
  resource: R,
  raw: unknown,
  key = "test",
): Promise<{ object: Snapshot[R][number]; notes: string[]; context: ProjectionContext }> {
  const { context, notes } = await createContext(key);
  const object = KINDS[resource].project(raw as Json, context) as Snapshot[R][number];
  return { object, notes: [...notes], context };
}

/** A pod of one container with these fields. */
export function podWith(container: object, spec: object = {}, rest: object = {}): Json {
  return {
    metadata: { name: "p", namespace: "database", uid: "u1" },
    spec: { containers: [{ name: "backup", image: "postgres:17", ...container }], ...spec },
    ...rest,
  };
}

/** A snapshot of these objects, as collect would sort them. */
export function snapshotOf(lists: Partial<Pick<Snapshot, Resource>>): Snapshot {
  const all = { ...emptyLists(), ...lists };
  for (const list of Object.values(all)) list.sort(byName);
  return {
    metadata: {
      takenAt: "2026-11-22T05:41:09Z",
      cluster: { server: "https://127.0.0.1:6443", version: "v1.36.4", uid: "c1" },
      user: "alice",
      scope: { namespaces: null },
      tool: { version: "0.1.0" },
    },
    source: "cluster",
    collected: Object.keys(lists) as Resource[],
    beyondScope: [],
    otherAuthorizers: null,
    blindSpots: [],
    notes: [],
    ...all,
    earlier: null,
    recoveryNotes: [],
    logs: null,
  };
}
