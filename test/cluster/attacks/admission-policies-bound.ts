import { must } from "../../control-plane/act.ts";
import { clear, fromNextPod, GROUP, PATH, policy } from "./admission-policies.ts";
import type { Attack, Right } from "./attack.ts";
import type { Stage } from "./stage.ts";

const POLICIES = `${PATH}/mutatingadmissionpolicies`;
const BINDINGS = `${PATH}/mutatingadmissionpolicybindings`;
const contentType = "application/merge-patch+json";

/** What a policy does before it is attacked: next to nothing. */
const HARMLESS = `[JSONPatch{op: "add", path: "/metadata/labels", value: {"seen": "true"}}]`;

function toPolicies({ everywhere, unique }: Stage, verb: string): Right {
  return everywhere(verb, `mutatingadmissionpolicies.${GROUP}`, ...(verb === "create" ? [] : [unique]));
}

function toBindings({ everywhere, unique }: Stage, verb: string): Right {
  return everywhere(verb, `mutatingadmissionpolicybindings.${GROUP}`, ...(verb === "create" ? [] : [unique]));
}

/** Makes, as the administrator, a policy that the attacker may then change. */
async function harmlessPolicy(stage: Stage): Promise<void> {
  await must(stage.plane, "POST", POLICIES, policy(stage, stage.unique, HARMLESS));
}

/** A binding of the stage's name to a policy, whether or not there is one. */
function binding({ unique: name }: Stage, policyName: string) {
  return { metadata: { name }, spec: { policyName } };
}

function patchPolicy(stage: Stage) {
  const { spec } = policy(stage, stage.unique);
  return stage.send("PATCH", `${POLICIES}/${stage.unique}`, { spec }, { contentType });
}

export const attacks: Attack[] = [
  ...["update", "patch"].map((verb): Attack => ({
    edge: "admission-policies-bound",
    how: `${verb} of a policy that is bound; then somebody makes a pod`,
    rights: (stage) => [toPolicies(stage, verb)],
    arrange: async (stage) => {
      await clear(stage);
      await harmlessPolicy(stage);
      await must(stage.plane, "POST", BINDINGS, binding(stage, stage.unique));
    },
    attack: async (stage) => {
      if (verb === "patch") await patchPolicy(stage);
      else {
        // An update has to say which version it replaces: no secret, every event of the object shows it.
        const path = `${POLICIES}/${stage.unique}`;
        const { resourceVersion } = (await must(stage.plane, "GET", path))["metadata"];
        const changed = policy(stage, stage.unique);
        await stage.send("PUT", path, { ...changed, metadata: { ...changed.metadata, resourceVersion } });
      }
      return fromNextPod(stage);
    },
  })),
  {
    edge: "admission-policies-bound",
    how: "create of the policy that a binding names although there is none; then somebody makes a pod",
    rights: (stage) => [toPolicies(stage, "create")],
    arrange: async (stage) => {
      await clear(stage);
      await must(stage.plane, "POST", BINDINGS, binding(stage, stage.unique));
    },
    attack: async (stage) => {
      await stage.send("POST", POLICIES, policy(stage, stage.unique));
      return fromNextPod(stage);
    },
  },
  {
    edge: "admission-policies-bound",
    how: "create of a policy, to which a binding of another is pointed; then somebody makes a pod",
    rights: (stage) => [toPolicies(stage, "create"), { ...toBindings(stage, "patch"), stillNamed: true }],
    arrange: async (stage) => {
      await clear(stage);
      await must(stage.plane, "POST", BINDINGS, binding(stage, "another"));
    },
    attack: async (stage) => {
      const spec = { policyName: stage.unique };
      await stage.send("POST", POLICIES, policy(stage, stage.unique));
      await stage.send("PATCH", `${BINDINGS}/${stage.unique}`, { spec }, { contentType });
      return fromNextPod(stage);
    },
  },
  {
    edge: "admission-policies-bound",
    how: "patch of a policy that is not bound, and a binding of it; then somebody makes a pod",
    rights: (stage) => [toPolicies(stage, "patch"), { ...toBindings(stage, "create"), stillNamed: true }],
    arrange: async (stage) => {
      await clear(stage);
      await harmlessPolicy(stage);
    },
    attack: async (stage) => {
      await patchPolicy(stage);
      await stage.send("POST", BINDINGS, binding(stage, stage.unique));
      return fromNextPod(stage);
    },
  },
];
