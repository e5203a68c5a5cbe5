import type { Api } from "../model/api.ts";
import type { Earlier, Resource, Snapshot } from "../model/snapshot.ts";
import type { WholeList } from "./collector.ts";
import type { ProjectionContext } from "./context.ts";
import { limiter } from "./limit.ts";
import { dateOf } from "./recover-date.ts";
import { Findings } from "./recover-findings.ts";
import { type Gone, PastLists } from "./recover-lists.ts";
import { notRecovered, recoveryNotes } from "./recover-notes.ts";
import { type Present, presentKinds, type Workload } from "./recover-present.ts";
import { oldestAnswering, versionsBetween } from "./recover-search.ts";
import { type Watched, watchPast } from "./recover-watch.ts";
import { isApiFailure } from "./scope.ts";

/** All of it together, whatever the server does. */
const MOST_MS = 10_000;
/** Of one kind: a list of more would take as long again as the collection did. */
const MOST_LISTED = 20_000;
/** Single objects that are asked for by name. */
const MOST_FETCHED = 1000;
/** Lists of whole objects, for what cannot be asked for by name. */
const MOST_WHOLE = 5000;
/** Where lists were taken namespace by namespace. */
const MOST_NAMESPACES = 20;
const AT_ONCE = 4;
/** Lists between the oldest and the present, where no watch shows what came and went. */
const BETWEEN = 3;

export interface Recovered {
  earlier: Earlier | null;
  notes: string[];
}

/**
 * Looks for what was deleted, and for what CronJobs held before they were changed: by lists at the oldest
 * resourceVersion that the server still answers, and by the past that its watch cache gives. Reads only, never asks
 * for Secrets, ends within about ten seconds, and never throws for what the server does: notes say what came of it.
 */
export async function recover(
  api: Api,
  context: ProjectionContext,
  present: Pick<Snapshot, Workload>,
  whole: (resource: Resource) => WholeList[],
): Promise<Recovered> {
  const kinds = presentKinds(present, whole);
  if (kinds === null) return notRecovered("this server's resourceVersions are no numbers");
  if (kinds.length === 0) return notRecovered("neither pods, Jobs nor CronJobs may be listed");
  const namespaces = Math.max(...kinds.map(({ lists }) => lists.length));
  if (namespaces > MOST_NAMESPACES)
    return notRecovered(
      `the lists came from ${String(namespaces)} namespaces one by one, which is too many to ask again`,
    );
  return new Recovery(api, context, present, kinds).run();
}

class Recovery {
  readonly #api: Api;
  readonly #kinds: Present[];
  readonly #signal = AbortSignal.timeout(MOST_MS);
  readonly #lists: PastLists;
  readonly #findings: Findings;
  readonly #limited = limiter(AT_ONCE);
  readonly #failures = new Set<string>();

  constructor(api: Api, context: ProjectionContext, present: Pick<Snapshot, Workload>, kinds: Present[]) {
    this.#api = api;
    this.#kinds = kinds;
    this.#lists = new PastLists(api, this.#signal);
    this.#findings = new Findings(context, present);
  }

