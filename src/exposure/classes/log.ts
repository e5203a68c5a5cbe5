import type { ExposureClassRule } from "../class.ts";
import { loggedLiterals } from "../dated-literals.ts";
import { literalFix } from "../fix-literals.ts";

/** A credential that a container printed; looked for with --scan-logs alone. */
export const log: ExposureClassRule = {
  id: "log",
  title: "Credential in a container's log",
  summary: "A container printed a credential, and its log is there as long as the pod object.",
  what: "what containers of batch pods printed, of the run before the last restart too; read with --scan-logs alone, as far as its bounds allow",
  readableBy: "get on pods/log; whoever holds the node, or what ships its logs elsewhere",
  opens: "the time that the runtime gave the line",
  closes:
    "deletion of the pod, with which the kubelet removes the log, or before it when the node runs out of disk; while it runs the log's rotation, or of the run before a restart the container's next end; copies elsewhere stay",
  why: [
    "The built-in ClusterRole `view` may get pods/log.",
    "The log of a finished pod stays on its node until the pod object is deleted or the node runs out of disk; what ships logs has copies that stay longer.",
    "Shells with `set -x`, clients in debug mode and error messages with connection strings print values that no template holds.",
  ],
  prevent: [
    "Stop the program from printing it.",
    "Delete the pods whose logs hold it, and the line wherever logs are shipped to: `kubectl cronaudit cleanup cronjob/NAME -n NAMESPACE`.",
    "Rotate the value: whoever read it keeps it.",
  ],
  needs: [
    "`--scan-logs`, and `get` on pods/log (ClusterRole `cronaudit-scan-logs`)",
    "`list` on cronjobs, jobs and pods",
  ],
  source:
    "pkg/registry/core/pod/strategy.go (LogLocation); pkg/kubelet/kuberuntime/kuberuntime_gc.go (evictPodLogsDirectories, evictContainers)",
  find: loggedLiterals,
  fix: literalFix,
};
