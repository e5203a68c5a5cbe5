import type { Json } from "../model/api.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { CronJob } from "../model/workload.ts";
import type { WholeList } from "./collector.ts";
import type { ProjectionContext } from "./context.ts";
import { stringAt, valueAt } from "./json.ts";
import { KINDS } from "./kinds/index.ts";
import { byName } from "./order.ts";
import { versionsWithMore } from "./recover-changed.ts";
import type { Present, Workload } from "./recover-present.ts";

/** Of one kind; a mass deletion must not make the snapshot larger than the cluster. */
const MOST_OBJECTS = 10_000;

/** What was found of the past, sorted as a snapshot's lists are. */
export interface Found extends Pick<Snapshot, Workload> {
  /** Of the CronJobs those that are still there, and held something else then. */
  changed: number;
}

/** Gathers objects of the past; raw ones are projected at once, and so masked. */
export class Findings {
  /** What was seen to be gone and is not in the findings, in words. */
  readonly left = new Set<string>();
  /** Kinds whose lists of the past were not taken. */
  readonly unlisted = new Set<Workload>();
  readonly #context: ProjectionContext;
  readonly #present: Map<string, CronJob>;
  readonly #deleted = {
    cronjobs: new Map<string, CronJob>(),
    jobs: new Map<string, Snapshot["jobs"][number]>(),
    pods: new Map<string, Snapshot["pods"][number]>(),
  };
  readonly #versions = new Map<string, CronJob[]>();

  constructor(context: ProjectionContext, present: Pick<Snapshot, "cronjobs">) {
    // What is unreadable of the past makes no report of the present incomplete.
    this.#context = { ...context, unread: () => undefined };
    this.#present = new Map(present.cronjobs.map((cronjob) => [cronjob.meta.uid, cronjob]));
  }

  /** Takes one event of a watch. The last state of a deleted object outranks every earlier one. */
  event(kind: Present, list: WholeList, type: string, object: Json): void {
    if (type === "DELETED") this.#take(kind, list, object, true);
    else if (kind.resource === "cronjobs" && (type === "ADDED" || type === "MODIFIED")) this.past(kind, list, object);
  }

  /** Takes an object as some list of the past gave it. */
  past(kind: Present, list: WholeList, object: Json): void {
    this.#take(kind, list, object, false);
  }

  has(resource: Workload, uid: string): boolean {
    return this.#deleted[resource].has(uid);
  }

  leave(resource: Workload, count: number): void {
    if (count > 0) this.left.add(`${String(count)} more deleted ${resource} were not fetched`);
  }

  skip(resource: Workload, why: string): void {
    this.unlisted.add(resource);
    this.left.add(`deleted ${resource} were not looked for in lists of the past: ${why}`);
  }

  #take({ resource, uids }: Present, list: WholeList, raw: Json, last: boolean): void {
    const metadata = valueAt(raw, "metadata");
    const uid = stringAt(metadata, "uid");
    if (uid === null || (list.namespace !== null && stringAt(metadata, "namespace") !== list.namespace)) return;
    const isPresent = uids.has(uid);
    if (resource === "cronjobs") this.#version(KINDS.cronjobs.project(raw, this.#context));
    // A watch shows states that were followed by others; only the last one is that of a deleted object.
    if (isPresent || (!last && this.has(resource, uid))) return;
    if (!this.has(resource, uid) && this.#deleted[resource].size >= MOST_OBJECTS) {
      this.left.add(`more than ${String(MOST_OBJECTS)} deleted ${resource} were found, and no more were kept`);
      return;
    }
    if (resource === "pods") this.#deleted.pods.set(uid, KINDS.pods.project(raw, this.#context));
    else if (resource === "jobs") this.#deleted.jobs.set(uid, KINDS.jobs.project(raw, this.#context));
    else this.#deleted.cronjobs.set(uid, KINDS.cronjobs.project(raw, this.#context));
  }

  /** Runs change a CronJob's status every time; of states that carry the same the last one stands for all. */
  #version(cronjob: CronJob): void {
    const { uid } = cronjob.meta;
    const versions = this.#versions.get(uid) ?? [];
    const same = versions.findIndex((version) => carriesTheSame(version, cronjob));
    if (same === -1) versions.push(cronjob);
    else if (Number(cronjob.meta.resourceVersion) >= Number(versions[same]!.meta.resourceVersion))
      versions[same] = cronjob;
    this.#versions.set(uid, versions);
  }

  objects(): Found {
    const { jobs, pods, cronjobs } = this.#deleted;
    const kept = [...this.#versions].flatMap(([uid, versions]) => {
      const present = this.#present.get(uid) ?? null;
      // An ADDED one that is neither present nor seen to be deleted came after the present was listed.
      return present !== null || cronjobs.has(uid) ? versionsWithMore(versions, present) : [];
    });
    const changed = new Set(kept.map(({ meta }) => meta.uid).filter((uid) => this.#present.has(uid)));
    const byVersion = (a: CronJob, b: CronJob): number =>
      Number(a.meta.resourceVersion) - Number(b.meta.resourceVersion) || 0;
    return {
      cronjobs: kept.sort((a, b) => byName(a, b) || byVersion(a, b)),
      jobs: [...jobs.values()].sort(byName),
      pods: [...pods.values()].sort(byName),
      changed: changed.size,
    };
  }
}

/** Equal templates are one object. */
function carriesTheSame(one: CronJob, other: CronJob): boolean {
  const literals = ({ annotationLiterals }: CronJob): string =>
    annotationLiterals.map(({ field, fingerprint }) => `${field} ${fingerprint}`).join("\n");
  return one.job.template === other.job.template && literals(one) === literals(other);
}
