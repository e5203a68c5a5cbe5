import { find, must, pathOf, waitFor } from "../../control-plane/act.ts";
import type { Stored } from "../../control-plane/story.ts";
import { runNow } from "../../control-plane/time.ts";
import { environmentOf, namesCanary, podLabelled } from "./kubelet.ts";
import type { Stage } from "./stage.ts";

/** A kind whose controller makes pods from a template. */
export interface Controller {
  kind: string;
  /** As in a rule. */
  resource: string;
  apiVersion: string;
}

export const cronJobs: Controller = { kind: "CronJob", resource: "cronjobs.batch", apiVersion: "batch/v1" };
export const jobs: Controller = { kind: "Job", resource: "jobs.batch", apiVersion: "batch/v1" };

/** Those whose pods run until they are deleted, and whose template can be changed. */
export const standing: Controller[] = [
  { kind: "Deployment", resource: "deployments.apps", apiVersion: "apps/v1" },
  { kind: "DaemonSet", resource: "daemonsets.apps", apiVersion: "apps/v1" },
  { kind: "StatefulSet", resource: "statefulsets.apps", apiVersion: "apps/v1" },
  { kind: "ReplicaSet", resource: "replicasets.apps", apiVersion: "apps/v1" },
  { kind: "ReplicationController", resource: "replicationcontrollers", apiVersion: "v1" },
];

/** A controller of this kind with this pod spec, whose pods carry the label `app=NAME`; nothing of it runs with 0 replicas. */
export function manifest(
  { kind, apiVersion }: Controller,
  { namespace }: Stage,
  name: string,
  pod: Stored,
  replicas = 1,
): Stored {
  const labels = { app: name };
  const metadata = { namespace, name };
  if (kind === "CronJob" || kind === "Job") {
    const template = { metadata: { labels }, spec: { restartPolicy: "Never", ...pod } };
    const spec = kind === "Job" ? { template } : { schedule: "0 0 1 1 *", jobTemplate: { spec: { template } } };
    return { apiVersion, kind, metadata, spec };
  }
  const spec: Stored = {
    selector: kind === "ReplicationController" ? labels : { matchLabels: labels },
    template: { metadata: { labels }, spec: pod },
  };
  if (kind !== "DaemonSet") spec["replicas"] = replicas;
  // Nobody takes away the taint that the fake node was born with.
  else spec["template"].spec = { ...pod, tolerations: [{ operator: "Exists" }] };
  if (kind === "StatefulSet") spec["serviceName"] = name;
  return { apiVersion, kind, metadata, spec };
}

/** Waits for the pod with the canary that the controller makes, and returns what its container is given; a CronJob's time comes first. */
export async function madeToRun(stage: Stage, { kind }: Controller, name: string): Promise<string> {
  if (kind === "CronJob") await runNow(stage.plane, stage.namespace, name);
  return environmentOf(stage, await podLabelled(stage, `app=${name}`, namesCanary));
}

/** Puts a controller of the victim's there, in place of one that the last attempt changed. */
export async function install(stage: Stage, controller: Controller, object: Stored): Promise<void> {
  const { plane, namespace } = stage;
  const path = pathOf(controller.kind, namespace, object["metadata"].name);
  if ((await find(plane, controller.kind, namespace, object["metadata"].name)) !== null) {
    await must(plane, "DELETE", `${path}?propagationPolicy=Background`);
    await waitFor("the last attempt's controller to be gone", async () => {
      return (await find(plane, controller.kind, namespace, object["metadata"].name)) === null;
    });
  }
  await must(plane, "POST", pathOf(controller.kind, namespace), object);
}
