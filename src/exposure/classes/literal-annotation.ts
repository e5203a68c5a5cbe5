import type { ExposureClassRule } from "../class.ts";
import { literalFix } from "../fix-literals.ts";
import { annotationLiterals } from "../literals.ts";

/** A credential in an annotation, above all in the copy of the manifest that `kubectl apply` keeps. */
export const literalAnnotation: ExposureClassRule = {
  id: "literal-annotation",
  title: "Credential in an annotation",
  summary: "An annotation holds a credential, above all the copy of the manifest that `kubectl apply` keeps.",
  what: "any annotation, above all kubectl.kubernetes.io/last-applied-configuration, which describe leaves out and `get -o yaml` shows",
  readableBy:
    "whoever sends a request that returns the pod, Job or CronJob: get, list, watch, patch, delete and others; the node of the pod, and whoever its kubelet answers",
  opens: "a bound: between creation and the managedFields time of the manager that owns the annotation",
  closes:
    "removal of the annotation or deletion of the carrier; for list up to about 10 minutes later, for watch maybe longer",
  why: [
    "`kubectl describe` leaves `last-applied-configuration` out, so nobody who looks that way sees it; `get -o yaml` shows it.",
    "It keeps the old value after the object was changed by other means than `kubectl apply`: `edit`, `patch`, `set env`.",
    "An annotation of the pod template is copied into every run.",
  ],
  prevent: [
    "Take the value out of the manifest and apply it again, or take the annotation off: `kubectl annotate cronjob/NAME KEY- -n NAMESPACE`.",
    "`kubectl apply --server-side` writes no such copy where none is there yet.",
    "Delete the finished runs whose annotations hold it: `kubectl cronaudit cleanup cronjob/NAME -n NAMESPACE`.",
    "Rotate the value: whoever read it keeps it.",
  ],
  needs: ["`list` on cronjobs, jobs and pods"],
  source: "kubectl pkg/describe (skipAnnotations); Kubernetes documentation, declarative management with kubectl apply",
  find: annotationLiterals,
  fix: literalFix,
};
