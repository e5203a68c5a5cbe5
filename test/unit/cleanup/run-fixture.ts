import type { Deletion, Json, Page, ServedResource, Writer } from "../../../src/model/api.ts";
import type { CleanupPlan, Dependent } from "../../../src/model/cleanup.ts";
import type { ChosenItem, JournalStep } from "../../../src/model/journal.ts";
import { Journal } from "../../../src/cleanup/journal.ts";
import type { JournalFile } from "../../../src/cleanup/journal.ts";
import type { Work } from "../../../src/cleanup/work.ts";
import { Failure } from "./bundle-fixture.ts";
import { rules } from "./objects.ts";

/** A plan without its items. */
export function planHead(more: Partial<CleanupPlan> = {}): Omit<CleanupPlan, "items"> {
  return {
    apiVersion: "cronaudit/v1",
    kind: "CleanupPlan",
    metadata: {
      takenAt: "2026-11-22T05:41:09Z",
      cluster: { server: "https://127.0.0.1:6443", version: "v1.36.4", uid: "uid-cluster" },
      user: "alice",
      scope: { namespaces: ["database"] },
      tool: { version: "0.0.0-test" },
    },
    complete: true,
    blindSpots: [],
    notes: [],
    rules: rules(),
    changes: [],
    summary: {
      toDelete: 1,
      toChoose: 0,
      refused: 0,
      pods: 1,
      others: 0,
      exposures: 0,
      exposuresClosed: 0,
      tokens: 0,
      savesHours: 0,
      savesHoursAMonth: 0,
      rotate: [],
      notEnded: [],
      otherWays: [],
    },
    ...more,
  };
}

/** A finished Job as the server has it, and its pod. */
export function jobAndPod(name: string, more: { version?: string; annotations?: Json } = {}): { job: Json; pod: Json } {
  const { version = "7", annotations = {} } = more;
  const template = { metadata: {}, spec: { restartPolicy: "Never", containers: [{ name: "main", image: "a:1" }] } };
  const at = "2026-11-20T00:00:00Z";
  return {
    job: {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: {
        name,
        namespace: "database",
        uid: `uid-${name}`,
        resourceVersion: version,
        creationTimestamp: at,
        annotations,
      },
      spec: { template },
      status: {
        succeeded: 1,
        completionTime: at,
        conditions: [{ type: "Complete", status: "True", lastTransitionTime: at }],
      },
    },
    pod: {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name: `${name}-x`,
        namespace: "database",
        uid: `uid-${name}-x`,
        resourceVersion: "8",
        creationTimestamp: at,
        ownerReferences: [{ apiVersion: "batch/v1", kind: "Job", name, uid: `uid-${name}`, controller: true }],
      },
      spec: template.spec,
      status: {
        phase: "Succeeded",
        containerStatuses: [{ name: "main", restartCount: 0, state: { terminated: { exitCode: 0, finishedAt: at } } }],
      },
    },
  };
}

/** The same as a plan has it. */
export function chosenItem(name: string, more: Partial<ChosenItem> = {}): ChosenItem {
  const pod: Dependent = {
    object: { kind: "Pod", namespace: "database", name: `${name}-x`, uid: `uid-${name}-x` },
    resource: { group: "", version: "v1", resource: "pods" },
    owner: `uid-${name}`,
    needsChoice: false,
    shared: false,
    finalizers: [],
  };
  return {
    object: { kind: "Job", namespace: "database", name, uid: `uid-${name}` },
    resource: { group: "batch", version: "v1", resource: "jobs" },
    resourceVersion: "7",
    state: "completed",
    because: "condition Complete",
    owner: null,
    finishedAt: "2026-11-20T00:00:00Z",
    ageSeconds: 193_269,
    ageIsBound: false,
    decision: "delete",
    needsBecause: null,
    refusal: null,
    refusedBecause: null,
    dependents: [pod],
    ...more,
  };
}

/** What is kept as evidence of these Jobs and their pods. */
export function keptOf(...names: string[]): Map<string, string> {
  return new Map(names.flatMap((name) => [[`uid-${name}`, "7"] as const, [`uid-${name}-x`, "8"] as const]));
}

type Removal = Deletion & { path: string; dryRun: boolean };
interface Patch {
  path: string;
  patch: Json;
  dryRun: boolean;
}

/** A small server that keeps Jobs and pods, counts what it is asked, and can be told to fail. */
export class FakeServer {
  readonly objects = new Map<string, Json>();
  readonly extra: { kind: ServedResource; items: Json[] }[] = [];
  readonly removals: Removal[] = [];
  underWay = 0;
  most = 0;
  /** Called for each request that deletes, before it is carried out; what it throws is the answer, `after` comes once it was. */
  before: (removal: Removal) => void = () => undefined;
  after: (removal: Removal) => void = () => undefined;
  /** Patches that came, and the same for them: `afterPatch` comes once one was carried out. */
  readonly patches: Patch[] = [];
  beforePatch: (patch: Patch) => void = () => undefined;
  afterPatch: (patch: Patch) => void = () => undefined;
  /** False where no TTL controller runs. */
  hasTtl = true;

  constructor(...jobs: { job: Json; pod: Json }[]) {
    for (const { job, pod } of jobs) for (const one of [job, pod]) this.objects.set(pathOf(one), one);
  }

  names(): string[] {
    return [...this.objects.values()].map((one) => String((one["metadata"] as Json)["name"])).sort();
  }

