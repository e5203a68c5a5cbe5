import { type Edge } from "../edge.ts";
import { newPod, together } from "../gains.ts";
import { coversName } from "../held.ts";
import { CRONJOBS } from "../resources.ts";

export const cronjobsPatch: Edge = {
  id: "cronjobs-patch",
  name: "update or patch cronjobs",
  grants: "the pod template of the next run: any Secret of the namespace, and any ServiceAccount",
  effect: "wait",
  needs: [{ verbs: ["update", "patch"], on: [CRONJOBS], named: "always" }],
  since: null,
  until: null,
  caveat: "the CronJob must exist; the next run must come, and the same right sets the schedule",
  prevent: [
    "Treat the right to make pods as the right to read every Secret of the namespace: keep what must not be read, and accounts with strong rights, in namespaces of their own.",
    "Have admission (a ValidatingAdmissionPolicy) decide which accounts and Secret volumes pods may name. It can also let some change `spec.suspend` alone.",
  ],
  looksAt: ["cronjobs", "serviceaccounts"],
  notDemonstrated: null,
  source: "pkg/apis/batch/validation/validation.go: a CronJob's jobTemplate may change; a Job's template may not",
  reach(site) {
    const { world, where, held } = site;
    const found = world.cronJobs(where).filter(({ meta }) => coversName(held[0]!, meta.name));
    const places = [...new Set(found.map(({ meta }) => meta.namespace ?? ""))];
    if (places.length > 0) return [together(places.map((place) => newPod(site, place)))];
    if (world.isWhole("cronjobs", where)) {
      return [{ latent: "there is no CronJob that it could change" }];
    }
    return [{ ...newPod(site, where), effect: "maybe", note: "if it exists: not all CronJobs were seen" }];
  },
};
