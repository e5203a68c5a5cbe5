import type { ExposureClassRule } from "../class.ts";
import { terminationMessages } from "../dated-literals.ts";
import { literalFix } from "../fix-literals.ts";

/** A credential among the last words of a container, which its pod's status keeps. */
export const terminationMessage: ExposureClassRule = {
  id: "termination-message",
  title: "Credential in a termination message",
  what: "message of state.terminated and lastState.terminated of every container: what it wrote to terminationMessagePath, or with FallbackToLogsOnError the end of its log; `kubectl describe pod` prints it",
  readableBy:
    "whoever sends a request that returns the pod or its status (docs/edges.md); the node of the pod, and whoever its kubelet answers",
  opens: "end of the container (finishedAt)",
  closes:
    "deletion of the pod, or while it runs the next restart of the container; for list up to about 10 minutes later, for watch maybe longer",
  source:
    "Kubernetes API reference, ContainerStateTerminated; pkg/kubelet/kuberuntime/kuberuntime_container.go (getTerminationMessage)",
  find: terminationMessages,
  fix: literalFix,
};
