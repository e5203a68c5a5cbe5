import type { ControlId } from "../model/replay-report.ts";

/** What is said of a control besides its sentence in replay. */
export interface ControlText {
  title: string;
  why: readonly string[];
  /** How it is brought about, and what it costs. */
  fix: readonly string[];
  /** What it is judged from besides CronJobs, Jobs and pods. */
  needs?: readonly string[];
  source: string;
  related: readonly string[];
}

/** The texts of every control; what each does in one sentence is in scenarios/controls.ts. */
export const CONTROL_TEXTS: Readonly<Record<ControlId, ControlText>> = {
  "no-value-in-object": {
    title: "No value in the object",
    why: ["Who reads the pod then learns a Secret's name; to read its value takes a right on Secrets."],
    fix: [
      "Mount the Secret: `volumes[].secret` with `secretName`, and `volumeMounts` in the container that needs it.",
      "`env[].valueFrom.secretKeyRef` keeps the value out of the object as well, but puts it into the process environment.",
      "Retained runs keep the old template: delete them, and rotate the value.",
    ],
    source: "Kubernetes API reference, EnvVarSource and SecretVolumeSource",
    related: ["literal-env", "secret-volume", "secret-env"],
  },
  ttl: {
    title: "TTL after finish",
    why: [
      "The TTL controller deletes a finished Job in the foreground: its pods go first, and with them literals, termination messages, logs, tokens and the node's reach.",
      "It deletes evidence as well: take a snapshot, or hold what is needed, before it acts.",
    ],
    fix: [
      "CronJob: `spec.jobTemplate.spec.ttlSecondsAfterFinished`, for runs to come; 3600 in the threat model's hardened form.",
      "Job: `spec.ttlSecondsAfterFinished`, which may be set on a Job that has finished already.",
      "Keep runs that are investigated: `kubectl cronaudit hold cronjob/NAME -n NAMESPACE`.",
    ],
    source: "pkg/controller/ttlafterfinished",
    related: ["history-limit", "retention", "lingering"],
  },
  "history-limit": {
    title: "History limits of 0",
    why: [
      "The CronJob controller deletes finished Jobs beyond `successfulJobsHistoryLimit` (3 by default) and `failedJobsHistoryLimit` (1).",
      "A limit other than 0 keeps that many runs until others follow, however long that takes.",
    ],
    fix: [
      "Set both limits to 0, or use a TTL, which also keeps the log of a run for a while.",
      "They count Jobs whose controller is the CronJob: one that was made by hand may escape them.",
    ],
    source: "pkg/controller/cronjob/cronjob_controllerv2.go: cleanupFinishedJobs",
    related: ["ttl", "retention"],
  },
  "pod-deletion": {
    title: "Finished pods deleted",
    why: [
      "Literals, termination messages, logs, the node's reach and bound tokens end with the pod object, not with its work.",
    ],
    fix: [
      "`kubectl cronaudit cleanup cronjob/NAME -n NAMESPACE` plans it, saves the evidence, deletes with preconditions and looks again.",
      "It works once: set a TTL, so that the next run goes by itself.",
      "Rotate what stood there: holders of `list` read a deleted object back for up to about ten minutes, those of `watch` maybe for longer.",
    ],
    source: "pkg/serviceaccount/claims.go; plugin/pkg/auth/authorizer/node/graph.go: DeletePod",
    related: ["ttl", "completed", "tokens-of-finished-pods"],
  },
  rbac: {
    title: "No right that it takes",
    why: ["RBAC only adds: a right is gone when the last role or binding that gives it is gone, groups included."],
    fix: [
      "Who has which way: `kubectl cronaudit access --all-subjects -o wide`.",
      "Delete the binding, or take subject or rule out; a role from an aggregation gets a rule back from the role that is aggregated.",
      "It ends nothing that was got by it before: an open watch or exec goes on, tokens and certificates are good until they end.",
      "Other authorizers may allow as well: `kubectl cronaudit access user:NAME --verify` asks the API server.",
    ],
    needs: ["`list` on serviceaccounts, roles, rolebindings, clusterroles and clusterrolebindings"],
    source: "plugin/pkg/auth/authorizer/rbac/rbac.go; pkg/controller/clusterroleaggregation",
    related: ["least-privilege", "account-reach"],
  },
  "least-privilege": {
    title: "An account that may read its own Secrets alone",
    why: [
      "Whoever breaks into the workload gets what its account has: the Secrets that it names are in the container anyway.",
    ],
    fix: [
      "A ServiceAccount for each workload, and a Role with `get` on `secrets` and `resourceNames`, in the workload's namespace.",
      "No other verb on Secrets (`patch`, `delete` and `deletecollection` return values as `list` and `watch` do), and nothing that makes pods, tokens or roles.",
      "What the account comes to in the end: `kubectl cronaudit access cronjob/NAME -n NAMESPACE`.",
    ],
    needs: ["`list` on serviceaccounts, roles, rolebindings, clusterroles and clusterrolebindings"],
    source: "plugin/pkg/auth/authorizer/rbac/rbac.go; apiserver/pkg/endpoints/request/requestinfo.go",
    related: ["no-token", "account-reach", "secrets-list"],
  },
  "no-token": {
    title: "No token in the pod",
    why: ["Mounted Secrets are fetched by the kubelet: a workload that calls no API needs no token."],
    fix: [
      "`automountServiceAccountToken: false` in the pod template, which outranks that of the ServiceAccount, or in the account.",
      "A volume with a serviceAccountToken source that the template names itself stays: take it out.",
    ],
    source: "plugin/pkg/admission/serviceaccount/admission.go: shouldAutomount",
    related: ["token-bound", "least-privilege"],
  },
  "concurrency-policy": {
    title: "Concurrency policy",
    why: [
      "`Forbid` skips a slot while a run is active, `Replace` ends that run; `Allow` is the default.",
      "It binds the CronJob controller alone: a Job that somebody creates from the template runs beside it.",
    ],
    fix: [
      "`spec.concurrencyPolicy: Forbid`, with `activeDeadlineSeconds`, since a run that hangs skips every slot after it.",
      "`Replace` ends a run between its reads and writes: a rotation may be left half done.",
    ],
    source: "pkg/controller/cronjob/cronjob_controllerv2.go: syncCronJob",
    related: ["active-deadline", "optimistic-lock", "hung"],
  },
  "active-deadline": {
    title: "Active deadline",
    why: [
      "The Job controller ends a Job that is active for longer: its pods are deleted, and the Job fails with DeadlineExceeded.",
    ],
    fix: [
      "`spec.jobTemplate.spec.activeDeadlineSeconds`, below the time between two runs and above what a slow run takes.",
      "Retries count: it outranks `backoffLimit`.",
    ],
    source: "pkg/controller/job/job_controller.go: pastActiveDeadline",
    related: ["concurrency-policy", "hung"],
  },
  digest: {
    title: "Image by digest",
    why: ["A digest is a hash of what it names: no push changes what the next run gets."],
    fix: [
      "`kubectl set image cronjob/NAME CONTAINER=REPOSITORY@sha256:… -n NAMESPACE`, with the digest that was built and tested.",
      "Init and ephemeral containers have images, too; updates then come by changing the digest.",
    ],
    source: "pkg/kubelet/images/image_manager.go; OCI distribution specification",
    related: ["pull-policy", "image-change", "pull-secret"],
  },
  "pull-policy": {
    title: "Pull policy Never",
    why: [
      "`IfNotPresent` holds only while the node keeps the image: image garbage collection or a new node asks the registry again.",
      "The default is `Always` for `:latest` and for names without a tag, else `IfNotPresent`.",
    ],
    fix: ["`imagePullPolicy: Never` where images are put on the nodes by other means; everywhere else use a digest."],
    source: "pkg/apis/core/v1/defaults.go: SetDefaults_Container; pkg/kubelet/images/image_manager.go",
    related: ["digest", "image-change"],
  },
  rotation: {
    title: "Rotation",
    why: ["A value that was exposed stays known to whoever read it; deleting the object does not change that."],
    fix: [
      "Change the value where it is accepted, then in the Secret, then end the runs that still have the old one.",
      "Take it out of templates and ConfigMaps first, or the next value is read there as well: `kubectl cronaudit exposure cronjob/NAME -n NAMESPACE` says where it stands.",
      "Retained runs hold the old value alone: they are no reason to wait.",
    ],
    source: "Kubernetes documentation, good practices for Secrets",
    related: ["no-value-in-object", "concurrent-rotation"],
  },
  "optimistic-lock": {
    title: "Writes on condition of a version",
    why: [
      "An update that names a resourceVersion is refused with 409 Conflict where the object was changed since it was read.",
    ],
    fix: [
      "Read, change and send the whole object with its `metadata.resourceVersion`, and begin again at a 409.",
      "A patch without resourceVersion, and `kubectl apply`, take whatever is there.",
    ],
    source: "apiserver/pkg/registry/generic/registry/store.go: Update (OptimisticLockErrorMsg)",
    related: ["concurrency-policy"],
  },
};
