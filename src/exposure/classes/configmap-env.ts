import type { ExposureClassRule } from "../class.ts";
import { configMapLiterals } from "../configmaps.ts";
import { literalFix } from "../fix-literals.ts";

/** A credential in a ConfigMap that batch work gets as a variable or a file: no right on Secrets is needed to read it. */
export const configmapEnv: ExposureClassRule = {
  id: "configmap-env",
  title: "Credential in a ConfigMap",
  summary: "A ConfigMap that batch work names holds a credential; no right on Secrets is needed to read it.",
  what: "data and text in binaryData of a ConfigMap that a CronJob, Job or pod names (configMapKeyRef, envFrom, mounted), and the copy of them in last-applied-configuration",
  readableBy:
    "whoever sends a request that returns the ConfigMap; the nodes of the pods that name it, while their objects exist",
  opens:
    "creation of the ConfigMap, or a bound: between it and the managedFields time of the manager that owns the key",
  closes:
    "change of the key or deletion of the ConfigMap, by people or with its last owner; the end of the work changes nothing",
  why: [
    "The built-in ClusterRole `view` reads ConfigMaps and leaves out Secrets: the value is open to everybody who holds it.",
    "Encryption at rest is usually set up for Secrets alone, so etcd and its backups hold the value in the clear.",
    "It outlives every run: the end of the work, a TTL and the deletion of its Jobs and pods change nothing.",
  ],
  prevent: [
    "Move the value into a Secret, and have the workloads mount it from there.",
    "Take the key out of the ConfigMap, and out of its `last-applied-configuration`, which keeps the old text.",
    "Rotate the value: whoever read it keeps it.",
  ],
  needs: ["`list` on configmaps, cronjobs, jobs and pods"],
  source:
    "Kubernetes API reference, ConfigMapKeySelector and ConfigMapEnvSource; plugin/pkg/auth/authorizer/node/graph.go",
  find: configMapLiterals,
  fix: literalFix,
};
