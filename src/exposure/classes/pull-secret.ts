import type { ExposureClassRule } from "../class.ts";
import { pullSecretFix } from "../fix-pull.ts";
import { pullSecrets } from "../pull-secrets.ts";

/** A Secret with a registry's login, by which nodes pull the images of batch work. */
export const pullSecret: ExposureClassRule = {
  id: "pull-secret",
  title: "Secret with a registry's login",
  what: "imagePullSecrets of CronJobs, Jobs and pods, and those of the ServiceAccounts that they run as; containers never get it",
  readableBy: "whoever sends a request that returns the Secret: get, list, watch, patch, delete or deletecollection",
  opens: "creation of the Secret; where Secrets were not listed, a bound from the object that names it",
  closes: "deletion of the Secret or a change of its data; the end of the work changes nothing",
  source:
    "Kubernetes documentation, pull an image from a private registry; plugin/pkg/admission/serviceaccount/admission.go",
  find: pullSecrets,
  fix: pullSecretFix,
};
