import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { actAs, allow, find, must, pathOf, waitFor, type Actor } from "../../control-plane/act.ts";
import type { RequestOptions } from "../../control-plane/provider.ts";
import type { Stored } from "../../control-plane/story.ts";
import type { Cluster } from "../../control-plane/test.ts";
import { postStream, type Streamed } from "./spdy.ts";

/** Longer than anything takes on a busy machine. */
const PATIENCE = { seconds: 90, everyMs: 100 };

/** The volume through which a test tells containers to go on. */
const GATES = "gates";

/** A value that is in this run alone; keep it out of everything that is written. */
export const fresh = (): string => crypto.randomUUID();

/** Waits until something is so, for as long as a loaded machine may take. */
export function eventually<T>(
  what: string,
  probe: (note: (seen: string) => void) => Promise<T | null | false>,
): Promise<T> {
  return waitFor(what, probe, PATIENCE);
}

/** A Secret of the test's namespace. */
export function secret({ plane, namespace }: Cluster, name: string, stringData: Record<string, string>) {
  return must(plane, "POST", pathOf("Secret", namespace), { metadata: { name }, stringData });
}

/** A variable out of a Secret. */
export const fromSecret = (variable: string, name: string, key: string): Stored => ({
  name: variable,
  valueFrom: { secretKeyRef: { name, key } },
});

/** A container that does `before`, waits at the gate of its name, and does `after`. */
export function gated(name: string, { before = ":", after = ":", ...more }: Stored = {}): Stored {
  const script = `${String(before)}\nuntil [ -e /gates/${name} ]; do sleep 0.2; done\n${String(after)}`;
  const volumeMounts = [{ name: GATES, mountPath: "/gates" }, ...((more["volumeMounts"] ?? []) as Stored[])];
  return { name, command: ["sh", "-c", script], ...more, volumeMounts };
}

/** The spec of a pod of the real node whose containers wait at gates. */
export function gatedSpec({ node }: Cluster, { volumes = [], ...spec }: Stored): Stored {
  return node.spec({ ...spec, volumes: [{ name: GATES, emptyDir: {} }, ...(volumes as Stored[])] });
}

/** Creates such a pod. */
export function createPod(cluster: Cluster, name: string, spec: Stored): Promise<Stored> {
  const { plane, namespace } = cluster;
  return must(plane, "POST", pathOf("Pod", namespace), { metadata: { name }, spec: gatedSpec(cluster, spec) });
}

/** Lets a container go on. */
export function openGate({ node }: Cluster, pod: Stored, container: string): void {
  writeFileSync(join(node.disk(pod).folder, "volumes/kubernetes.io~empty-dir", GATES, container), "");
}

/** The status of one container, of whatever sort; null before there is one. */
export function statusOf({ status }: Stored, container: string): Stored | null {
  const lists = ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"];
  const all = lists.flatMap((list) => (status[list] ?? []) as Stored[]);
  return all.find(({ name }) => name === container) ?? null;
}

/** Waits until the pod is as asked, and returns it. */
export function podWhen({ plane, namespace }: Cluster, name: string, what: string, is: (pod: Stored) => boolean) {
  return eventually(`pod ${name}: ${what}`, async (note) => {
    const pod = await find(plane, "Pod", namespace, name);
    if (pod === null) return null;
    const { phase, containerStatuses = [], initContainerStatuses = [] } = pod["status"];
    const states = [...initContainerStatuses, ...containerStatuses].map(
      (one: Stored) => `${String(one["name"])} ${Object.keys(one["state"] ?? {}).join()}`,
    );
    note(`${String(phase)}; ${states.join(", ")}`);
    return is(pod) && pod;
  });
}

/** Waits until a container runs, or has ended, as its status says. */
export function inState(cluster: Cluster, pod: string, container: string, state: "running" | "terminated") {
  const is = (seen: Stored) => statusOf(seen, container)?.["state"]?.[state] !== undefined;
  return podWhen(cluster, pod, `container ${container} is ${state}`, is);
}

