import type { ExposureClassRule } from "../class.ts";
import { loggedLiterals } from "../dated-literals.ts";
import { literalFix } from "../fix-literals.ts";

/** A credential that a container printed; looked for with --scan-logs alone. */
export const log: ExposureClassRule = {
  id: "log",
  title: "Credential in a container's log",
  what: "what containers of batch pods printed, of the run before the last restart too; read with --scan-logs alone, as far as its bounds allow",
  readableBy: "get on pods/log; whoever holds the node, or what ships its logs elsewhere",
  opens: "the time that the runtime gave the line",
  closes:
    "deletion of the pod, with which the kubelet removes the log; while it runs the log's rotation, or of the run before a restart the container's next end; copies elsewhere stay",
  source:
    "pkg/registry/core/pod/strategy.go (LogLocation); pkg/kubelet/kuberuntime/kuberuntime_gc.go (evictPodLogsDirectories)",
  find: loggedLiterals,
  fix: literalFix,
};
