import { type Edge } from "../edge.ts";
import { newPod } from "../gains.ts";
import { PODS } from "../resources.ts";

export const podsCreate: Edge = {
  id: "pods-create",
  name: "create pods",
  grants: "a pod that mounts any Secret of the namespace and runs as any ServiceAccount of it",
  effect: "act-as",
  needs: [{ verbs: ["create"], on: [PODS], named: "never" }],
  since: null,
  until: null,
  caveat:
    "Pod Security forbids neither, and the annotation kubernetes.io/enforce-mountable-secrets of a ServiceAccount overlooks Secrets in projected volumes",
  prevent: [
    "Treat the right to make pods as the right to read every Secret of the namespace: keep what must not be read, and accounts with strong rights, in namespaces of their own.",
    "Have admission (a ValidatingAdmissionPolicy) decide which accounts and Secret volumes pods may name.",
  ],
  looksAt: ["serviceaccounts"],
  notDemonstrated: null,
  source:
    "plugin/pkg/admission/serviceaccount/admission.go; pod-security-admission/policy: no level forbids Secret volumes",
  reach: (site) => [newPod(site, site.where)],
};
