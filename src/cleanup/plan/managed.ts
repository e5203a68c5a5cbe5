import { MANAGER_ANNOTATIONS } from "../../model/annotations.ts";
import type { ObjectMeta, OwnerReference } from "../../model/object.ts";
import type { SecretMeta } from "../../model/snapshot.ts";
import type { CronJob, Job, Pod } from "../../model/workload.ts";

/** Labels by which tools know what is theirs, with the tool. */
const MANAGER_LABELS: Readonly<Record<string, string>> = {
  "argocd.argoproj.io/instance": "Argo CD",
  "kustomize.toolkit.fluxcd.io/name": "Flux",
  "helm.toolkit.fluxcd.io/name": "Flux",
  "workflows.argoproj.io/workflow": "Argo Workflows",
  "tekton.dev/taskRun": "Tekton",
  "tekton.dev/pipelineRun": "Tekton",
  "kapp.k14s.io/app": "kapp",
  "objectset.rio.cattle.io/hash": "Rancher",
};

const MANAGED_BY = "app.kubernetes.io/managed-by";
const JOB_CONTROLLER = "kubernetes.io/job-controller";

/** What says that an object was made by a Job or CronJob that let it go: its labels are those of a template. */
const FROM_TEMPLATE = ["batch.kubernetes.io/controller-uid", "controller-uid"];
const FROM_CRONJOB = ["batch.kubernetes.io/cronjob-scheduled-timestamp", "cronjob.kubernetes.io/instantiate"];

/**
 * Which GitOps tool, operator or workflow engine holds the object, and by what that is known; null where nothing says so.
 * It would make the object anew, and run it, or take its absence for a failure.
 */
export function managedBy({ kind, meta, ...rest }: CronJob | Job | Pod | SecretMeta): string | null {
  const owner = meta.ownerReferences.find((one) => !isBatchOwner(one));
  if (owner !== undefined) return `its ${owner.kind.toLowerCase()}/${owner.name} decides about it`;
  const controller = "spec" in rest ? rest.spec.managedBy : null;
  if (controller !== null && controller !== JOB_CONTROLLER) return `${controller} runs it (spec.managedBy)`;
  // Labels and annotations of a run are copied from a template: they say who made the CronJob or Job.
  return meta.ownerReferences.length > 0 || isFromTemplate(kind, meta) ? null : byMark(meta);
}

function isBatchOwner({ apiVersion, kind }: OwnerReference): boolean {
  return apiVersion.startsWith("batch/") && (kind === "Job" || kind === "CronJob");
}

function isFromTemplate(kind: string, { labels, annotations }: ObjectMeta): boolean {
  if (kind === "Pod") return FROM_TEMPLATE.some((key) => Object.hasOwn(labels, key));
  return kind === "Job" && FROM_CRONJOB.some((key) => Object.hasOwn(annotations, key));
}

function byMark({ labels, annotations }: ObjectMeta): string | null {
  for (const [key, tool] of Object.entries(MANAGER_ANNOTATIONS)) {
    if (Object.hasOwn(annotations, key)) return `${tool} manages it (annotation ${key})`;
  }
  for (const [key, tool] of Object.entries(MANAGER_LABELS)) {
    if (Object.hasOwn(labels, key)) return `${tool} manages it (label ${key})`;
  }
  return labels[MANAGED_BY] === "Helm" ? `Helm manages it (label ${MANAGED_BY})` : null;
}
