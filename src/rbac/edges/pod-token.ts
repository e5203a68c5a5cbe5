import { type Edge } from "../edge.ts";

export const podToken: Edge = {
  id: "pod-token",
  name: "the token in a pod",
  grants: "every request as the pod's ServiceAccount, until the pod is deleted or the token ends",
  effect: "act-as",
  needs: [],
  since: null,
  until: null,
  caveat: "the token is bound to the pod object, not to its phase: a copy works after the container has finished",
  prevent: [
    "Set `automountServiceAccountToken: false` where the work calls no API.",
    "Delete finished pods, which ends their tokens within seconds: see token-bound.",
    "Give the account what the work needs and no more: see least-privilege.",
  ],
  looksAt: ["pods"],
  notDemonstrated: null,
  source: "pkg/serviceaccount/claims.go: Validate looks at the pod's uid and deletionTimestamp, not at its phase",
};
