import { find, pathOf, waitFor } from "../../control-plane/act.ts";
import type { Attack } from "./attack.ts";
import { binding, getByNewRights, READS_CANARY, writeBinding, writeRole } from "./roles.ts";

const CLUSTER_ROLES = "clusterroles.rbac.authorization.k8s.io";

export const attacks: Attack[] = [
  {
    edge: "clusterroles-aggregate",
    how: "a new ClusterRole with the label that a role which is bound to it gathers",
    rights: (stage) => [stage.everywhere("escalate", CLUSTER_ROLES), stage.everywhere("create", CLUSTER_ROLES)],
    arrange: async (stage) => {
      const { plane, unique } = stage;
      await plane.request("DELETE", pathOf("ClusterRole", null, `${unique}-part`));
      const clusterRoleSelectors = [{ matchLabels: { gather: unique } }];
      await writeRole(stage, null, unique, { aggregationRule: { clusterRoleSelectors }, rules: [] });
      await writeBinding(stage, binding(stage, "own", { kind: "ClusterRole", name: unique }));
      await waitFor("the controller to have gathered nothing", async () => {
        return ((await find(plane, "ClusterRole", null, unique))?.["rules"] ?? []).length === 0;
      });
    },
    attack: async (stage) => {
      const { unique } = stage;
      const metadata = { name: `${unique}-part`, labels: { gather: unique } };
      await stage.send("POST", pathOf("ClusterRole", null), { metadata, rules: [READS_CANARY] });
      return getByNewRights(stage);
    },
  },
];
