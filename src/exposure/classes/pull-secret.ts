import type { ExposureClassRule } from "../class.ts";
import { pullSecretFix } from "../fix-pull.ts";
import { pullSecrets } from "../pull-secrets.ts";

/** A Secret with a registry's login, by which nodes pull the images of batch work. */
export const pullSecret: ExposureClassRule = {
  id: "pull-secret",
  title: "Secret with a registry's login",
  summary: "A registry's login stands in a Secret by which nodes pull the images of batch work.",
  what: "imagePullSecrets of CronJobs, Jobs and pods, and those of the ServiceAccounts that they run as; containers never get it",
  readableBy: "whoever sends a request that returns the Secret: get, list, watch, patch, delete or deletecollection",
  opens: "creation of the Secret; where Secrets were not listed, a bound from the object that names it",
  closes: "deletion of the Secret or a change of its data; the end of the work changes nothing",
  why: [
    "Containers never get it, but whoever reads Secrets of the namespace does, and so does the node of every pod that names it.",
    "A login that may push lets its holder change what the next run executes: see image-substitution.",
    "It is a password or token of the registry: nothing in the cluster ends it.",
  ],
  prevent: [
    "Let the kubelet get short-lived logins from the registry by its credential provider plugin, and drop the Secret.",
    "Where a Secret is needed, use a login that may pull only, of one repository, a different one for each namespace.",
    "Name images by digest, so that a login that may push changes nothing.",
  ],
  needs: [
    "`list` on cronjobs, jobs, pods and serviceaccounts",
    "`--list-secrets`, for when the Secret was made (else a bound)",
  ],
  source:
    "Kubernetes documentation, pull an image from a private registry; plugin/pkg/admission/serviceaccount/admission.go",
  find: pullSecrets,
  fix: pullSecretFix,
};
