import { type Edge } from "../edge.ts";
import { CHANGE_TEMPLATES, makesAnew, seesTemplate } from "../making-pods.ts";
import { EVERY_SECRET } from "../scopes.ts";

export const controllersPatchNode: Edge = {
  id: "controllers-patch-node",
  name: "update or patch CronJobs, Deployments and other controllers, whose pods take their node",
  grants:
    "a privileged pod, or one with a hostPath, of the changed template: the Secrets and tokens of every pod on its node",
  effect: "maybe",
  needs: [CHANGE_TEMPLATES],
  since: null,
  until: null,
  caveat:
    "such an object must exist; the namespace's label pod-security.kubernetes.io/enforce must be neither baseline nor restricted; a default level of the server, and other admission, do not show in the API; whoever may also create pods there needs no object, and is named by pods-create-node alone",
  prevent: [
    "Enforce Pod Security: `kubectl label namespace NAMESPACE pod-security.kubernetes.io/enforce=baseline`, or restricted.",
    "Grant `patch` on deployments/scale to who scales: it leaves the template alone.",
  ],
  looksAt: ["namespaces", "pods", "cronjobs"],
  notDemonstrated: null,
  source:
    "pod-security-admission/admission/admission.go: pods are judged, of controllers it only warns; pkg/apis/apps/validation/validation.go: templates may change",
  reach(site) {
    const { world, where, held } = site;
    const sees = seesTemplate(held[0]!, site);
    if ((where !== "" && world.nodeIsClosed(where)) || sees === "no" || makesAnew(site)) return [];
    const condition = sees === "yes" ? "" : "if such an object exists: only those that own pods are seen; ";
    return [
      {
        reads: EVERY_SECRET,
        note: `${condition}of the nodes that its pods ask for, the control plane's own included; unless admission that the API does not show forbids it`,
      },
    ];
  },
};
