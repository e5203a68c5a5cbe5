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
  looksAt: ["serviceaccounts"],
  notDemonstrated: null,
  source: "pkg/controller/controller_utils.go: pods are made by the controller's identity from the template alone",
  reach: (site) => [newPod(site, site.where)],
};
