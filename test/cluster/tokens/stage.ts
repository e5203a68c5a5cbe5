import { createPublicKey, verify } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "../../../src/cluster/index.ts";
import { collect } from "../../../src/evidence/collect.ts";
import { exposureReport } from "../../../src/exposure/report.ts";
import type { ExposureItem } from "../../../src/model/report.ts";
import { ensure, find, must, pathOf, waitFor } from "../../control-plane/act.ts";
import { nodeName } from "../../control-plane/plane-file.ts";
import { podAnnotations } from "../../control-plane/pod-annotations.ts";
import type { ControlPlane } from "../../control-plane/provider.ts";
import type { Stored } from "../../control-plane/story.ts";
import { connectOptions } from "../../faults/options.ts";
import { everything } from "../../selection.ts";

/** Seconds for which an API server may remember that a token was good (the success cache of its authenticator). */
export const REMEMBERED = 10;

/** Where tokens are tried, and what the tool says of them. */
export interface Stage {
  plane: ControlPlane;
  namespace: string;
}

/** The body of a TokenRequest's spec. */
export interface Asked {
  pod?: Stored;
  seconds?: number;
  audience?: string;
}

/** Asks for a token of an account as cluster-admin, or as the holder of `by`. */
export async function ask(
  { plane, namespace }: Stage,
  account: string,
  { pod, seconds = 3607, audience }: Asked,
  by?: string,
): Promise<{ status: number; token: string }> {
  const spec: Stored = { expirationSeconds: seconds, audiences: audience === undefined ? [] : [audience] };
  const { name, uid } = pod?.["metadata"] ?? {};
  if (pod !== undefined) spec["boundObjectRef"] = { apiVersion: "v1", kind: "Pod", name, uid };
  const path = pathOf("ServiceAccount", namespace, account, "token");
  const { status, body } = await plane.request("POST", path, { spec }, by === undefined ? {} : { token: by });
  return { status, token: status === 201 ? body.status.token : "" };
}

/** The same where it has to succeed. */
export async function mint(stage: Stage, account: string, asked: Asked, by?: string): Promise<string> {
  const { status, token } = await ask(stage, account, asked, by);
  if (status !== 201) throw new Error(`no token of ${account}: ${String(status)}`);
  return token;
}

/** Whether the API server takes a token: any answer but 401. For another audience it is asked to review the token. */
export async function accepts({ plane }: Stage, token: string, audience?: string): Promise<boolean> {
  if (audience === undefined) return (await plane.request("GET", "/apis", undefined, { token })).status !== 401;
  const spec = { token, audiences: [audience] };
  const review = await must(plane, "POST", "/apis/authentication.k8s.io/v1/tokenreviews", { spec });
  return review["status"].authenticated === true;
}

/** Whether somebody who has only the API server's public keys takes it: signature and exp. */
export async function holdsOffline({ plane }: Stage, token: string): Promise<boolean> {
  const accept = "application/jwk-set+json";
  const { keys } = (await plane.request("GET", "/openid/v1/jwks", undefined, { headers: { accept } })).body as Stored;
  const [head = "", body = "", signature = ""] = token.split(".");
  const signed = (keys as Stored[]).some((jwk) =>
    verify(
      "RSA-SHA256",
      Buffer.from(`${head}.${body}`),
      createPublicKey({ key: jwk, format: "jwk" }),
      Buffer.from(signature, "base64url"),
    ),
  );
  return signed && claimsOf(token)["exp"] * 1000 > Date.now();
}

export function claimsOf(token: string): Stored {
  return JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString("utf8")) as Stored;
}

/** Seconds until a token that was just used is refused; fails after the time that the server may remember it, and two more. */
export async function secondsUntilRefused(stage: Stage, token: string, audience?: string): Promise<number> {
  const start = Date.now();
  await waitFor("a token that was just used to be refused", async () => !(await accepts(stage, token, audience)), {
    seconds: REMEMBERED + 2,
    everyMs: 250,
  });
  return (Date.now() - start) / 1000;
}

