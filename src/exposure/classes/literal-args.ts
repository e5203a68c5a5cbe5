import type { ExposureClassRule } from "../class.ts";
import { literalFix } from "../fix-literals.ts";
import { templateLiterals } from "../literals.ts";

/** A credential on a command line: command, args, and the exec commands of probes and lifecycle hooks. */
export const literalArgs: ExposureClassRule = {
  id: "literal-args",
  title: "Credential in a command, a probe or a volume's options",
  what: "command, args, and exec commands of probes and lifecycle hooks; while it runs also the process list of the node",
  readableBy: "get, list or watch on pods, jobs or cronjobs, whichever carries it; the node of the pod",
  opens: "creation of the Job or pod; for a CronJob a bound from managedFields and retained runs",
  closes:
    "deletion of the carrier, or a change of the CronJob's template; up to about 10 minutes later for list and watch",
  source: "Kubernetes API reference, Container; kubectl pkg/describe (describeContainerCommand)",
  find: (context) => templateLiterals(context, "args"),
  fix: literalFix,
};
