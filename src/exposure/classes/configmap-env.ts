import type { ExposureClassRule } from "../class.ts";
import { configMapLiterals } from "../configmaps.ts";
import { literalFix } from "../fix-literals.ts";

/** A credential in a ConfigMap that batch work gets as a variable or a file: no right on Secrets is needed to read it. */
export const configmapEnv: ExposureClassRule = {
  id: "configmap-env",
  title: "Credential in a ConfigMap",
  what: "data and text in binaryData of a ConfigMap that a CronJob, Job or pod names (configMapKeyRef, envFrom, mounted), and the copy of them in last-applied-configuration",
  readableBy:
    "whoever sends a request that returns the ConfigMap (docs/edges.md); the nodes of the pods that name it, while their objects exist",
  opens:
    "creation of the ConfigMap, or a bound: between it and the managedFields time of the manager that owns the key",
  closes:
    "change of the key or deletion of the ConfigMap, by people or with its last owner; the end of the work changes nothing",
  source:
    "Kubernetes API reference, ConfigMapKeySelector and ConfigMapEnvSource; plugin/pkg/auth/authorizer/node/graph.go",
  find: configMapLiterals,
  fix: literalFix,
};
