import { randomBytes } from "node:crypto";
import { must, pathOf, waitFor } from "../../control-plane/act.ts";
import { podAnnotations } from "../../control-plane/pod-annotations.ts";
import type { ControlPlane } from "../../control-plane/provider.ts";
import type { Stored } from "../../control-plane/story.ts";

/** An object with two values in it; keep both out of everything that is written. */
export interface Carrying {
  name: string;
  /** In a container's environment, or in the data. */
  value: string;
  /** In an annotation. */
  annotation: string;
  /** In the status, as the message of a container that ended; "" where none did. */
  message: string;
}

/** A kind of carrier in one of its states. */
export interface CarrierKind {
  /** `finished pod`. */
  title: string;
  kind: string;
  resource: string;
  apiVersion: string;
  /** What else it is made of. */
  content(carrying: Carrying, plane: ControlPlane): Stored;
  /** Brings the object into its state. */
  settle?(plane: ControlPlane, namespace: string, carrying: Carrying): Promise<void>;
}

const IMAGE = "registry.example.com/app:1";

/** A pod spec with the value written out in it. */
function spec(value: string, more: Stored = {}): Stored {
  return {
    restartPolicy: "Never",
    automountServiceAccountToken: false,
    containers: [{ name: "main", image: IMAGE, env: [{ name: "PASSWORD", value }] }],
    ...more,
  };
}

/** A spec that is good for the kind and holds none of the values: what somebody sends who knows only the name. */
export function blindSpec(kind: string, container: string): Stored {
  const pod = { restartPolicy: "Never", containers: [{ name: container, image: IMAGE }] };
  if (kind === "Pod") return { spec: pod };
  if (kind === "Job") return { spec: { template: { spec: pod } } };
  if (kind === "CronJob") {
    return { spec: { schedule: "0 3 * * *", suspend: true, jobTemplate: { spec: { template: { spec: pod } } } } };
  }
  return kind === "ConfigMap" ? { data: { other: "x" } } : { stringData: { other: "x" } };
}

const FINISHED_POD = "finished pod";

const ended = { startedAt: "2026-01-01T00:00:00Z", finishedAt: "2026-01-01T00:00:10Z", exitCode: 0 };

export const carrierKinds: readonly CarrierKind[] = [
  {
    title: "running pod",
    kind: "Pod",
    resource: "pods",
    apiVersion: "v1",
    content: ({ value }, { node }) => ({ spec: spec(value, { nodeName: node }) }),
    settle: async (plane, namespace, { name }) => {
      await waitFor(`pod ${name} to run`, async (note) => {
        const { status } = await must(plane, "GET", pathOf("Pod", namespace, name));
        note(String(status.phase));
        return status.phase === "Running";
      });
    },
  },
  {
    title: FINISHED_POD,
    kind: "Pod",
    resource: "pods",
    apiVersion: "v1",
    content: ({ value }) => ({ spec: spec(value) }),
    settle: async (plane, namespace, { name, message }) => {
      const container = { name: "main", image: IMAGE, imageID: "", ready: false, restartCount: 0 };
      await must(plane, "PATCH", pathOf("Pod", namespace, name, "status"), {
        status: {
          phase: "Succeeded",
          containerStatuses: [{ ...container, state: { terminated: { ...ended, message } } }],
        },
      });
    },
  },
  {
    title: "waiting job",
    kind: "Job",
    resource: "jobs",
    apiVersion: "batch/v1",
    content: ({ value }) => ({ spec: { suspend: true, template: { spec: spec(value) } } }),
  },
  {
    title: "finished job",
    kind: "Job",
    resource: "jobs",
    apiVersion: "batch/v1",
    content: ({ value }) => ({ spec: { managedBy: "example.com/nobody", template: { spec: spec(value) } } }),
    settle: async (plane, namespace, { name }) => {
      const since = { lastProbeTime: ended.finishedAt, lastTransitionTime: ended.finishedAt, status: "True" };
      await must(plane, "PATCH", pathOf("Job", namespace, name, "status"), {
        status: {
          startTime: ended.startedAt,
          completionTime: ended.finishedAt,
          succeeded: 1,
          conditions: [
            { type: "SuccessCriteriaMet", ...since },
            { type: "Complete", ...since },
          ],
        },
      });
    },
  },
  {
    title: "cronjob",
    kind: "CronJob",
    resource: "cronjobs",
    apiVersion: "batch/v1",
    content: ({ value }) => ({
      spec: { schedule: "0 3 * * *", suspend: true, jobTemplate: { spec: { template: { spec: spec(value) } } } },
    }),
  },
  {
    title: "configmap",
    kind: "ConfigMap",
    resource: "configmaps",
    apiVersion: "v1",
    content: ({ value }) => ({ data: { password: value } }),
  },
  {
    title: "secret",
    kind: "Secret",
    resource: "secrets",
    apiVersion: "v1",
    content: ({ value }) => ({ stringData: { password: value } }),
  },
];

/** Makes an object of the kind, and waits until it is in its state. */
export async function makeCarrier(plane: ControlPlane, carrier: CarrierKind, namespace: string): Promise<Carrying> {
  const random = (size: number) => randomBytes(size).toString("hex");
  const message = carrier.title === FINISHED_POD ? random(12) : "";
  const carrying: Carrying = { name: `c-${random(4)}`, value: random(12), annotation: random(12), message };
  const { kind, apiVersion } = carrier;
  const annotations = { note: carrying.annotation, [podAnnotations.runFor]: "forever" };
  await must(plane, "POST", pathOf(kind, namespace), {
    apiVersion,
    kind,
    metadata: { name: carrying.name, namespace, annotations, labels: { carrier: carrying.name } },
    ...carrier.content(carrying, plane),
  });
  await carrier.settle?.(plane, namespace, carrying);
  return carrying;
}

/** A part of an object that holds a value of its own. */
export type Part = "value" | "annotation" | "message";
const PARTS: readonly Part[] = ["value", "annotation", "message"];

/** Which of the values a text holds; those of Secrets stand there in base64. */
export function partsIn(text: string, carrying: Carrying): Part[] {
  const holds = (part: string) => text.includes(part) || text.includes(Buffer.from(part).toString("base64"));
  return PARTS.filter((part) => carrying[part] !== "" && holds(carrying[part]));
}
