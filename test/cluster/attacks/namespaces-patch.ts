import { pathOf } from "../../control-plane/act.ts";
import type { Attack } from "./attack.ts";
import { changeToNode, DEPLOYMENT, standsThere } from "./controllers-patch-node.ts";
import { HOST_PATH, lookAround, settle, VIEW } from "./neighbour.ts";
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

/** By what the API server lets through alone, and by what the pod then reads on its node. */
function taking(verb: string, real: boolean): Attack {
  const what = real ? "finds there the Secret of another namespace's pod" : "sees its node";
  return {
    edge: "namespaces-patch",
    how: `${verb}: takes the Pod Security label off its namespace, by a RoleBinding there, and creates a pod that ${what}`,
    ...(real ? { onRealNode: true } : { accepted: true }),
    rights: (stage) => [stage.here(verb, "namespaces", stage.namespace), stage.here("create", "pods")],
    arrange: async (stage) => {
      if (real) await settle(stage, stage.next);
      await enforce(stage, "restricted");
      await podSecurity(stage, "refuses");
    },
    attack: async (stage) => {
      await unlabel(stage, verb);
      await podSecurity(stage, "admits");
      if (!real) return intrude(stage);
      const volumes = [{ name: "node", ...HOST_PATH }];
      return lookAround(stage, "secrets", { container: VIEW, pod: { volumes } });
    },
  };
}

/** Without a pod of its own: somebody's Deployment makes it. */
const byDeployment: Attack = {
  edge: "namespaces-patch",
  how: "patch: takes the Pod Security label off its namespace, and changes a Deployment, whose pod sees its node",
  accepted: true,
  rights: (stage) => [stage.here("patch", "namespaces", stage.namespace), stage.here("patch", DEPLOYMENT.resource)],
  arrange: async (stage) => {
    await enforce(stage, "restricted");
    await podSecurity(stage, "refuses");
    await standsThere(stage, DEPLOYMENT);
  },
  attack: async (stage) => {
    await unlabel(stage, "patch");
    await podSecurity(stage, "admits");
    return changeToNode(stage, DEPLOYMENT);
  },
};

export const attacks: Attack[] = [false, true]
  .flatMap((real) => ["patch", "update"].map((verb) => taking(verb, real)))
  .concat(byDeployment);
