import type { ExposureClassRule } from "../class.ts";
import { legacyFix } from "../fix-tokens.ts";
import { legacyTokens } from "../legacy-tokens.ts";

/** A ServiceAccount token without expiry, kept in a Secret that a workload names. */
export const tokenLegacy: ExposureClassRule = {
  id: "token-legacy",
  title: "ServiceAccount token without expiry",
  what: "a Secret of type kubernetes.io/service-account-token that a CronJob, Job or pod mounts or references",
  readableBy: "whoever sends a request that returns the Secret: get, list, watch, patch, delete or deletecollection",
  opens: "creation of the Secret; where Secrets were not listed, a bound from the object that names it",
  closes:
    "deletion of the Secret or of its ServiceAccount, at once; the label kubernetes.io/legacy-token-invalid-since; it does not expire",
  source: "pkg/serviceaccount/legacy.go; Kubernetes documentation, service account admin",
  find: legacyTokens,
  fix: legacyFix,
};
