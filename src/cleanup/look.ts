import { objectAt, stringAt } from "../evidence/json.ts";
import type { Api, Json } from "../model/api.ts";
import { pathOfObject, survivable } from "./bundle/fetch.ts";
import type { Wanted } from "./bundle/fetch.ts";

/** What a read finds under the name of a chosen object. */
export type Found =
  | { state: "gone" }
  /** Another object has its name. */
  | { state: "replaced" }
  /** It is there; `going` since when somebody deletes it. */
  | { state: "there"; raw: Json; resourceVersion: string; going: string | null }
  | { state: "unread"; because: string };

/** A fresh read of one object. Throws only what ends every request. */
export async function look(api: Api, wanted: Wanted): Promise<Found> {
  let raw: Json;
  try {
    raw = await api.get(pathOfObject(wanted));
  } catch (error) {
    const { status, message } = survivable(error);
    return status === 404 ? { state: "gone" } : { state: "unread", because: message };
  }
  const metadata = objectAt(raw, "metadata");
  if (stringAt(metadata, "uid") !== wanted.object.uid) return { state: "replaced" };
  const resourceVersion = stringAt(metadata, "resourceVersion") ?? "";
  return { state: "there", raw, resourceVersion, going: stringAt(metadata, "deletionTimestamp") };
}
