import type { ApiFailure, Json, Writer } from "../model/api.ts";
import type { HoldState } from "../model/hold.ts";
import type { ObjectMeta, Time } from "../model/object.ts";
import { fieldsOfRaw, patchOf, pathOf, type Fields } from "./fields.ts";
import type { Entry, Intent, Outcome } from "./journal.ts";
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

/** What became of one step. */
export interface Applied {
  step: HoldStep;
  state: HoldState;
  because: string;
}

/** What the same step is for an object that has changed meanwhile. */
export type Again = (step: HoldStep, fields: Fields) => HoldStep["changes"] | { state: HoldState; because: string };

export interface Application {
  action: Intent["action"];
  again: Again;
  /** Asks the server, and changes nothing. */
  dryRun: boolean;
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
      }
    }
  };
  const guarded = (): Promise<void> => work().catch((error: unknown) => void (end ??= { error }));
  await Promise.all(Array.from({ length: AT_ONCE }, guarded));
  // A failure that ends the run, of the journal for one, is thrown when no patch is under way any more.
  if (end !== null) throw (end as { error: unknown }).error;
  return applied.map(({ step, state, because }) => ({ step, state, because }));
}

/** `fatal`: why no other patch can succeed either. */
async function applyStep(
  given: HoldStep,
  how: Application,
  effects: Effects,
): Promise<Applied & { fatal: string | null }> {
  let step = given;
  for (let tries = 1; ; tries++) {
    const state = await attempt(step, how, effects);
    if (state.status !== 409 || tries === TRIES) return { step, ...state };
    const next = await reread(step, how.again, effects);
    if (!("resourceVersion" in next)) return { step: { ...step, changes: [] }, ...next, fatal: null };
    step = next;
  }
}

interface Attempted {
  state: HoldState;
  because: string;
  status: number | null;
  fatal: string | null;
}

async function attempt(step: HoldStep, { action, dryRun }: Application, effects: Effects): Promise<Attempted> {
  const patch = patchOf(step.changes, step.resourceVersion);
  const done: HoldState = action === "hold" ? "held" : "released";
  if (dryRun) {
    const would: HoldState = action === "hold" ? "would-hold" : "would-release";
    return effects.api
      .patch(pathOf(step.object), patch, true)
      .then(() => ({ state: would, because: step.because, status: null, fatal: null }), failed);
  }
  const intent: Intent = {
    ...{
      v: 1,
      entry: "intent",
      id: effects.newId(),
      action,
      at: effects.now(),
      user: effects.user,
      server: effects.server,
    },
    ...{ object: step.object, resourceVersion: step.resourceVersion, changes: step.changes },
  };
  await effects.write(intent);
  await effects.reached("intent");
  const sent = await effects.api
    .patch(pathOf(step.object), patch, false)
    .then((): Attempted => ({ state: done, because: step.because, status: null, fatal: null }), failed);
  await effects.reached("patched");
  const outcome = sent.state === "unknown" ? await resolveNow(intent, sent, effects) : outcomeOf(sent, done);
  if (outcome === null) return sent;
  await effects.write({ v: 1, entry: "outcome", id: intent.id, at: effects.now(), ...outcome });
  await effects.reached("outcome");
  if (sent.state !== "unknown") return sent;
  const state = outcome.outcome === "done" ? done : outcome.outcome === "gone" ? "gone" : "failed";
  return { state, because: state === done ? step.because : sent.because, status: null, fatal: null };
}

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

/** Writes down what became of patches that another run left open, by reading their objects; what cannot be read stays open. */
export async function resolveOpen(open: readonly Intent[], effects: Effects): Promise<{ left: Left[] }> {
  const left: Left[] = [];
  for (const intent of open) {
    try {
      const resolved = resolveIntent(intent, await read(intent.object, effects));
      await effects.write({ v: 1, entry: "outcome", id: intent.id, at: effects.now(), ...resolved });
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
  again: Again,
  effects: Effects,
): Promise<HoldStep | { state: HoldState; because: string }> {
  const raw = await read(step.object, effects).catch((error: unknown) => failed(error));
  if (raw !== null && "state" in raw) return raw as unknown as Attempted;
  const meta = raw?.["metadata"] as Partial<ObjectMeta> | undefined;
  if (raw === null || meta?.uid !== step.object.uid) return { state: "gone", because: "it is gone" };
  if (meta?.deletionTimestamp != null) return { state: "cannot", because: "it is being deleted" };
  const changes = again(step, fieldsOfRaw(step.object.kind, raw));
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
