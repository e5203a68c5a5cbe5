import { compareStarts } from "./history.ts";
import type { Schedule } from "./schedule/index.ts";
import { isTooLate, mostRecentScheduleTime, nextRequeue, type Due } from "./schedule/missed.ts";

/** A Job, there or to come. Times in milliseconds. */
export interface Run<T> {
  /** What the caller knows it by; null for a run to come. */
  of: T | null;
  name: string;
  start: number | null;
  /** When it ends; null: it has ended, Infinity: nobody knows that it will. */
  end: number | null;
  /** When something else deletes it; Infinity where nothing does. */
  goesAt: number;
  /** TTL, counted from the end of a run that is under way; null for none. */
  ttl: number | null;
  /** In status.active: concurrencyPolicy looks at these alone. */
  active: boolean;
  /** Whether its events make the controller look at the CronJob: its controller reference has that kind and uid. */
  notifies: boolean;
}

/** One CronJob at one moment, as its controller goes on with it when all its runs end with one outcome. */
export interface World<T> {
  now: number;
  name: string;
  due: Due;
  /** Null: it starts nothing. */
  schedule: Schedule | null;
  concurrencyPolicy: string;
  /** How many ended Jobs it keeps. */
  limit: number;
  /** What a run to come takes. */
  duration: number;
  /** TTL of a run to come. */
  ttl: number | null;
  /** Those that have ended with the outcome, and those under way. */
  runs: readonly Run<T>[];
  /** Whether a Job of that name is there now. */
  isTaken(name: string): boolean;
  /** Whether a Job's end is known to the controller: it has looked at the CronJob since then. */
  isNoticed(run: T): boolean;
}

/** How a Job goes: at the limit, or because the next run replaces it. The counts are of ends that came before and push it out. */
export interface Going {
  at: number;
  by: "limit" | "replacement";
  /** Runs that are under way now, itself included. */
  underWay: number;
  /** Runs that have not started yet. */
  next: number;
  /** When the last of them started; `now` where it takes none. */
  from: number;
}

/**
 * `none`: nothing is left to happen. `too-late`: no slot is met in time. `blocked`: a Job that does not end forbids any run.
 * `far`: so many runs change nothing, or are too few.
 */
export type Stopped = "done" | "none" | "too-late" | "blocked" | "far";

/** At most so many runs are played. */
export const MOST_RUNS = 40;
const MOST_SYNCS = 400;

/** Informers deliver everything anew after 12 to 24 hours (--min-resync-period), CronJobs among it. */
const RESYNC = 24 * 3600_000;

/**
 * Plays sync() of the CronJob controller (pkg/controller/cronjob/cronjob_controllerv2.go) from event to event: the ends of runs,
 * the slots, and the resync. Each sync prunes first, then starts what is due.
 */
export function simulate<T>(world: World<T>): { going: Map<T, Going>; stopped: Stopped } {
  const play = new Play(world);
  const stopped = play.run();
  return { going: play.going, stopped };
}

class Play<T> {
  readonly going = new Map<T, Going>();
  readonly #world: World<T>;
  readonly #due: Due;
  #runs: Run<T>[];
  /** Jobs that something else has deleted, which runs that had started before may have pushed out, had they been quicker. */
  #late: Run<T>[] = [];
  #time: number;
  /** Runs that were under way, have ended, and still count. */
  #ended: Run<T>[] = [];
  #next = 0;
  #started = 0;
  #from: number;
  /** Slots in a row that were met too late. */
  #missed = 0;
  #atSlot = false;
  readonly #hasStrangers: boolean;
  readonly #blocked: boolean;

  constructor(world: World<T>) {
    this.#world = world;
    this.#due = { ...world.due };
    this.#runs = world.runs.map((run) => ({ ...run })).sort(compareStarts);
    this.#time = world.now;
    this.#from = world.now;
    this.#hasStrangers = world.runs.some(({ notifies }) => !notifies);
    this.#blocked =
      world.concurrencyPolicy === "Forbid" && world.runs.some(({ active, end }) => active && end === Infinity);
  }

