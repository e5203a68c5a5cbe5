/** Fields of Kubernetes' own kinds whose texts the API server restricts to names, times, enumerations and addresses (core/v1 and batch/v1 types.go). */
export const KEPT_FIELDS = new Set(
  `apiVersion kind name namespace generateName uid resourceVersion creationTimestamp deletionTimestamp finalizers manager
  operation time subresource fieldsType image imageID containerID imagePullPolicy restartPolicy terminationMessagePath
  terminationMessagePolicy protocol dnsPolicy schedulerName serviceAccount serviceAccountName nodeName hostIP podIP ip phase
  reason type status qosClass effect operator topologyKey whenUnsatisfiable mountPath mountPropagation claimName secretName
  configMapName volumeName storageClassName accessModes volumeMode completionMode podReplacementPolicy concurrencyPolicy schedule
  timeZone preemptionPolicy priorityClassName runtimeClassName hostname subdomain fieldPath resource divisor cpu memory
  ephemeral-storage storage startedAt finishedAt lastProbeTime lastTransitionTime startTime completionTime lastScheduleTime
  lastSuccessfulTime firstTimestamp lastTimestamp eventTime lastObservedTime reportingComponent reportingController
  reportingInstance component host sizeLimit medium action scheme procMount add drop level role user apiGroup key
  completedIndexes failedIndexes succeeded failed medium fsType driver managedBy`.split(/\s+/),
);

/** Texts that people and programs write, of which the plain words stay. */
export const TEXT_FIELDS = new Set("message note path subPath subPathExpr workingDir".split(" "));

/** Maps of labels, whose values the API server restricts (apimachinery pkg/util/validation). */
export const LABEL_FIELDS = new Set("labels matchLabels nodeSelector selector".split(" "));

/** Annotations whose values Kubernetes writes. */
export const KEPT_ANNOTATIONS = new Set([
  "cronjob.kubernetes.io/instantiate",
  "batch.kubernetes.io/cronjob-scheduled-timestamp",
  "batch.kubernetes.io/job-tracking",
  "kubernetes.io/service-account.name",
  "kubernetes.io/service-account.uid",
  "kubernetes.io/config.source",
  "kubernetes.io/config.mirror",
]);

/** Maps of values, whatever their keys are called. */
export const VALUE_FIELDS = new Set("data stringData binaryData volumeAttributes options parameters".split(" "));

/** API groups that Kubernetes itself serves; the types of others have fields that nobody here knows. */
export function isOwnGroup(apiVersion: unknown): boolean {
  if (typeof apiVersion !== "string" || apiVersion === "") return false;
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  return ["", "apps", "batch", "policy", "autoscaling", "extensions"].includes(group) || group.endsWith(".k8s.io");
}
