import { creationsByName } from "../creating.ts";
import { clusterScoped, type Edge, type Need } from "../edge.ts";
import { isUnnamed } from "../held.ts";
import { EVERY_SECRET } from "../scopes.ts";

const GROUP = "admissionregistration.k8s.io";

const CONFIGURATIONS = [
  clusterScoped(GROUP, "mutatingwebhookconfigurations"),
  clusterScoped(GROUP, "validatingwebhookconfigurations"),
];
const CHANGE: Need = { verbs: ["patch", "update"], on: CONFIGURATIONS, named: "always" };

export const admissionWebhooks: Edge = {
  id: "admission-webhooks",
  name: "write admission webhook configurations",
  grants: "every Secret as it is written, and pods of everybody, changed so that they mount what the holder likes",
  effect: "wait",
  needs: [
    {
      verbs: ["create", "update", "patch"],
      on: CONFIGURATIONS,
      named: "either",
    },
  ],
  since: null,
  until: null,
  caveat: "a Secret must be written, or a pod made, after that; the API server must reach the webhook",
  prevent: [
    "Grant writes of webhook configurations to the cluster's administrators alone; operators that renew their own certificate get `update` or `patch` by resourceNames, and can still point their own webhook at Secrets.",
    "Keep Secrets out of the rules of webhooks that do not judge them.",
  ],
  looksAt: [],
  notDemonstrated: null,
  source: "apiserver/pkg/admission/plugin/webhook: a webhook gets the object in the review",
  reach({ held, heldFor }) {
    const [rule] = held;
    if (rule === undefined) return [];
    const creates =
      rule.matches.some(({ verb }) => verb === "create") &&
      (isUnnamed(rule) || creationsByName(rule, heldFor(CHANGE)).length > 0);
    if (creates) {
      return [{ reads: EVERY_SECRET, note: "as Secrets are written, and as pods are made" }];
    }
    if (!rule.matches.some(({ verb }) => verb !== "create")) return [];
    return [{ reads: EVERY_SECRET, effect: "maybe", note: "if such a configuration exists: none is looked at" }];
  },
};
