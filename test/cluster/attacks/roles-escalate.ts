import { pathOf } from "../../control-plane/act.ts";
import type { Attack } from "./attack.ts";
import { binding, getByNewRights, READS_CANARY, READS_NOTHING, writeBinding, writeRole } from "./roles.ts";
import type { Stage } from "./stage.ts";

const CASES = [
  { kind: "Role", resource: "roles.rbac.authorization.k8s.io" },
  { kind: "ClusterRole", resource: "clusterroles.rbac.authorization.k8s.io" },
];

/** The role that is bound to the attacker, and lets it do nothing. */
function target({ namespace, unique }: Stage, kind: string) {
  return { name: unique, namespace: kind === "Role" ? namespace : null };
}

export const attacks: Attack[] = CASES.flatMap(({ kind, resource }) =>
  ["patch", "update"].map((verb) => ({
    edge: "roles-escalate",
    how: `${verb} of a ${kind} that is bound to it`,
    rights: (stage) => {
      const { name } = target(stage, kind);
      const right = kind === "Role" ? stage.here : stage.everywhere;
      return [right("escalate", resource, name), right(verb, resource, name)];
    },
    arrange: async (stage) => {
      const { name, namespace } = target(stage, kind);
      await writeRole(stage, namespace, name, { rules: [READS_NOTHING] });
      await writeBinding(stage, binding(stage, "own", { kind, name }));
    },
    attack: async (stage) => {
      const { name, namespace } = target(stage, kind);
      const path = pathOf(kind, namespace, name);
      const rules = [READS_CANARY];
      if (verb === "update") await stage.send("PUT", path, { metadata: { name, namespace }, rules });
      else await stage.send("PATCH", path, { rules }, { contentType: "application/merge-patch+json" });
      return getByNewRights(stage);
    },
  })),
);
