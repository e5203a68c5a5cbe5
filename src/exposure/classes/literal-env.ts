import type { ExposureClassRule } from "../class.ts";
import { literalFix } from "../fix-literals.ts";
import { templateLiterals } from "../literals.ts";

/** A credential as the literal value of an environment variable. */
export const literalEnv: ExposureClassRule = {
  id: "literal-env",
  title: "Credential as a literal environment variable",
  summary: "An environment variable's value in a pod template is a credential as text.",
  what: "env[].value of containers, init containers and ephemeral containers; `kubectl describe pod` prints it in full",
  readableBy:
    "whoever sends a request that returns the pod, Job or CronJob: get, list, watch, patch, delete and others; the node of the pod, and whoever its kubelet answers",
  opens: "creation of the Job or pod; for a CronJob a bound from managedFields and retained runs",
  closes:
    "deletion of the carrier, or a change of the CronJob's template; for list up to about 10 minutes later, for watch maybe longer",
  why: [
    "Whoever may get or list the pod, Job or CronJob reads it; the built-in ClusterRole `view` does, and has no right on Secrets.",
    "Each run has a copy in its Job and in its pod, whose templates cannot be changed: finished ones hold it until they are deleted.",
    "Encryption at rest is usually set up for Secrets alone, so etcd and its backups hold the value in the clear.",
  ],
  prevent: [
    "Mount the value as a file from a Secret; `secretKeyRef` keeps it out of the object too, but not out of the process.",
    "Delete the finished runs that hold it: `kubectl cronaudit cleanup cronjob/NAME -n NAMESPACE`.",
    "Rotate the value: whoever read it keeps it.",
    "Set `ttlSecondsAfterFinished`, so that runs to come do not stay.",
  ],
  needs: ["`list` on cronjobs, jobs and pods"],
  source: "Kubernetes API reference, EnvVar; kubectl pkg/describe (describeContainerEnvVars)",
  find: (context) => templateLiterals(context, "env"),
  fix: literalFix,
};
