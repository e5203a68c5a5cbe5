import { objectAt } from "../../evidence/json.ts";
import type { Json } from "../../model/api.ts";
import { nameOf } from "../lab/json.ts";
import type { Place, Twin } from "../lab/stage.ts";
import { has, runOf, suspendedCronJob } from "./objects.ts";
import { podSpec } from "./pod.ts";

/** A label of all CronJobs of this lab whose image is the tag: one push under it is for all of them. */
export const BY_TAG = { "cronaudit.io/lab-image": "by-tag" };

/** Of the runs that wait for a push these are read again; the controller deletes those before. */
export const KEPT_RUNS = 2;

/** The CronJob of a form that names its image by the tag. The hardened form has it to see what the tag means. */
export function byTag(place: Place, twin: Twin): Json {
  const cronJob = cronJobOf(place, twin, has(twin, "digest") ? `${twin.name}-tag` : twin.name, place.image);
  return { ...cronJob, metadata: { ...objectAt(cronJob, "metadata"), labels: BY_TAG } };
}

/** The hardened form: the same with the digest that the tag means now. */
export function byDigest(place: Place, twin: Twin, pinned: string): Json {
  return cronJobOf(place, twin, twin.name, pinned);
}

/** The threat model's manifest leaves the policy out: Always for the tag `latest`, otherwise IfNotPresent (SetDefaults_Container). */
function cronJobOf(place: Place, twin: Twin, name: string, image: string): Json {
  const policy = has(twin, "always") ? "Always" : has(twin, "if-not-present") ? "IfNotPresent" : null;
  const container = { name: "work", image, command: ["true"], ...(policy === null ? {} : { imagePullPolicy: policy }) };
  const spec = podSpec(place, container, { automountServiceAccountToken: false });
  return suspendedCronJob(place, name, spec, {
    more: { successfulJobsHistoryLimit: KEPT_RUNS, failedJobsHistoryLimit: KEPT_RUNS },
  });
}

/** A numbered run of a CronJob. On the node of an earlier run, so that two architectures are not taken for two images. */
export function runOn(cronJob: Json, number: number, node: string | null): Json {
  const run = runOf(cronJob, `${nameOf(cronJob)}-${String(number)}`);
  if (node === null) return run;
  const jobSpec = objectAt(run, "spec");
  const template = objectAt(jobSpec, "template");
  const spec = { ...objectAt(template, "spec"), nodeName: node };
  return { ...run, spec: { ...jobSpec, template: { ...template, spec } } };
}

/**
 * The digest in what a kubelet gives as imageID; null where that names none of a registry. Of several names by which a node has
 * one image, the kubelet gives any: images are compared by digest.
 */
export function digestOf(imageID: string): string | null {
  return /(?<=@)sha256:[0-9a-f]{64}$/.exec(imageID)?.[0] ?? null;
}

/** `registry/name@sha256:…` of a reference and what a kubelet gives as imageID; null where that names no digest of a registry. */
export function pinnedBy(reference: string, imageID: string): string | null {
  const digest = digestOf(imageID);
  return digest === null ? null : `${repositoryOf(reference)}@${digest}`;
}

/** Whether a reference can come to mean another image: one with a digest cannot. */
export function isTag(reference: string): boolean {
  return !reference.includes("@");
}

/** A reference without its tag. */
export function repositoryOf(reference: string): string {
  return reference.replace(/:[\w.-]{1,128}$/, "");
}
