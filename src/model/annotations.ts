/** On a Job, pod, CronJob or anything that would go along: cleanup leaves it alone, whatever the value. */
export const PROTECT_ANNOTATION = "cronaudit/protect";

/** Annotations by which deployment tools know what is theirs, with the tool. */
export const MANAGER_ANNOTATIONS: Readonly<Record<string, string>> = {
  "argocd.argoproj.io/tracking-id": "Argo CD",
  "argocd.argoproj.io/hook": "Argo CD",
  "meta.helm.sh/release-name": "Helm",
  "helm.sh/hook": "Helm",
  "configmanagement.gke.io/managed": "Config Sync",
};
