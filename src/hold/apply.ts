import type { ApiFailure, Json, Writer } from "../model/api.ts";
import type { HoldState } from "../model/hold.ts";
import type { ObjectMeta, Time } from "../model/object.ts";
import { fieldsOfRaw, patchOf, pathOf, type Fields } from "./fields.ts";
import type { Entry, Intent, Outcome } from "./journal.ts";
import { managerOf } from "./managers.ts";
import type { HoldStep, Left } from "./plan.ts";
import { resolveIntent } from "./resolve.ts";

/** Patches under way at the same time. */
const AT_ONCE = 5;

/** An object that changes all the time is tried so often. */
const TRIES = 5;

/** What holding needs of the world outside. */
export interface Effects {
  api: Pick<Writer, "get" | "patch">;
  /** Appends to the journal; it is on disk when this returns. */
  write(entry: Entry): Promise<void>;
  now(): Time;
  newId(): string;
  user: string | null;
  server: string;
  /** Called between the steps, for tests that end the process there. */
  reached(step: "intent" | "patched" | "outcome"): Promise<void>;
  /** True where the run is to end. */
  stopped(): boolean;
}

/** What became of one object. */
export interface Fate {
  state: HoldState;
  because: string;
  /** True where the object was read, and nothing of a hold is to be put back any more. */
  isOver?: boolean;
}

/** What became of one step. */
export interface Applied extends Fate {
  step: HoldStep;
}

/** What the same step is for an object as it was read just now. */
export type Again = (step: HoldStep, fields: Fields, raw: Json) => HoldStep["changes"] | Fate;

export interface Application {
  action: Intent["action"];
  again: Again;
  /** Reads each object before its patch, and judges the step anew. */
  readsFirst: boolean;
  /** Asks the server, and changes nothing. */
  dryRun: boolean;
  /** Called with what became of each step, when it is known: a failure that ends the run leaves the others untold. */
  tell?(applied: Applied): void;
}

/** Makes the patches, the first ones first, intent written before and outcome after each. One that fails stops no other. */
export async function applySteps(steps: readonly HoldStep[], how: Application, effects: Effects): Promise<Applied[]> {
  const applied: Applied[] = [];
  const waiting = steps.entries();
  let end: { error: unknown } | null = null;
  let hopeless: string | null = null;
  const work = async (): Promise<void> => {
    for (const [at, step] of waiting) {
      if (end !== null || effects.stopped()) return;
      if (hopeless !== null) applied[at] = { step, state: "failed", because: `not tried: ${hopeless}` };
      else {
        const one = await applyStep(step, how, effects);
        applied[at] = one;
        hopeless ??= one.fatal;
        how.tell?.(one);
      }
    }
  };
  const guarded = (): Promise<void> => work().catch((error: unknown) => void (end ??= { error }));
  await Promise.all(Array.from({ length: AT_ONCE }, guarded));
  // A failure that ends the run, of the journal for one, is thrown when no patch is under way any more.
  if (end !== null) throw (end as { error: unknown }).error;
  return applied.map(({ step, state, because, isOver = false }) => ({ step, state, because, isOver }));
}

/** `fatal`: why no other patch can succeed either. */
async function applyStep(
  given: HoldStep,
  how: Application,
  effects: Effects,
): Promise<Applied & { fatal: string | null }> {
  let step = given;
  for (let tries = 0; ; tries++) {
    if (tries > 0 || how.readsFirst) {
      const next = await reread(step, how, effects);
      if (!("resourceVersion" in next)) return { fatal: null, ...next, step: { ...step, changes: [] } };
      step = next;
    }
    const state = await attempt(step, how, effects);
    if (state.status !== 409 || tries === TRIES - 1) return { step, ...state };
  }
}

interface Attempted {
  state: HoldState;
  because: string;
  status: number | null;
  fatal: string | null;
}