/** Every token that the tool knows of at this moment, in the namespace or in all. */
export async function tokensSeen(
  { plane, namespace }: Stage,
  allNamespaces = false,
): Promise<{ items: ExposureItem[]; at: string }> {
  const api = await connect(connectOptions({ kubeconfig: plane.adminKubeconfig, namespace, requestTimeoutMs: 30_000 }));
  try {
    const snapshot = await collect(api, {
      resources: [
        ...(["cronjobs", "jobs", "pods", "serviceaccounts", "secrets"] as const),
        ...(["roles", "rolebindings", "clusterroles", "clusterrolebindings"] as const),
      ],
      namespace: allNamespaces ? null : namespace,
      allNamespaces,
      fingerprintKey: null,
      now: new Date(),
      toolVersion: "test",
      progress: () => undefined,
    });
    const { items } = exposureReport(snapshot, everything());
    const tokens = items.filter(({ credential }) => credential.kind === "serviceaccount-token");
    return { items: tokens, at: snapshot.metadata.takenAt };
  } finally {
    await api.close();
  }
}

/** What the tool says of a pod's token; null where it knows no such token, because the pod is gone. */
export async function said(
  stage: Stage,
  pod: Stored,
  audience: string | null = null,
): Promise<{ item: ExposureItem; open: boolean } | null> {
  const { items, at } = await tokensSeen(stage);
  const item = items.find(
    ({ token, carriers }) => token?.audience === audience && carriers[0]!.object.uid === pod["metadata"].uid,
  );
  return item === undefined ? null : { item, open: isOpen(item, at) };
}

/** Whether any window of it is open: one that is over ends no later than the evidence was taken. */
export function isOpen({ closes }: ExposureItem, at: string): boolean {
  return closes === null || Date.parse(closes) > Date.parse(at);
}

/** A pod of an account that runs (or is done at once) on the fake node, with the volumes that ask for these tokens besides. */
export async function makePod(
  stage: Stage,
  name: string,
  account: string,
  more: { done?: boolean; finalizer?: string; tokens?: Stored[]; spec?: Stored } = {},
): Promise<Stored> {
  const { plane, namespace } = stage;
  await ensure(plane, { apiVersion: "v1", kind: "ServiceAccount", metadata: { namespace, name: account } });
  const volumes = (more.tokens ?? []).map((serviceAccountToken, at) => ({
    name: `token-${String(at)}`,
    projected: { sources: [{ serviceAccountToken: { path: "token", ...serviceAccountToken } }] },
  }));
  await must(plane, "POST", pathOf("Pod", namespace), {
    metadata: {
      name,
      annotations: more.done === true ? {} : { [podAnnotations.runFor]: "forever" },
      finalizers: more.finalizer === undefined ? [] : [more.finalizer],
    },
    spec: {
      nodeName,
      restartPolicy: "Never",
      serviceAccountName: account,
      containers: [{ name: "main", image: "registry.example.com/job:1" }],
      volumes,
      ...more.spec,
    },
  });
  return inPhase(stage, name, more.done === true ? "Succeeded" : "Running");
}

export function inPhase({ plane, namespace }: Stage, name: string, phase: string): Promise<Stored> {
  return waitFor(`pod ${name} to be ${phase}`, async (note) => {
    const pod = await find(plane, "Pod", namespace, name);
    note(String(pod?.["status"].phase));
    return pod?.["status"].phase === phase ? pod : null;
  });
}

/** Ends a running pod as its kubelet would. */
export async function finish(stage: Stage, name: string): Promise<Stored> {
  const { plane, namespace } = stage;
  const { status } = await must(plane, "GET", pathOf("Pod", namespace, name));
  const now = new Date().toISOString();
  const terminated = { exitCode: 0, reason: "Completed", finishedAt: now, containerID: "containerd://0" };
  await must(plane, "PATCH", pathOf("Pod", namespace, name, "status"), {
    status: {
      phase: "Succeeded",
      containerStatuses: (status.containerStatuses as Stored[]).map(({ state, ...one }) => ({
        ...one,
        ready: false,
        started: false,
        state: { running: null, terminated: { ...terminated, startedAt: state.running.startedAt } },
      })),
    },
  });
  return inPhase(stage, name, "Succeeded");
}

export const remove = ({ plane, namespace }: Stage, kind: string, name: string) =>
  must(plane, "DELETE", pathOf(kind, namespace, name));

/** Waits until so many seconds after a time as the API writes it. */
export async function until(time: string, seconds: number): Promise<void> {
  await sleep(Math.max(0, Date.parse(time) + seconds * 1000 - Date.now()));
}