  get api(): Writer {
    const api: Partial<Writer> = {
      server: "https://127.0.0.1:6443",
      namespace: "database",
      version: () => Promise.resolve("v1.36.4"),
      whoami: () => Promise.resolve("alice"),
      skewMs: () => 0,
      get: (path) => this.#get(path),
      list: (_group, _version, resource, options) => this.#list(resource, options.fieldSelector),
      discover: () => Promise.resolve({ resources: this.extra.map(({ kind }) => kind), unseen: [] }),
      remove: (path, deletion, dryRun) => this.#remove({ path, ...deletion, dryRun }),
      patch: (path, patch, dryRun) => this.#patch({ path, patch, dryRun }),
      close: () => Promise.resolve(),
    };
    return api as Writer;
  }

  async #get(path: string): Promise<Json> {
    await tick();
    if (path.endsWith("/kube-system")) return { metadata: { uid: "uid-cluster" } };
    const found = this.objects.get(path);
    if (found === undefined) throw new Failure(404, "NotFound");
    return structuredClone(found);
  }

  async *#list(resource: string, selector?: string): AsyncGenerator<Page> {
    await tick();
    const [name, type] = ["metadata.name", "type"].map((field) =>
      selector
        ?.split(",")
        .find((one) => one.startsWith(`${field}=`))
        ?.slice(field.length + 1),
    );
    const own = [...this.objects.values()].filter((one) => `${String(one["kind"]).toLowerCase()}s` === resource);
    const more = this.extra.filter(({ kind }) => kind.resource === resource).flatMap(({ items }) => items);
    const items = [...own, ...more].filter(
      (one) =>
        (name === undefined || (one["metadata"] as Json)["name"] === name) &&
        (type === undefined || one["type"] === type),
    );
    yield { items: structuredClone(items), resourceVersion: "9", restarted: false };
  }

  async #remove(removal: Removal): Promise<Json> {
    this.removals.push(removal);
    this.underWay += 1;
    this.most = Math.max(this.most, this.underWay);
    try {
      await tick();
      this.before(removal);
      const found = this.objects.get(removal.path);
      if (found === undefined) throw new Failure(404, "NotFound");
      const { uid, resourceVersion } = found["metadata"] as { uid: string; resourceVersion: string };
      if (uid !== removal.uid || resourceVersion !== removal.resourceVersion) throw new Failure(409, "Conflict");
      if (!removal.dryRun) this.collect(uid);
      this.after(removal);
      return { kind: "Status", status: "Success" };
    } finally {
      this.underWay -= 1;
    }
  }

  async #patch(asked: Patch): Promise<Json> {
    await tick();
    this.patches.push(asked);
    this.beforePatch(asked);
    const found = this.objects.get(asked.path);
    if (found === undefined) throw new Failure(404, "NotFound");
    const demands = asked.patch["metadata"] as { uid?: string; resourceVersion?: string };
    const { uid, resourceVersion } = found["metadata"] as { uid: string; resourceVersion: string };
    if (demands.resourceVersion !== resourceVersion) throw new Failure(409, "Conflict");
    if (demands.uid !== uid) throw new Failure(422, "Invalid");
    if (asked.dryRun) return found;
    const { spec } = asked.patch;
    merge(found, { spec, metadata: { resourceVersion: `${resourceVersion}0` } } as Json);
    if (this.hasTtl && (found["spec"] as Json)["ttlSecondsAfterFinished"] === 0) this.collect(uid);
    this.afterPatch(asked);
    return structuredClone(found);
  }

  /** Deletes an object and what it owns, as the garbage collector would. */
  collect(uid: string): void {
    for (const [path, one] of this.objects) {
      const { uid: own, ownerReferences = [] } = one["metadata"] as {
        uid: string;
        ownerReferences?: { uid: string }[];
      };
      if (own === uid || ownerReferences.some((owner) => owner.uid === uid)) this.objects.delete(path);
    }
  }
}

/** RFC 7386, as far as objects go. */
function merge(into: Json, patch: Json): void {
  for (const [key, value] of Object.entries(patch)) {
    const known = into[key];
    if (typeof value === "object" && value !== null && typeof known === "object" && known !== null)
      merge(known as Json, value as Json);
    else into[key] = value;
  }
}

export function pathOf({ kind, metadata }: Json): string {
  const { namespace, name } = metadata as { namespace: string; name: string };
  return `${kind === "Pod" || kind === "Secret" ? "/api/v1" : "/apis/batch/v1"}/namespaces/${namespace}/${String(kind).toLowerCase()}s/${name}`;
}

function tick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A journal in memory. */
export class Memory implements JournalFile {
  text = "";
  /** Called before each append. */
  before: () => void = () => undefined;

  append(text: string): Promise<void> {
    try {
      this.before();
    } catch (error) {
      return Promise.reject(error as Error);
    }
    this.text += text;
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  get steps(): JournalStep[] {
    return this.text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as JournalStep);
  }
}

/** Work over a fake server; time does not pass but in `sleep`. */
export function workOver(server: FakeServer, memory: Memory | null, more: Partial<Work> = {}): Work {
  let time = Date.parse("2026-11-22T05:41:09Z");
  const now = (): Date => new Date(time);
  return {
    api: server.api,
    journal: memory === null ? null : new Journal(memory, now),
    rules: rules(),
    toolVersion: "0.0.0-test",
    now,
    sleep: (milliseconds) => {
      time += milliseconds;
      return tick();
    },
    signal: new AbortController().signal,
    reached: () => Promise.resolve(),
    progress: () => undefined,
    ...more,
  };
}
