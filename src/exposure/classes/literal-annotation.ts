import type { ExposureClassRule } from "../class.ts";
import { literalFix } from "../fix-literals.ts";
import { annotationLiterals } from "../literals.ts";

/** A credential in an annotation, above all in the copy of the manifest that `kubectl apply` keeps. */
export const literalAnnotation: ExposureClassRule = {
  id: "literal-annotation",
  title: "Credential in an annotation",
  what: "any annotation, above all kubectl.kubernetes.io/last-applied-configuration, which describe leaves out and `get -o yaml` shows",
  readableBy:
    "whoever sends a request that returns the pod, Job or CronJob (docs/edges.md): get, list, watch, patch, delete and others; the node of the pod, and whoever its kubelet answers",
  opens: "a bound: between creation and the managedFields time of the manager that owns the annotation",
  closes:
    "removal of the annotation or deletion of the carrier; for list up to about 10 minutes later, for watch maybe longer",
  source: "kubectl pkg/describe (skipAnnotations); Kubernetes documentation, declarative management with kubectl apply",
  find: annotationLiterals,
  fix: literalFix,
};
