import { must, pathOf, waitFor } from "../../control-plane/act.ts";
import type { Stored } from "../../control-plane/story.ts";
import type { Right } from "./attack.ts";
import type { Stage } from "./stage.ts";

const RBAC = "rbac.authorization.k8s.io";

interface Resource {
  group: string;
  resource: string;
  subresource: string;
}

function parse(text: string): Resource {
  const [whole = "", subresource = ""] = text === "*" ? ["*"] : text.split(/\/(.*)/);
  const [resource = "", group = ""] = whole.split(/\.(.*)/);
  return { group: text === "*" ? "*" : group, resource, subresource };
}

function roleName(stage: Stage, index: number): string {
  return `${stage.unique}-right-${String(index)}`;
}

function kinds({ namespace }: Right): { role: string; binding: string } {
  const prefix = namespace === null ? "Cluster" : "";
  return { role: `${prefix}Role`, binding: `${prefix}RoleBinding` };
}

/** What the authorizer itself says about the attacker and a right; groups have to be sent with the name. */
async function allowed(stage: Stage, right: Right): Promise<boolean> {
  const { group, resource, subresource } = parse(right.resource);
  const { status } = await must(stage.plane, "POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", {
    spec: {
      user: stage.attacker.user,
      groups: ["system:serviceaccounts", `system:serviceaccounts:${stage.namespace}`, "system:authenticated"],
      resourceAttributes: {
        verb: right.verb,
        group,
        resource,
        subresource,
        namespace: right.namespace ?? "",
        name: right.names[0] ?? "",
      },
    },
  });
  return status.allowed === true;
}

async function seen(stage: Stage, right: Right, expected: boolean): Promise<void> {
  const what = `the authorizer to ${expected ? "grant" : "refuse"} ${right.verb} ${right.resource}`;
  await waitFor(what, async () => (await allowed(stage, right)) === expected, { everyMs: 10 });
}

/** Grants one right by a role and a binding of its own, and waits until the authorizer grants it. */
export async function grant(stage: Stage, right: Right, index: number): Promise<void> {
  const { plane, account, namespace } = stage;
  const { group, resource, subresource } = parse(right.resource);
  const name = roleName(stage, index);
  const metadata = right.namespace === null ? { name } : { name, namespace: right.namespace };
  const { role, binding } = kinds(right);
  const rule: Stored = {
    verbs: [right.verb],
    apiGroups: [group],
    resources: [subresource === "" ? resource : `${resource}/${subresource}`],
    ...(right.names.length > 0 ? { resourceNames: right.names } : {}),
  };
  await must(plane, "POST", pathOf(role, right.namespace), { metadata, rules: [rule] });
  await must(plane, "POST", pathOf(binding, right.namespace), {
    metadata,
    roleRef: { apiGroup: RBAC, kind: role, name },
    subjects: [{ kind: "ServiceAccount", namespace, name: account }],
  });
  await seen(stage, right, true);
}

/** Takes one right away, and waits until the authorizer refuses it. */
export async function revoke(stage: Stage, right: Right, index: number): Promise<void> {
  const { role, binding } = kinds(right);
  for (const kind of [binding, role]) {
    await must(stage.plane, "DELETE", pathOf(kind, right.namespace, roleName(stage, index)));
  }
  await seen(stage, right, false);
}
