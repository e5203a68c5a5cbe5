import type { Json } from "../model/api.ts";
import type { ObjectMeta } from "../model/object.ts";
import { fieldsOfRaw } from "./fields.ts";
import type { Intent, Outcome } from "./journal.ts";

/** What became of a patch of which no outcome was written, from the object as it is now; null where it is gone. */
export function resolveIntent(intent: Intent, raw: Json | null): Pick<Outcome, "outcome" | "because"> {
  const { object, resourceVersion, changes } = intent;
  const meta = raw?.["metadata"] as Partial<ObjectMeta> | undefined;
  if (raw === null || meta?.uid !== object.uid) return { outcome: "gone", because: "it is gone" };
  if (meta?.resourceVersion === resourceVersion) {
    return { outcome: "not-done", because: "the object was not changed since" };
  }
  const fields = fieldsOfRaw(object.kind, raw);
  const made = changes.every(({ field, to }) => (fields[field] ?? null) === to);
  return made
    ? { outcome: "done", because: "read back: the change is there" }
    : { outcome: "not-done", because: "read back: the change is not there" };
}
