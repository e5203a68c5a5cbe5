import { must, pathOf, waitFor } from "../../control-plane/act.ts";
import type { Stored } from "../../control-plane/story.ts";
import { canaryPath, SECRET, valueIn, type Stage } from "./stage.ts";

/** The one rule that reads the canary. */
export const READS_CANARY: Stored = {
  verbs: ["get"],
  apiGroups: [""],
  resources: ["secrets"],
  resourceNames: [SECRET],
};

/** A rule that is of no use. */
export const READS_NOTHING: Stored = { verbs: ["get"], apiGroups: ["example.com"], resources: ["nothings"] };

/** Writes a role, or makes an existing one hold just these rules. `namespace` null: a ClusterRole. */
export async function writeRole(stage: Stage, namespace: string | null, name: string, rest: Stored): Promise<void> {
  const kind = namespace === null ? "ClusterRole" : "Role";
  const metadata = { name, ...(namespace === null ? {} : { namespace }) };
  const created = await stage.plane.request("POST", pathOf(kind, namespace), { metadata, ...rest });
  if (created.status !== 201) await must(stage.plane, "PUT", pathOf(kind, namespace, name), { metadata, ...rest });
}

/** A binding, as it is sent. */
export interface BindingObject {
  metadata: { name: string; namespace: string };
  roleRef: { apiGroup: string; kind: string; name: string };
  subjects: Stored[];
}

/** A binding of the stage's namespace, for the attacker unless told otherwise. */
export function binding(
  stage: Stage,
  name: string,
  role: { kind: string; name: string },
  subjects?: Stored[],
): BindingObject {
  const { namespace, account } = stage;
  return {
    metadata: { name, namespace },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", ...role },
    subjects: subjects ?? [{ kind: "ServiceAccount", namespace, name: account }],
  };
}

/** Writes a binding in place of one that the last attempt changed. */
export async function writeBinding(stage: Stage, object: BindingObject): Promise<void> {
  await stage.plane.request("DELETE", pathOf("RoleBinding", stage.namespace, object.metadata.name));
  await must(stage.plane, "POST", pathOf("RoleBinding", stage.namespace), object);
}

/** Gets the canary as the attacker once the authorizer has seen its new rights; a refusal until then is no refusal of the attack. */
export async function getByNewRights(stage: Stage): Promise<string> {
  return waitFor("the new rights to be seen", async () => {
    const { status, body } = await stage.attacker.request("GET", canaryPath(stage));
    return status === 200 ? valueIn(body) : null;
  });
}
