import { pathOf } from "../../control-plane/act.ts";
import type { Attack } from "./attack.ts";
import { ENFORCE, enforce, intrude, podSecurity } from "./psa.ts";
import type { Stage } from "./stage.ts";

/** Takes the label off; an update sends what is there without it. */
async function unlabel(stage: Stage, verb: string): Promise<void> {
  const path = pathOf("Namespace", null, stage.namespace);
  if (verb === "update") {
    await stage.send("PUT", path, { metadata: { name: stage.namespace, labels: {} } });
  } else {
    const contentType = "application/merge-patch+json";
    await stage.send("PATCH", path, { metadata: { labels: { [ENFORCE]: null } } }, { contentType });
  }
}

export const attacks: Attack[] = ["patch", "update"].map((verb) => ({
  edge: "namespaces-patch",
  how: `${verb}: takes the Pod Security label off its namespace, by a RoleBinding there, and creates a pod that sees its node`,
  accepted: true,
  rights: (stage) => [stage.here(verb, "namespaces", stage.namespace), stage.here("create", "pods")],
  arrange: async (stage) => {
    await enforce(stage, "restricted");
    await podSecurity(stage, "refuses");
  },
  attack: async (stage) => {
    await unlabel(stage, verb);
    await podSecurity(stage, "admits");
    return intrude(stage);
  },
}));
