import { creating, creationsByName } from "../creating.ts";
import { clusterScoped, type Edge, type Need } from "../edge.ts";
import { isUnnamed } from "../held.ts";
import { EVERY_SECRET } from "../scopes.ts";

const GROUP = "admissionregistration.k8s.io";
const POLICIES = [clusterScoped(GROUP, "mutatingadmissionpolicies")];
const BINDINGS = [clusterScoped(GROUP, "mutatingadmissionpolicybindings")];

const CREATE_POLICIES: Need = { verbs: ["create"], on: POLICIES, named: "never" };
const CHANGE_POLICIES: Need = { verbs: ["update", "patch"], on: POLICIES, named: "always" };
const CREATE_BINDINGS: Need = { verbs: ["create"], on: BINDINGS, named: "never" };
const CHANGE_BINDINGS: Need = { verbs: ["update", "patch"], on: BINDINGS, named: "always" };

export const admissionPoliciesBound: Edge = {
  id: "admission-policies-bound",
  name: "write mutating admission policies that are bound",
  grants: "pods of everybody that mount what the holder likes, or run its image beside their own",
  effect: "maybe",
  needs: [{ verbs: ["create", "update", "patch"], on: POLICIES, named: "either" }],
  since: "1.36",
  until: null,
  caveat:
    "a pod must be made after that, where the binding has the policy apply; a binding may name a policy that does not exist yet, or no longer; whoever may create policies and change bindings points one at the new policy, and whoever may change policies and create bindings binds the changed one; whoever may create both needs nothing that exists, and is named by admission-policies alone; before 1.36 behind a feature gate",
  prevent: [
    "Grant writes of policies and of bindings to the cluster's administrators alone.",
    "Delete a binding together with its policy: whoever may create policies can make the missing one.",
  ],
  looksAt: [],
  notDemonstrated: null,
  source:
    "pkg/apis/admissionregistration/validation/validation.go: updates of policies and bindings fix no field; apiserver/pkg/admission/plugin/policy/generic/policy_source.go: calculatePolicyData",
  // Writes of bindings alone are not counted: they only say where, and with which parameters, somebody else's policy applies.
  reach({ held, heldFor }) {
    const [rule] = held;
    if (rule === undefined) return [];
    const creates =
      rule.matches.some(({ verb }) => verb === "create") &&
      (isUnnamed(rule) || creationsByName(rule, heldFor(CHANGE_POLICIES)).length > 0);
    if (!creates && !rule.matches.some(({ verb }) => verb !== "create")) return [];
    const binds = creating({ held: heldFor }, CREATE_BINDINGS).length > 0;
    // Whoever creates both needs nothing that exists, and is named by admission-policies.
    if (binds && creating({ held: heldFor }, CREATE_POLICIES).length > 0) return [];
    const rebinds = creates && heldFor(CHANGE_BINDINGS).length > 0;
    return [{ reads: EVERY_SECRET, note: `${condition({ creates, binds, rebinds })}: none is looked at` }];
  },
};

/** What must exist besides, by what else the holder may do. */
function condition({ creates, binds, rebinds }: { creates: boolean; binds: boolean; rebinds: boolean }): string {
  if (rebinds) return "if a binding exists that it may point at its policy";
  if (creates) return "if a binding names such a policy";
  return binds ? "if such a policy exists" : "if such a policy exists and is bound";
}
