import { type Edge } from "../edge.ts";
import { insideChangeablePods } from "../gains.ts";
import { PODS } from "../resources.ts";

export const podsPatch: Edge = {
  id: "pods-patch",
  name: "update or patch pods",
  grants: "another image in a running pod's container, which keeps its Secrets and its ServiceAccount's token",
  effect: "execute",
  needs: [{ verbs: ["update", "patch"], on: [PODS], named: "always" }],
  since: null,
  until: null,
  caveat: "the pod must be running: in a finished one nothing starts any more",
  prevent: [
    "Whoever changes workloads by their controllers needs no right on pods: leave `update` and `patch` on pods out.",
    "Have admission (a ValidatingAdmissionPolicy) decide which images pods may name.",
  ],
  looksAt: ["pods"],
  notDemonstrated: null,
  source: "pkg/apis/core/validation/validation.go: ValidatePodUpdate lets the images change",
  reach: (site) => [insideChangeablePods(site)],
};