  async run(): Promise<Recovered> {
    const searching = this.#attempt(() => this.#oldest());
    const watches = this.#kinds.map(async (kind) => ({ kind, watched: await this.#watch(kind, searching) }));
    let oldest = await searching;
    const watched = await Promise.all(watches);
    const compare = async (version: number): Promise<void> => {
      await Promise.all(watched.map((each) => this.#compare(each.kind, each.watched, version)));
    };
    if (oldest !== null) {
      const version = oldest;
      const forgotten = await this.#attempt(() => untilForgotten(() => compare(version)));
      // Compacted in the meantime: once more, from what is left.
      if (forgotten === true) {
        oldest = await this.#attempt(() => this.#oldest(version + 1));
        const again = oldest;
        if (again !== null) await this.#attempt(() => compare(again));
      }
    }
    const since = oldest;
    const at = since === null ? null : await this.#attempt(() => dateOf(this.#api, since, this.#signal));
    const reach = watched.map(({ kind, watched: { from } }) => ({ resource: kind.resource, from }));
    return recoveryNotes({
      ...{ oldest: since, at, reach, failures: [...this.#failures] },
      ...{ objects: this.#findings.objects(), left: this.#findings.left, unlisted: this.#findings.unlisted },
    });
  }

  /** The oldest version at which all kinds answer; null where none does. */
  async #oldest(lowest = 1): Promise<number | null> {
    const current = Math.min(...this.#kinds.map(({ version }) => version));
    let oldest = lowest;
    for (const [index, { resource, lists }] of this.#kinds.entries()) {
      const answers = (version: number): Promise<boolean> => this.#lists.answers(resource, lists[0]!, version);
      // Most often one history ends for all at once, so that one question more is enough.
      if (index > 0 && (await answers(oldest))) continue;
      const found = await oldestAnswering(current, answers, index === 0 ? lowest : oldest + 1);
      if (found === null) return null;
      oldest = found;
    }
    return oldest;
  }

  /** Of all lists of one kind, the worst. */
  async #watch(kind: Present, fallback: Promise<number | null>): Promise<Watched> {
    const { resource } = kind;
    const all = await Promise.all(
      kind.lists.map((list) =>
        this.#attempt(() =>
          watchPast(
            this.#api,
            resource,
            list,
            { until: kind.newest(list), fallback, signal: this.#signal },
            (type, object) => this.#findings.event(kind, list, type, object),
          ),
        ),
      ),
    );
    const worst = all.find((watched) => watched?.from == null);
    if (worst !== undefined) return worst ?? { from: null, failure: null };
    return { from: Math.max(...all.map((watched) => watched?.from ?? 0)), failure: null };
  }

  /** What was there at this version, or at some between, and is there no more. Throws ApiError where it is forgotten. */
  async #compare(kind: Present, { from }: Watched, version: number): Promise<void> {
    const { resource, uids } = kind;
    if (uids.size > MOST_LISTED) {
      this.#findings.skip(resource, `there are more than ${String(MOST_LISTED)}`);
      return;
    }
    for (const list of kind.lists) {
      if (resource === "cronjobs") {
        for await (const item of this.#lists.whole(resource, list, version)) this.#findings.past(kind, list, item);
      }
      const gone = await this.#lists.gone(kind, list, version);
      // Empty where the watch goes back as far.
      const between = versionsBetween(version, Math.min(from ?? kind.version, kind.version), BETWEEN);
      for (const each of between) gone.push(...(await this.#lists.gone(kind, list, each)));
      await this.#fetch(kind, list, gone);
    }
  }

  async #fetch(kind: Present, list: WholeList, gone: Gone[]): Promise<void> {
    const wanted = new Map<string, Gone>();
    for (const each of gone) if (!this.#findings.has(each.resource, each.uid)) wanted.set(each.uid, each);
    const asked = [...wanted.values()].slice(0, MOST_FETCHED);
    this.#findings.leave(kind.resource, wanted.size - asked.length);
    const missing: Gone[] = [];
    await Promise.all(
      asked.map((each) =>
        this.#limited(async () => {
          const object = await this.#lists.one(each);
          if (object === null) missing.push(each);
          else this.#findings.past(kind, list, object);
        }),
      ),
    );
    for (const version of new Set(missing.map((each) => each.version))) {
      if (kind.uids.size + missing.length > MOST_WHOLE) {
        this.#findings.leave(kind.resource, missing.length);
        return;
      }
      for await (const item of this.#lists.whole(kind.resource, list, version)) this.#findings.past(kind, list, item);
    }
  }

  /** Null where it failed, and the failure is remembered. */
  async #attempt<T>(task: () => Promise<T>): Promise<T | null> {
    try {
      return await task();
    } catch (error) {
      if (!isApiFailure(error)) throw error;
      this.#failures.add(this.#signal.aborted ? `it took longer than ${String(MOST_MS / 1000)} s` : error.message);
      return null;
    }
  }
}

/** True where the task ended because the server had forgotten the past meanwhile. */
async function untilForgotten(task: () => Promise<void>): Promise<boolean> {
  try {
    await task();
    return false;
  } catch (error) {
    if (isApiFailure(error) && error.status === 410) return true;
    throw error;
  }
}
