import type { ExposureClassRule } from "../class.ts";
import { legacyFix } from "../fix-tokens.ts";
import { legacyTokens } from "../legacy-tokens.ts";

/** A ServiceAccount token without expiry, kept in a Secret that a workload names. */
export const tokenLegacy: ExposureClassRule = {
  id: "token-legacy",
  title: "ServiceAccount token without expiry",
  summary: "A Secret holds a ServiceAccount token that never expires, and batch work names it.",
  what: "a Secret of type kubernetes.io/service-account-token that a CronJob, Job or pod mounts or references",
  readableBy: "whoever sends a request that returns the Secret: get, list, watch, patch, delete or deletecollection",
  opens: "creation of the Secret; where Secrets were not listed, a bound from the object that names it",
  closes:
    "deletion of the Secret or of its ServiceAccount, at once; the label kubernetes.io/legacy-token-invalid-since; it does not expire",
  why: [
    "Whoever reads the Secret once acts as the ServiceAccount until the Secret or the account is deleted.",
    "It is bound to no pod, node or audience, and works from wherever the API server is reached.",
    "Kubernetes has made none by itself since 1.24; its clean-up marks only those that it made, when unused for a year.",
  ],
  prevent: [
    "Use the projected token of the pod, which the kubelet renews, then delete the Secret: that ends the token at once.",
    "Outside the cluster ask for tokens that end: `kubectl create token NAME --duration=1h -n NAMESPACE`.",
  ],
  needs: [
    "`list` on cronjobs, jobs and pods",
    "`--list-secrets`: without it a named Secret may be one, and a note says so",
  ],
  source: "pkg/serviceaccount/legacy.go; Kubernetes documentation, service account admin",
  find: legacyTokens,
  fix: legacyFix,
};
