import { type Edge } from "../edge.ts";
import { newPod } from "../gains.ts";
import { CONTROLLERS } from "../resources.ts";

export const controllersCreate: Edge = {
  id: "controllers-create",
  name: "create CronJobs, Jobs and other controllers of pods",
  grants: "the same as creating pods, by the hand of the controller",
  effect: "act-as",
  needs: [{ verbs: ["create"], on: CONTROLLERS, named: "never" }],
  since: null,
  until: null,
  caveat: "a CronJob at its next minute; otherwise as for pods",
  prevent: [
    "Treat the right to make pods as the right to read every Secret of the namespace: keep what must not be read, and accounts with strong rights, in namespaces of their own.",
    "Have admission (a ValidatingAdmissionPolicy) decide which accounts and Secret volumes pods may name.",
  ],
  looksAt: ["serviceaccounts"],
  notDemonstrated: null,
  source: "pkg/controller/controller_utils.go: pods are made by the controller's identity from the template alone",
  reach: (site) => [newPod(site, site.where)],
};
