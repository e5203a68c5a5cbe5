import type { Json } from "../model/api.ts";
import type { ObjectMeta } from "../model/object.ts";
import { fieldsOfRaw } from "./fields.ts";
import type { Intent, Outcome } from "./journal.ts";
import { isNamed, namesManagers } from "./managers.ts";

type Resolved = Pick<Outcome, "outcome" | "because">;

/**
 * What became of a patch of which no outcome was written, from the object as it is now; null where it is gone. A change that is
 * there is ours only where managedFields name the patch: somebody else may have made the same one.
 */
export function resolveIntent(intent: Intent, raw: Json | null): Resolved {
  const { object, resourceVersion, changes, action, manager } = intent;
  const meta = raw?.["metadata"] as Partial<ObjectMeta> | undefined;
  if (raw === null || meta?.uid !== object.uid) return { outcome: "gone", because: "it is gone" };
  if (meta?.resourceVersion === resourceVersion) {
    return { outcome: "not-done", because: "the object was not changed since" };
  }
  if (manager !== undefined && isNamed(manager, raw)) {
    return { outcome: "done", because: `read back: managedFields name ${manager}` };
  }
  const fields = fieldsOfRaw(object.kind, raw);
  const made = changes.filter(({ field, to }) => (fields[field] ?? null) === to);
  // Once a field is as it was before the hold, it does not matter who put it back.
  if (action === "release" && made.length === changes.length) {
    return { outcome: "done", because: "read back: the change is there" };
  }
  if (action === "release" || made.length === 0) {
    return { outcome: "not-done", because: "read back: the change is not there" };
  }
  return isTold(intent, raw)
    ? {
        outcome: "not-done",
        because: "read back: somebody else made the same change, managedFields name no patch of ours",
      }
    : {
        outcome: "unclear",
        because: `${madeText(made)}, and whether this hold or somebody else did that cannot be told`,
      };
}

/** Whether the patch would have left its name: whoever takes a field away owns nothing by that. */
function isTold({ manager, changes }: Intent, raw: Json): boolean {
  return manager !== undefined && changes.some(({ to }) => to !== null) && namesManagers(raw);
}

function madeText(made: Intent["changes"]): string {
  return made
    .map(({ field, from, to }) => `spec.${field} was ${String(from)} and is ${to === null ? "absent" : String(to)}`)
    .join(", ");
}
