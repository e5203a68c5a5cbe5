import type { ExposureClassRule } from "../class.ts";
import { literalFix } from "../fix-literals.ts";
import { templateLiterals } from "../literals.ts";

/** A credential on a command line: command, args, and the exec commands of probes and lifecycle hooks. */
export const literalArgs: ExposureClassRule = {
  id: "literal-args",
  title: "Credential in a command, a probe or a volume's options",
  summary: "A command, an argument, a probe or a volume's option holds a credential as text.",
  what: "command, args, and exec commands of probes and lifecycle hooks; while it runs also the process list of the node",
  readableBy:
    "whoever sends a request that returns the pod, Job or CronJob: get, list, watch, patch, delete and others; the node of the pod, and whoever its kubelet answers",
  opens: "creation of the Job or pod; for a CronJob a bound from managedFields and retained runs",
  closes:
    "deletion of the carrier, or a change of the CronJob's template; for list up to about 10 minutes later, for watch maybe longer",
  why: [
    "Whoever may get or list the pod, Job or CronJob reads it; the built-in ClusterRole `view` does, and has no right on Secrets.",
    "While it runs, the command line is in the process list of the node, and in that of any pod with `hostPID`.",
    "Templates of Jobs and pods cannot be changed: finished runs hold the value until they are deleted.",
  ],
  prevent: [
    "Have the program read the value from a file that is mounted from a Secret.",
    "Delete the finished runs that hold it: `kubectl cronaudit cleanup cronjob/NAME -n NAMESPACE`.",
    "Rotate the value: whoever read it keeps it.",
    "Set `ttlSecondsAfterFinished`, so that runs to come do not stay.",
  ],
  needs: ["`list` on cronjobs, jobs and pods"],
  source: "Kubernetes API reference, Container; kubectl pkg/describe (describeContainerCommand)",
  find: (context) => templateLiterals(context, "args"),
  fix: literalFix,
};
