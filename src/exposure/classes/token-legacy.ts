import type { ExposureClassRule } from "../class.ts";
import { legacyFix } from "../fix.ts";
import { legacyTokens } from "../tokens.ts";

/** A ServiceAccount token without expiry, kept in a Secret that a workload names. */
export const tokenLegacy: ExposureClassRule = {
  id: "token-legacy",
  title: "ServiceAccount token without expiry",
  what: "a Secret of type kubernetes.io/service-account-token that a CronJob, Job or pod mounts or references",
  readableBy: "get, list or watch on the Secret",
  opens: "creation of the Secret; where Secrets were not listed, a bound from the object that names it",
  closes: "deletion of the Secret or of its ServiceAccount; it does not expire",
  source: "pkg/serviceaccount/legacy.go; Kubernetes documentation, service account admin",
  find: legacyTokens,
  fix: legacyFix,
};