async function attempt(step: HoldStep, { action, dryRun }: Application, effects: Effects): Promise<Attempted> {
  const id = effects.newId();
  const done: HoldState = action === "hold" ? "held" : "released";
  const manager = managerOf(action, id);
  const send = (state: HoldState): Promise<Attempted> =>
    effects.api
      .patch(pathOf(step.object), patchOf(step.changes, step.resourceVersion), dryRun, manager)
      .then(() => ({ state, because: step.because, status: null, fatal: null }), failed);
  if (dryRun) return send(action === "hold" ? "would-hold" : "would-release");
  const { user, server } = effects;
  const { object, resourceVersion, changes } = step;
  const head = { v: 1, entry: "intent", id, action, at: effects.now(), user, server } as const;
  const intent: Intent = { ...head, object, resourceVersion, changes, manager };
  await effects.write(intent);
  await effects.reached("intent");
  const sent = await send(done);
  await effects.reached("patched");
  const outcome = sent.state === "unknown" ? await resolveNow(intent, sent, effects) : outcomeOf(sent, done);
  if (outcome === null) return sent;
  await effects.write({ v: 1, entry: "outcome", id: intent.id, at: effects.now(), ...outcome });
  await effects.reached("outcome");
  if (sent.state !== "unknown") return sent;
  const state = STATES[outcome.outcome] ?? done;
  return { state, because: state === done ? step.because : outcome.because, status: null, fatal: null };
}

const STATES: Record<Outcome["outcome"], HoldState | null> = {
  ...{ done: null, gone: "gone", "not-done": "failed", unclear: "unknown" },
};

function outcomeOf({ state, because }: Attempted, done: HoldState): Pick<Outcome, "outcome" | "because"> {
  if (state === "gone") return { outcome: "gone", because };
  return { outcome: state === done ? "done" : "not-done", because };
}

/** The server may have acted although no answer came. Null: nor does it say so now, and the next run asks again. */
async function resolveNow(
  intent: Intent,
  { because }: Attempted,
  effects: Effects,
): Promise<Pick<Outcome, "outcome" | "because"> | null> {
  const raw = await read(intent.object, effects).catch(() => undefined);
  if (raw === undefined) return null;
  const resolved = resolveIntent(intent, raw);
  return { ...resolved, because: `${because}; ${resolved.because}` };
}

/**
 * Writes down what became of patches that another run left open, by reading their objects. `left`: those of which it is not
 * known; what cannot be read stays open.
 */
export async function resolveOpen(open: readonly Intent[], effects: Effects): Promise<{ left: Left[] }> {
  const left: Left[] = [];
  for (const intent of open) {
    try {
      const resolved = resolveIntent(intent, await read(intent.object, effects));
      await effects.write({ v: 1, entry: "outcome", id: intent.id, at: effects.now(), ...resolved });
      if (resolved.outcome === "unclear") left.push({ object: intent.object, because: resolved.because });
    } catch (error) {
      const { name, message } = error as ApiFailure;
      if ((name as string) !== "ApiError") throw error;
      left.push({ object: intent.object, because: message });
    }
  }
  return { left };
}

async function reread(
  step: HoldStep,
  { again, action }: Application,
  effects: Effects,
): Promise<HoldStep | (Fate & { fatal?: string | null })> {
  let raw: Json | null;
  try {
    raw = await read(step.object, effects);
  } catch (error) {
    const { state, because, fatal } = failed(error);
    return { state, because, fatal };
  }
  const meta = raw?.["metadata"] as Partial<ObjectMeta> | undefined;
  if (raw === null || meta?.uid !== step.object.uid) return { state: "gone", because: "it is gone", isOver: true };
  if (action === "hold" && meta?.deletionTimestamp != null) return { state: "cannot", because: "it is being deleted" };
  const changes = again(step, fieldsOfRaw(step.object.kind, raw), raw);
  return Array.isArray(changes) ? { ...step, changes, resourceVersion: meta?.resourceVersion ?? "" } : changes;
}

/** Null where it is gone. */
async function read(object: HoldStep["object"], { api }: Effects): Promise<Json | null> {
  try {
    return await api.get(pathOf(object));
  } catch (error) {
    if ((error as Partial<ApiFailure>).status === 404) return null;
    throw error;
  }
}

/** What an error of the server means; any other error is thrown. */
function failed(error: unknown): Attempted {
  const { name, status, message, fatal } = error as ApiFailure;
  if ((name as string) !== "ApiError") throw error;
  const state: HoldState =
    status === 404 ? "gone" : status === 403 ? "forbidden" : status === null || status >= 500 ? "unknown" : "failed";
  return { state, because: message, status, fatal: fatal ? message : null };
}
