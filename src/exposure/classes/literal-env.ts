import type { ExposureClassRule } from "../class.ts";
import { literalFix } from "../fix-literals.ts";
import { templateLiterals } from "../literals.ts";

/** A credential as the literal value of an environment variable. */
export const literalEnv: ExposureClassRule = {
  id: "literal-env",
  title: "Credential as a literal environment variable",
  what: "env[].value of containers, init containers and ephemeral containers; `kubectl describe pod` prints it in full",
  readableBy:
    "whoever sends a request that returns the pod, Job or CronJob (docs/edges.md): get, list, watch, patch, delete and others; the node of the pod, and whoever its kubelet answers",
  opens: "creation of the Job or pod; for a CronJob a bound from managedFields and retained runs",
  closes:
    "deletion of the carrier, or a change of the CronJob's template; for list up to about 10 minutes later, for watch maybe longer",
  source: "Kubernetes API reference, EnvVar; kubectl pkg/describe (describeContainerEnvVars)",
  find: (context) => templateLiterals(context, "env"),
  fix: literalFix,
};
