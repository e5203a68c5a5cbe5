import type { ExposureClassRule } from "../class.ts";
import { terminationMessages } from "../dated-literals.ts";
import { literalFix } from "../fix-literals.ts";

/** A credential among the last words of a container, which its pod's status keeps. */
export const terminationMessage: ExposureClassRule = {
  id: "termination-message",
  title: "Credential in a termination message",
  summary: "The last words of a container, which its pod's status keeps, hold a credential.",
  what: "message of state.terminated and lastState.terminated of every container: what it wrote to terminationMessagePath, or with FallbackToLogsOnError the end of its log; `kubectl describe pod` prints it",
  readableBy:
    "whoever sends a request that returns the pod or its status; the node of the pod, and whoever its kubelet answers",
  opens: "end of the container (finishedAt)",
  closes:
    "deletion of the pod, or while it runs the next restart of the container; for list up to about 10 minutes later, for watch maybe longer",
  why: [
    "Whoever may get or list the pod reads it; the built-in ClusterRole `view` does, and `kubectl describe pod` prints it.",
    "With `terminationMessagePolicy: FallbackToLogsOnError` the end of a failing container's log gets there unasked.",
    "It stays as long as the pod object: kept for debugging, failed pods stay longest.",
  ],
  prevent: [
    "Stop the program from writing it; leave `terminationMessagePolicy` at `File` where errors quote credentials.",
    "Delete the pods that hold it: `kubectl cronaudit cleanup cronjob/NAME -n NAMESPACE`.",
    "Rotate the value: whoever read it keeps it.",
  ],
  needs: ["`list` on pods"],
  source:
    "Kubernetes API reference, ContainerStateTerminated; pkg/kubelet/kuberuntime/kuberuntime_container.go (getTerminationMessage)",
  find: terminationMessages,
  fix: literalFix,
};
