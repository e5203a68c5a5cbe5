import { clusterScoped, type Edge } from "../edge.ts";
import { EVERY_SECRET } from "../scopes.ts";

const GROUP = "admissionregistration.k8s.io";

export const admissionPolicies: Edge = {
  id: "admission-policies",
  name: "create mutating admission policies and their bindings",
  grants: "pods of everybody that mount what the holder likes, or run its image beside their own",
  effect: "wait",
  needs: [
    { verbs: ["create"], on: [clusterScoped(GROUP, "mutatingadmissionpolicies")], named: "never" },
    { verbs: ["create"], on: [clusterScoped(GROUP, "mutatingadmissionpolicybindings")], named: "never" },
  ],
  since: "1.36",
  until: null,
  caveat: "a pod must be made after that; before 1.36 behind a feature gate",
  prevent: [
    "Grant writes of policies and of bindings to the cluster's administrators alone: where a policy is bound already, a change of it is enough (admission-policies-bound).",
  ],
  looksAt: [],
  notDemonstrated: null,
  source: "apiserver/pkg/admission/plugin/policy/mutating; pkg/features/kube_features.go: MutatingAdmissionPolicy",
  reach: () => [{ reads: EVERY_SECRET, note: "as pods are made" }],
};
