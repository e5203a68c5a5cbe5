import { createHash } from "node:crypto";
import { bundleFiles } from "../../../src/cleanup/bundle/files.ts";
import type { BundleFiles } from "../../../src/cleanup/bundle/files.ts";
import type { PreserveOptions } from "../../../src/cleanup/bundle/preserve.ts";
import type { Wanted } from "../../../src/cleanup/bundle/fetch.ts";
import type { Api, ApiFailure, Json, Page } from "../../../src/model/api.ts";

/** A request that failed. */
export class Failure extends Error implements ApiFailure {
  override readonly name = "ApiError";
  readonly status: number | null;
  readonly reason: string;
  readonly fatal: boolean;

  constructor(status: number | null, reason: string, fatal = false) {
    super(reason);
    this.status = status;
    this.reason = reason;
    this.fatal = fatal;
  }
}

/** What a fake API server holds: raw objects by path, lists by resource, logs by path without query. */
export interface Held {
  objects: Record<string, Json | Failure>;
  lists?: Record<string, Json[] | Failure>;
  logs?: Record<string, string>;
  asked?: string[];
  underWay?: { now: number; most: number };
}

/** An Api over what it holds. */
export function fakeApi({ objects, lists = {}, logs = {}, asked = [], underWay = { now: 0, most: 0 } }: Held): Api {
  const counted = async <T>(answer: () => T): Promise<T> => {
    underWay.now += 1;
    underWay.most = Math.max(underWay.most, underWay.now);
    await new Promise((resolve) => setTimeout(resolve, 1));
    underWay.now -= 1;
    return answer();
  };
  const api: Partial<Api> = {
    server: "https://127.0.0.1:6443",
    version: () => Promise.resolve("v1.36.4"),
    whoami: () => Promise.resolve("alice"),
    get: (path) => {
      asked.push(path);
      return counted(() => {
        const found = objects[path] ?? new Failure(404, "NotFound");
        if (found instanceof Failure) throw found;
        return structuredClone(found);
      });
    },
    text: (path) =>
      counted(() => {
        const text = logs[path.replace(/\?.*/, "")] ?? "";
        return { text, cut: false };
      }),
    async *list(_group, _version, resource, options): AsyncGenerator<Page> {
      asked.push(`${resource} ${options.as ?? ""} ${options.fieldSelector ?? ""}`.trim());
      const items = await counted(() => lists[resource] ?? []);
      if (items instanceof Failure) throw items;
      yield { items: structuredClone(items), resourceVersion: "9", restarted: false };
    },
  };
  return api as Api;
}

const metadata = (name: string, more: Json = {}): Json => ({
  name,
  namespace: "database",
  uid: uidOf(name),
  resourceVersion: "7",
  creationTimestamp: "2026-11-01T00:00:00Z",
  ...more,
});

/** The uid that objects of this fixture have. */
export function uidOf(name: string): string {
  return `00000000-0000-4000-8000-${createHash("sha256").update(name).digest("hex").slice(0, 12)}`;
}

/** A finished Job of a CronJob, with its pod; `secret` makes the values that must not be found again. */
export function backup(secret: () => string, name = "backup-1"): { job: Json; pod: Json; cronJob: Json } {
  const container = {
    name: "main",
    image: "registry.example.com/backup:1",
    command: ["sh", "-c", `PGPASSWORD=${secret()} pg_dump -U x`],
    args: ["--password", secret(), secret(), `postgres://u:${secret()}@db/x`],
    env: [
      { name: "DB_PASSWORD", value: secret() },
      { name: "NOTE", value: secret() },
      { name: "FROM", valueFrom: { secretKeyRef: { name: "db", key: "password" } } },
    ],
    livenessProbe: { exec: { command: ["check", `--token=${secret()}`] } },
    startupProbe: { httpGet: { path: `/?key=${secret()}`, port: 80, httpHeaders: [{ name: "X", value: secret() }] } },
  };
  const spec = {
    restartPolicy: "Never",
    containers: [container],
    volumes: [{ name: "shared", csi: { driver: "csi.example.com", volumeAttributes: { [secret()]: secret() } } }],
  };
  const annotations = { "example.com/remark": secret(), "example.com/token": secret() };
  const template = { metadata: { labels: { "batch.kubernetes.io/job-name": name, app: "backup" }, annotations }, spec };
  const job = {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: metadata(name, {
      annotations: { "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify({ a: secret() }) },
      labels: { "batch.kubernetes.io/controller-uid": uidOf(name), "controller-uid": uidOf(name), password: secret() },
      ownerReferences: [
        { apiVersion: "batch/v1", kind: "CronJob", name: "backup", uid: uidOf("backup"), controller: true },
      ],
      managedFields: [{ manager: "m", fieldsV1: { "f:spec": { "v:x": {}, [`v:"${secret()}"`]: {} } } }],
    }),
    spec: {
      backoffLimit: 0,
      selector: { matchLabels: { "batch.kubernetes.io/controller-uid": uidOf(name) } },
      template,
    },
    status: {
      succeeded: 1,
      conditions: [{ type: "Complete", status: "True", message: "Reached expected number of pods" }],
    },
  };
  const said = `failed with password=${secret()} and ${secret()}`;
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: metadata(`${name}-x`, {
      ownerReferences: [{ apiVersion: "batch/v1", kind: "Job", name, uid: uidOf(name), controller: true }],
    }),
    spec,
    status: {
      phase: "Succeeded",
      containerStatuses: [{ name: "main", restartCount: 0, state: { terminated: { exitCode: 0, message: said } } }],
    },
  };
  const cronJob = {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: metadata("backup"),
    spec: { schedule: "*/5 * * * *", jobTemplate: { spec: { template } } },
  };
  return { job, pod, cronJob };
}

/** How an object of the fixture is asked for. */
export function wanted(object: Json): Wanted {
  const { kind, metadata: meta } = object as { kind: string; metadata: Json };
  const [group = "", resource = ""] = { Job: ["batch", "jobs"], Pod: ["", "pods"], Secret: ["", "secrets"] }[kind] ?? [
    "batch",
    "x",
  ];
  return {
    object: { kind, namespace: "database", name: meta["name"] as string, uid: meta["uid"] as string },
    resource: { group, version: "v1", resource },
  };
}

/** Where the fixture's objects stand. */
export function pathsOf(objects: Json[]): Record<string, Json> {
  return Object.fromEntries(
    objects.map((object) => {
      const { kind, metadata: meta } = object as { kind: string; metadata: Json };
      const root = kind === "Pod" || kind === "Secret" ? "/api/v1" : "/apis/batch/v1";
      return [`${root}/namespaces/database/${kind.toLowerCase()}s/${String(meta["name"])}`, object];
    }),
  );
}

/** Options for a bundle at this path. */
export function optionsFor(path: string, more: Partial<PreserveOptions> = {}): PreserveOptions {
  return {
    path,
    name: "test.evidence",
    force: false,
    rules: null,
    toolVersion: "0.0.0-test",
    localUser: "alice",
    fingerprintKey: null,
    logs: false,
    values: null,
    now: () => new Date("2026-11-22T05:41:09Z"),
    files: bundleFiles,
    signal: new AbortController().signal,
    progress: () => undefined,
    ...more,
  };
}

/** The machine's files, with something done at one step. */
export function filesThat(step: string, act: () => void): BundleFiles {
  return {
    ...bundleFiles,
    reached: (reached) => {
      if (reached === step) act();
      return Promise.resolve();
    },
  };
}