  run(): Stopped {
    const ended = this.#runs.filter(({ end }) => end === null).length;
    if (ended > this.#world.limit) this.#prune((run) => run.of !== null && this.#world.isNoticed(run.of));
    for (let syncs = 0; syncs < MOST_SYNCS && this.#started <= MOST_RUNS; syncs++) {
      this.#start();
      if (!this.#runs.some((run) => this.#mayGo(run)) && !this.#late.some((run) => this.#mayHaveGone(run)))
        return "done";
      if (this.#missed > 2) return "too-late";
      const next = this.#nextEvent();
      if (next === null) return this.#blocked ? "blocked" : "none";
      this.#time = next;
      this.#end();
      this.#prune(() => true);
    }
    return "far";
  }

  /** An ended Job without a start counts as the newest for ever; one that does not end can only be replaced. */
  #mayGo({ of, start, end, active }: Run<T>): boolean {
    if (of === null || (end === null && start === null)) return false;
    return end !== Infinity || (active && this.#world.concurrencyPolicy === "Replace");
  }

  #mayHaveGone({ of, goesAt }: Run<T>): boolean {
    if (this.going.has(of!)) return false;
    return this.#runs.some((run) => run.of === null && run.end !== null && run.start! < goesAt);
  }

  /** One run whose time has come ends, and those that nobody hears of; what a TTL ends goes. */
  #end(): void {
    const due = this.#runs.filter(({ end }) => end !== null && end <= this.#time);
    const [first] = due
      .filter(({ notifies }) => notifies)
      .sort((a, b) => a.end! - b.end! || Number(a.of === null) - Number(b.of === null));
    for (const run of due) {
      if (run.notifies && run !== first) continue;
      if (run.ttl !== null) run.goesAt = Math.min(run.goesAt, run.end! + run.ttl);
      run.end = null;
      if (run.of === null) {
        this.#next++;
        this.#from = Math.max(this.#from, run.start ?? 0);
      } else this.#ended.push(run);
    }
    const gone = this.#runs.filter(({ end, goesAt }) => end === null && goesAt <= this.#time);
    if (gone.length === 0) return;
    this.#runs = this.#runs.filter((run) => !gone.includes(run));
    this.#late.push(...gone.filter(({ of }) => of !== null));
  }

  /** cleanupFinishedJobs. */
  #prune(counts: (run: Run<T>) => boolean): void {
    const ended = this.#runs.filter((run) => run.end === null && run.goesAt > this.#time && counts(run));
    for (const run of this.#late) {
      const spare = ended.filter((one) => compareStarts(one, run) > 0).length - this.#world.limit;
      if (spare >= 0 && !this.going.has(run.of!)) this.#goes(run, "limit", spare);
    }
    if (ended.length <= this.#world.limit) return;
    const beyond = new Set(ended.slice(0, ended.length - this.#world.limit));
    const spare = ended.length - this.#world.limit - 1;
    for (const [index, run] of [...beyond].entries()) this.#goes(run, "limit", spare - index);
    this.#runs = this.#runs.filter((run) => !beyond.has(run));
    // What has gone itself pushes out nothing any more.
    this.#ended = this.#ended.filter((run) => !beyond.has(run));
  }

  /** `spare`: so many newer Jobs more than it takes have ended by now. */
  #goes(run: Run<T>, by: Going["by"], spare = 0): void {
    if (run.of === null) return;
    const underWay = Math.max(0, this.#ended.filter((one) => compareStarts(one, run) >= 0).length - spare);
    this.going.set(run.of, { at: this.#time, by, underWay, next: this.#next, from: this.#from });
  }

  /** The second half of syncCronJob. */
  #start(): void {
    const { schedule, concurrencyPolicy, name, duration, ttl } = this.#world;
    if (schedule === null || this.#blocked) return;
    const missed = mostRecentScheduleTime(this.#due, this.#time, schedule);
    const slot = "invalid" in missed ? null : missed.mostRecent;
    if (slot === null || isTooLate(slot, this.#due.startingDeadlineSeconds, this.#time)) {
      if (this.#atSlot) this.#missed++;
      return;
    }
    if (slot === this.#due.lastScheduleTime) return;
    const active = this.#runs.filter((run) => run.active && run.end !== null);
    const job = `${name}-${String(Math.floor(slot / 60_000))}`;
    if (active.some((run) => run.name === job)) return;
    if (concurrencyPolicy === "Forbid" && active.length > 0) return;
    if (concurrencyPolicy === "Replace") {
      for (const run of active) this.#goes(run, "replacement");
      this.#runs = this.#runs.filter((run) => !active.includes(run));
    }
    this.#due.lastScheduleTime = slot;
    this.#missed = 0;
    // Several slots within a minute share a name, and one run.
    if (this.#isTaken(job)) return;
    this.#started++;
    const run = { of: null, name: job, start: this.#time, end: this.#time + duration, goesAt: Infinity, ttl };
    this.#insert({ ...run, active: true, notifies: true });
  }

  /** A Job that has gone by then leaves its name to another. */
  #isTaken(name: string): boolean {
    if (this.#runs.some((run) => run.name === name)) return true;
    return this.#world.isTaken(name) && !this.#world.runs.some((run) => run.name === name);
  }

  #insert(run: Run<T>): void {
    const at = this.#runs.findLastIndex((one) => compareStarts(one, run) < 0);
    this.#runs.splice(at + 1, 0, run);
  }

  #nextEvent(): number | null {
    const { schedule, concurrencyPolicy, now } = this.#world;
    let next = Infinity;
    let waits = false;
    this.#atSlot = false;
    for (const { end, notifies, active, goesAt } of this.#runs) {
      if (end !== null && notifies) next = Math.min(next, end);
      if (end !== null && active && concurrencyPolicy === "Forbid") waits = true;
      if (this.#hasStrangers && end === null && notifies && goesAt > this.#time) next = Math.min(next, goesAt);
    }
    // While a run forbids the next, slots change nothing; the latest is made up for when it ends.
    if (schedule !== null && (this.#hasStrangers || !(waits || this.#blocked))) {
      const requeue = nextRequeue(this.#due, this.#time, schedule);
      if (requeue > this.#time && requeue < next) {
        next = requeue;
        this.#atSlot = true;
      }
    }
    if (this.#hasStrangers && this.#time < now + RESYNC) next = Math.min(next, now + RESYNC);
    return next === Infinity ? null : Math.max(next, this.#time);
  }
}
