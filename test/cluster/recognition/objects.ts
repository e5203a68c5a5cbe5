import type { CredentialKind } from "../../../src/model/credential.ts";
import type { ExposureClass } from "../../../src/model/report.ts";
import { podAnnotations } from "../../control-plane/pod-annotations.ts";
import { fill, randomFrom } from "../../corpus/shapes.ts";
import type { Sample } from "./kinds.ts";

/** One value where it was put, and as what it must be found there. */
export interface Planted {
  kind: CredentialKind;
  class: ExposureClass;
  /** `Kind/name`; the pod of a Job has the Job's name here. */
  object: string;
  path: string;
  /** What must not be printed. */
  value: string;
}

export const APPLIED = "metadata.annotations[kubectl.kubernetes.io/last-applied-configuration]";
const IMAGE = "registry.example.com/app:1";

/** Makes a value for one place of an object, and writes it there. */
type Put = (path: string, carrier: ExposureClass, write?: (value: string) => string) => string;

/** A value is a place's own, so that nothing but the place can be where it was found. */
export function putter(sample: Sample, object: string, prefix: string, planted: Planted[]): Put {
  return (path, carrier, write = (value) => value) => {
    const at = `${prefix}${path}`;
    const value = fill(sample.shape, randomFrom(`${sample.kind} ${object} ${at}`));
    planted.push({ kind: sample.kind, class: carrier, object, path: at, value });
    return write(value);
  };
}

const words = (name: string): string => name.toLowerCase().replaceAll("_", "-");

/** Variables and command line: what every container has. */
export function container(sample: Sample, path: string, name: string, put: Put): object {
  const env = put(`${path}.env[0].value`, "literal-env");
  return {
    ...{ name, image: IMAGE, env: [{ name: sample.name, value: env }] },
    command: ["sh", "-c", put(`${path}.command[2]`, "literal-args", (value) => `${sample.name}='${value}' run`)],
    args: [put(`${path}.args[0]`, "literal-args", (value) => `--${words(sample.name)}=${value}`)],
  };
}

/** Probes and hooks, which run a command or send a request. */
function handlers({ name }: Sample, path: string, put: Put): object {
  const command = (at: string): object => {
    const script = put(`${path}.${at}.exec.command[2]`, "literal-args", (value) => `${name}='${value}' check`);
    return { exec: { command: ["sh", "-c", script] } };
  };
  const request = (at: string): object => {
    const header = put(`${path}.${at}.httpGet.httpHeaders[0].value`, "literal-args");
    return { httpGet: { port: 8080, path: "/", httpHeaders: [{ name: words(name), value: header }] } };
  };
  const address = (at: string): object => {
    const query = (value: string): string => `/check?${words(name)}=${encodeURIComponent(value)}`;
    return { httpGet: { port: 8080, path: put(`${path}.${at}.httpGet.path`, "literal-args", query) } };
  };
  return {
    livenessProbe: command("livenessProbe"),
    readinessProbe: request("readinessProbe"),
    startupProbe: address("startupProbe"),
    lifecycle: { postStart: command("lifecycle.postStart"), preStop: request("lifecycle.preStop") },
  };
}

/** How a workload gets its ConfigMap. */
export type Use = "env" | "envFrom" | "volume";

function usedMap({ name }: Sample, use: Use, map: string): { inContainer: object; inPod: object } {
  if (use === "envFrom") return { inContainer: { envFrom: [{ configMapRef: { name: map } }] }, inPod: {} };
  if (use === "volume") return { inContainer: {}, inPod: { volumes: [{ name: "files", configMap: { name: map } }] } };
  const valueFrom = { configMapKeyRef: { name: map, key: "value" } };
  return { inContainer: { env: [{ name, valueFrom }] }, inPod: {} };
}

/** A ConfigMap whose key is named by its user, by itself, or by the line of the file that it holds. */
export function configMap(sample: Sample, use: Use, planted: Planted[]): object {
  const name = `${sample.kind}-${use.toLowerCase()}`;
  const key = { env: "value", envFrom: sample.name, volume: "settings" }[use];
  const put = putter(sample, `ConfigMap/${name}`, "", planted);
  const write = (value: string): string => (use === "volume" ? `# of the app\n${sample.name}=${value}\n` : value);
  return {
    ...{ apiVersion: "v1", kind: "ConfigMap", metadata: { name } },
    data: { [key]: put(`data[${key}]`, "configmap-env", write) },
  };
}

/** What a pod is made from. */
export interface PodParts {
  annotations: Record<string, string>;
  spec: object;
}

/** A pod with the values of one kind wherever its spec can hold one; `put` knows whose paths these are. */
export function podParts(sample: Sample, use: Use, node: string | null, put: Put): PodParts {
  const key = `quux.test/${words(sample.name)}`;
  const { inContainer, inPod } = usedMap(sample, use, `${sample.kind}-${use.toLowerCase()}`);
  const main = container(sample, "spec.containers[0]", "main", put);
  return {
    annotations: { [key]: put(`metadata.annotations[${key}]`, "literal-annotation") },
    spec: {
      ...{ restartPolicy: "Never", nodeName: node, ...inPod },
      initContainers: [container(sample, "spec.initContainers[0]", "before", put)],
      containers: [
        { ...main, ...handlers(sample, "spec.containers[0]", put) },
        { name: "second", image: IMAGE, ...inContainer },
      ],
    },
  };
}

/** What a container of this pod writes as its last words, through the fake node's annotation. */
export function lastWords(sample: Sample, object: string, planted: Planted[]): Record<string, string> {
  const said = putter(sample, object, "", planted);
  const path = "status.containerStatuses[0].state.terminated.message";
  return {
    [podAnnotations.terminationMessage]: said(
      path,
      "termination-message",
      (value) => `failed: ${sample.name}=${value}`,
    ),
  };
}
