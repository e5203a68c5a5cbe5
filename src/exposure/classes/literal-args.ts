import type { ExposureClassRule } from "../class.ts";
import { literalFix } from "../fix-literals.ts";
import { templateLiterals } from "../literals.ts";

/** A credential on a command line: command, args, and the exec commands of probes and lifecycle hooks. */
export const literalArgs: ExposureClassRule = {
  id: "literal-args",
  title: "Credential in a command, a probe or a volume's options",
  what: "command, args, and exec commands of probes and lifecycle hooks; while it runs also the process list of the node",
  readableBy:
    "whoever sends a request that returns the pod, Job or CronJob (docs/edges.md): get, list, watch, patch, delete and others; the node of the pod, and whoever its kubelet answers",
  opens: "creation of the Job or pod; for a CronJob a bound from managedFields and retained runs",
  closes:
    "deletion of the carrier, or a change of the CronJob's template; for list up to about 10 minutes later, for watch maybe longer",
  source: "Kubernetes API reference, Container; kubectl pkg/describe (describeContainerCommand)",
  find: (context) => templateLiterals(context, "args"),
  fix: literalFix,
};