/** Waits until the pod is in the phase. */
export function inPhase(cluster: Cluster, pod: string, phase: string): Promise<Stored> {
  return podWhen(cluster, pod, `is ${phase}`, ({ status }) => status.phase === phase);
}

/** When a container ended, as its status says. */
export function endOf(pod: Stored, container: string): string {
  return statusOf(pod, container)?.["state"].terminated.finishedAt as string;
}

/** An account that holds one right in the test's namespace, as soon as the authorizer knows of it. */
export async function holder({ plane, namespace }: Cluster, verb: string, path: string): Promise<Actor> {
  const [resource = "", subresource = ""] = path.split("/");
  const name = ["only", verb, resource, subresource].filter(Boolean).join("-");
  const actor = await actAs(plane, namespace, name);
  const subjects = [{ kind: "ServiceAccount" as const, namespace, name }];
  await allow(plane, { name, namespace, subjects, verbs: [verb], resources: [path] });
  const spec = { resourceAttributes: { verb, resource, subresource, namespace } };
  await eventually(`the authorizer to grant ${verb} ${path}`, async () => {
    const review = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    return (await actor.request("POST", review, { spec })).body.status?.allowed === true;
  });
  return actor;
}

/** Runs a command in a container with nothing but the actor's token. */
export function exec(cluster: Cluster, actor: Actor, pod: string, container: string, ...words: string[]) {
  const query = new URLSearchParams([
    ["container", container],
    ["stdout", "true"],
    ["stderr", "true"],
  ]);
  for (const word of words) query.append("command", word);
  const path = `${pathOf("Pod", cluster.namespace, pod, "exec")}?${query.toString()}`;
  return postStream(cluster.plane, path, actor.token);
}

/** Whether the container's first process has this in its environment, as exec shows it; null where exec is refused. */
export async function hasVariable(cluster: Cluster, actor: Actor, at: [pod: string, container: string], pair: string) {
  const { status, stdout }: Streamed = await exec(cluster, actor, ...at, "cat", "/proc/1/environ");
  return status === 101 && stdout !== "" ? stdout.split("\0").includes(pair) : null;
}

/** The log of a container as the actor reads it. */
export function logOf(cluster: Cluster, actor: Actor, pod: string, container: string, previous = false) {
  const query = new URLSearchParams({ container, previous: String(previous) });
  return actor.request("GET", `${pathOf("Pod", cluster.namespace, pod, "log")}?${query.toString()}`);
}

/** When the runtime says that the first line with this text was printed, in whole seconds, from the log on the node's disk. */
export function lineTime(file: string, text: string): string {
  const line = readFileSync(file, "utf8")
    .split("\n")
    .find((one) => one.includes(text));
  const [time] = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?=\.\d+Z )/.exec(line ?? "") ?? [];
  if (time === undefined) throw new Error(`no line of ${file} holds it`);
  return `${time}Z`;
}

/** A request with a token alone, as its holder would send it from anywhere. */
export function withToken({ plane }: Cluster, token: string, method: string, path: string, body?: unknown) {
  const options: RequestOptions = { token };
  return plane.request(method, path, body, options);
}

/** Whether the API server takes a token. */
export async function isTaken(cluster: Cluster, token: string): Promise<boolean> {
  return (await withToken(cluster, token, "GET", "/apis")).status !== 401;
}

/** Whom the API server takes the holder of a token for. */
export async function whoIs(cluster: Cluster, token: string): Promise<Stored> {
  const path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
  const { status, body } = await withToken(cluster, token, "POST", path, {});
  if (status !== 201) throw new Error(`the token is not taken: ${String(status)}`);
  return body.status.userInfo;
}

/** Where the kubelet mounts the token of a pod's ServiceAccount. */
export const TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/** A pod's token, as exec copies it out of a container. */
export async function copyToken(cluster: Cluster, actor: Actor, pod: string, container: string): Promise<string> {
  const { status, stdout } = await exec(cluster, actor, pod, container, "cat", TOKEN);
  if (status !== 101 || stdout === "") throw new Error(`no token came: ${String(status)}`);
  return stdout;
}
