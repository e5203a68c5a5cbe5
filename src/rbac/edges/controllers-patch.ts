import { type Edge } from "../edge.ts";
import { newPod, together } from "../gains.ts";
import { coversName, hasMatch } from "../held.ts";
import { TEMPLATES } from "../resources.ts";

export const controllersPatch: Edge = {
  id: "controllers-patch",
  name: "update or patch Deployments and other controllers with a template",
  grants: "the template of the pods that replace the present ones: any Secret of the namespace, and any ServiceAccount",
  effect: "act-as",
  needs: [{ verbs: ["update", "patch"], on: TEMPLATES, named: "always" }],
  since: null,
  until: null,
  caveat:
    "such an object must exist; those that own pods are seen, others are not looked at. A Job's template cannot be changed, so a Job gives nothing",
  prevent: [
    "Treat the right to make pods as the right to read every Secret of the namespace: keep what must not be read, and accounts with strong rights, in namespaces of their own.",
    "Grant `patch` on deployments/scale to who scales: it leaves the template alone.",
    "Have admission (a ValidatingAdmissionPolicy) decide which accounts and Secret volumes pods may name.",
  ],
  looksAt: ["pods", "serviceaccounts"],
  notDemonstrated: null,
  source:
    "pkg/apis/apps/validation/validation.go: templates may change; pkg/apis/batch/validation/validation.go: ValidateJobSpecUpdate refuses it for Jobs",
  reach(site) {
    const { world, where, held } = site;
    const known = world
      .podOwners(where)
      .filter(({ resource, name }) => hasMatch(held[0]!, null, resource) && coversName(held[0]!, name));
    const places = [...new Set(known.map(({ namespace }) => namespace))];
    const certain = places.length === 0 ? [] : [together(places.map((place) => newPod(site, place)))];
    if (where !== "" && places.length > 0) return certain;
    return [
      ...certain,
      { ...newPod(site, where), effect: "maybe", note: "if such an object exists: only those that own pods are seen" },
    ];
  },
};
