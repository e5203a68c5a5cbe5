import { pathOf } from "../../control-plane/act.ts";
import type { Attack } from "./attack.ts";
import { binding, getByNewRights, READS_CANARY, writeBinding, writeRole } from "./roles.ts";
import type { Stage } from "./stage.ts";

const RBAC = "rbac.authorization.k8s.io";
const NOBODY = [{ kind: "User", name: "nobody", apiGroup: RBAC }];

async function cleared(stage: Stage, kind: string): Promise<void> {
  const { plane, namespace, unique } = stage;
  await writeRole(stage, kind === "Role" ? namespace : null, unique, { rules: [READS_CANARY] });
  await plane.request("DELETE", pathOf("RoleBinding", namespace, unique));
  await plane.request("DELETE", pathOf("ClusterRoleBinding", null, unique));
}

export const attacks: Attack[] = [
  ...["Role", "ClusterRole"].map((kind): Attack => ({
    edge: "roles-bind",
    how: `a new RoleBinding to a ${kind} that the rule names`,
    rights: (stage) => [
      stage.here("bind", `${kind.toLowerCase()}s.${RBAC}`, stage.unique),
      stage.here("create", `rolebindings.${RBAC}`),
    ],
    arrange: (stage) => cleared(stage, kind),
    attack: async (stage) => {
      const { unique: name } = stage;
      await stage.send("POST", pathOf("RoleBinding", stage.namespace), binding(stage, name, { kind, name }));
      return getByNewRights(stage);
    },
  })),
  {
    edge: "roles-bind",
    how: "itself added to a RoleBinding that is there",
    rights: (stage) => [
      stage.here("bind", `clusterroles.${RBAC}`, stage.unique),
      stage.here("patch", `rolebindings.${RBAC}`, stage.unique),
    ],
    arrange: async (stage) => {
      await cleared(stage, "ClusterRole");
      await writeBinding(stage, binding(stage, stage.unique, { kind: "ClusterRole", name: stage.unique }, NOBODY));
    },
    attack: async (stage) => {
      const { subjects } = binding(stage, stage.unique, { kind: "ClusterRole", name: stage.unique });
      const contentType = "application/merge-patch+json";
      await stage.send("PATCH", pathOf("RoleBinding", stage.namespace, stage.unique), { subjects }, { contentType });
      return getByNewRights(stage);
    },
  },
  {
    edge: "roles-bind",
    how: "a new ClusterRoleBinding",
    rights: (stage) => [
      stage.everywhere("bind", `clusterroles.${RBAC}`, stage.unique),
      stage.everywhere("create", `clusterrolebindings.${RBAC}`),
    ],
    arrange: (stage) => cleared(stage, "ClusterRole"),
    attack: async (stage) => {
      const { unique: name } = stage;
      const { roleRef, subjects } = binding(stage, name, { kind: "ClusterRole", name });
      await stage.send("POST", pathOf("ClusterRoleBinding", null), { metadata: { name }, roleRef, subjects });
      return getByNewRights(stage);
    },
  },
];
