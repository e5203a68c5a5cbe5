import type { Attack } from "./attack.ts";
import { canaryPath, SECRET, valueIn } from "./stage.ts";

/** A deletion that waits for finalizers answers with the object; one that does not, with a Status. */
export const attacks: Attack[] = ["Foreground", "Orphan"].map((policy) => ({
  edge: "secrets-delete",
  how: `by a deletion with propagation policy ${policy} that is not carried out`,
  rights: (stage) => [stage.here("delete", "secrets", SECRET)],
  attack: async (stage) =>
    valueIn(await stage.send("DELETE", `${canaryPath(stage)}?dryRun=All&propagationPolicy=${policy}`)),
}));
