import { setImmediate as breathe } from "node:timers/promises";
import type { Api } from "../model/api.ts";
import type { BlindSpot, LogScan, Snapshot } from "../model/snapshot.ts";
import type { ProjectionContext } from "./context.ts";
import { knownCredentials, type Known } from "./known-words.ts";
import { limiter } from "./limit.ts";
import { logSources, type LogSource } from "./log-containers.ts";
import { isNoLog, logLiterals, type LogText } from "./log-lines.ts";
import { compare } from "./order.ts";
import { forKnown } from "./own-rules.ts";
import { survivable } from "./scope.ts";

/** Reading logs is bounded in time as well; what it comes to is said. */
export interface LogRequest {
  /** Begins to count when the first log is asked for; aborted when no further one may be. */
  timeBound(): AbortSignal;
}

const MOST_CONTAINERS = 500;
const BYTES_EACH = 1 << 20;
/** Of a log that is longer, so many lines of its end. */
const LAST_LINES = 1000;
const MOST_AT_ONCE = 4;
const FORBIDDEN = 403;

const BEYOND = `beyond the first ${String(MOST_CONTAINERS)}`;
const TOO_LATE = "the time for logs was over";
const NO_LOG = "its node has no log of it any more";
const MIDDLE = `only the first MiB and the last ${String(LAST_LINES)} lines were read`;

type Lists = Pick<Snapshot, "cronjobs" | "jobs" | "pods" | "configmaps">;

/** What reading the logs brought besides the literals, which are now in the pods. */
export interface Scanned {
  logs: LogScan;
  blindSpots: BlindSpot[];
  notes: string[];
}

/** Reads the logs of finished and running batch pods, and adds to each pod the credentials that its containers printed. */
export async function scanLogs(
  api: Api,
  lists: Lists,
  request: LogRequest & { progress(text: string): void },
  context: ProjectionContext,
): Promise<Scanned> {
  const known = knownCredentials(lists);
  const all = logSources(lists);
  const chosen = all.slice(0, MOST_CONTAINERS);
  const scan = new Scan(api, known, context);
  const time = request.timeBound();
  const limited = limiter(MOST_AT_ONCE);
  let done = 0;
  await Promise.all(
    chosen.map((source) =>
      limited(async () => {
        if (time.aborted) scan.leftOut(TOO_LATE);
        else await scan.read(source);
        request.progress(`logs: ${String(++done)} of ${String(chosen.length)}`);
      }),
    ),
  );
  if (all.length > chosen.length) scan.leftOut(BEYOND, all.length - chosen.length);
  return scan.result();
}

class Scan {
  readonly #api: Api;
  readonly #known: Known;
  readonly #context: ProjectionContext;
  readonly #unread = new Map<string, number>();
  readonly #forbidden = new Map<string, string>();
  readonly #allowed = new Set<string>();
  #read = 0;

  constructor(api: Api, known: Known, context: ProjectionContext) {
    this.#api = api;
    this.#known = known;
    this.#context = context;
  }

  leftOut(reason: string, containers = 1): void {
    this.#unread.set(reason, (this.#unread.get(reason) ?? 0) + containers);
  }

  /** One log; in a namespace that has refused once, no further one is asked for. */
  async read(source: LogSource): Promise<void> {
    const namespace = source.pod.meta.namespace ?? "";
    if (this.#forbidden.has(namespace)) return this.leftOut("Forbidden");
    try {
      const start = await this.#ask(source, { limitBytes: BYTES_EACH });
      this.#allowed.add(namespace);
      if (isNoLog(start)) return this.leftOut(NO_LOG);
      const logs = [start];
      if (start.cut) {
        logs.push(await this.#ask(source, { tailLines: LAST_LINES, limitBytes: BYTES_EACH }));
        this.leftOut(MIDDLE);
      }
      this.#read += 1;
      for (const log of logs) this.#keep(source, log);
      await breathe();
    } catch (error) {
      const { status, reason, message } = survivable(error);
      if (status === FORBIDDEN) this.#forbidden.set(namespace, message);
      this.leftOut(reason);
    }
  }

  async #ask(
    { pod, container, previous }: LogSource,
    bounds: { tailLines?: number; limitBytes: number },
  ): Promise<LogText> {
    const { namespace, name } = pod.meta;
    const query = new URLSearchParams({ container, timestamps: "true" });
    if (previous) query.set("previous", "true");
    for (const [key, bound] of Object.entries(bounds)) query.set(key, String(bound));
    const object = `/api/v1/namespaces/${encodeURIComponent(namespace ?? "")}/pods/${encodeURIComponent(name)}`;
    const { text, cut } = await this.#api.text(`${object}/log?${query.toString()}`, bounds.limitBytes);
    // The node cuts by itself, and exactly there.
    const isCut = cut || Buffer.byteLength(text) >= bounds.limitBytes;
    return { container, previous, text, fromStart: bounds.tailLines === undefined, cut: isCut };
  }

  #keep({ pod }: LogSource, log: LogText): void {
    const { literals, more } = logLiterals(log, this.#known, forKnown(pod.meta, this.#context));
    const seen = new Set(pod.logLiterals.map(({ field, fingerprint }) => `${field} ${fingerprint}`));
    pod.logLiterals.push(...literals.filter(({ field, fingerprint }) => !seen.has(`${field} ${fingerprint}`)));
    if (more === 0) return;
    const { namespace, name } = pod.meta;
    const where = this.#context.mask.keep(`${namespace ?? ""}/${name}`);
    this.#context.note(
      `Pod ${where}: the log of ${log.container} holds ${String(more)} more credentials than are kept`,
    );
  }

  result(): Scanned {
    const unread = [...this.#unread]
      .map(([reason, containers]) => ({ reason, containers }))
      .sort((a, b) => compare(a.reason, b.reason));
    const said = unread.map(({ reason, containers }) => `${String(containers)} (${reason})`).join(", ");
    const read = `container logs read: ${String(this.#read)}`;
    return {
      logs: { containers: this.#read, unread, bytesEach: BYTES_EACH },
      blindSpots: this.#blindSpots(),
      notes: [unread.length === 0 ? read : `${read}; not, or not whole: ${said}`],
    };
  }

  /** One for the whole cluster where no namespace let a log be read. */
  #blindSpots(): BlindSpot[] {
    const spot = (namespace: string | null, message: string): BlindSpot => ({
      verb: "get",
      group: "",
      resource: "pods/log",
      namespace,
      except: [],
      reason: "Forbidden",
      message,
      blinds: ["which credentials containers printed to their logs"],
    });
    const forbidden = [...this.#forbidden].sort(([a], [b]) => compare(a, b));
    const [first] = forbidden;
    if (first !== undefined && forbidden.length > 1 && this.#allowed.size === 0) return [spot(null, first[1])];
    return forbidden.map(([namespace, message]) => spot(namespace, message));
  }
}
