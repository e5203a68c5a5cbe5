import { isApiFailure } from "../../evidence/scope.ts";
import type { Json, Writer } from "../../model/api.ts";
import type { LabObject } from "../../model/lab-journal.ts";
import { givingUp } from "./giving-up.ts";
import { inWordsOf, objectPath } from "./kinds.ts";
import type { Made } from "./make.ts";
import { RUN_LABEL } from "./names.ts";
import { strangersIn, type Stranger } from "./strangers.ts";

/** What a teardown takes. */
export interface Tearing {
  api: Pick<Writer, "get" | "list" | "remove">;
  run: string;
  sleep(milliseconds: number): Promise<void>;
  now(): Date;
  /** The longest wait for one namespace to go, in seconds. */
  patience: number;
  reached(step: string): Promise<void>;
}

/** What became of a teardown. */
export interface Torn {
  deleted: number;
  alreadyGone: number;
  /** What stands under a name of the run's, or in its namespaces, and is not the run's: it was left alone. */
  notOurs: string[];
  failed: { object: LabObject; because: string }[];
}

const POLL_MS = 250;
/** What the garbage collector looks after goes within seconds of its owner. */
const GOING_SECONDS = 10;

/**
 * Deletes by uid what was made, the last first and namespaces after all else. What is gone is done, whatever else has taken its name
 * is left alone, and no error keeps it from going on, but for a server that does not answer any more. A namespace that holds what
 * the run did not make stays. Waits for namespaces to be gone.
 */
export async function teardown(made: readonly Made[], given: Tearing): Promise<Torn> {
  const tearing = { ...given, api: givingUp(given.api) };
  const torn: Torn = { deleted: 0, alreadyGone: 0, notOurs: [], failed: [] };
  const order = made.toReversed();
  const isNamespace = ({ object }: Made): boolean => object.kind === "Namespace";
  for (const one of order.filter((each) => !isNamespace(each))) await takeDown(one, tearing, torn);
  const going: Made[] = [];
  for (const one of order.filter(isNamespace)) {
    if (await isKept(one, made, tearing, torn)) continue;
    const uid = await takeDown(one, tearing, torn);
    if (uid !== null) going.push({ ...one, uid });
  }
  for (const one of going) await waitUntilGone(one, tearing, torn);
  return goneAfterAll(torn, tearing);
}

/** Whether a namespace has to stay, which is told: the run did not make everything in it, or that cannot be read. */
async function isKept(one: Made, made: readonly Made[], tearing: Tearing, torn: Torn): Promise<boolean> {
  const { name } = one.object;
  let strangers: Stranger[];
  try {
    strangers = await settledStrangers(name, made, tearing);
    if (strangers.length === 0 || !(await standsAsOurs(one, tearing))) return false;
  } catch (error) {
    if (!isApiFailure(error)) throw error;
    torn.failed.push({ object: one.object, because: `what stands in it cannot be told: ${error.message}` });
    return true;
  }
  const words = strangers.map(({ object }) => `${object.kind} ${object.name}`);
  torn.notOurs.push(...strangers.map(({ object }) => `${inWordsOf(object)} is none of the run's, and was left alone`));
  const because = `it stays for what the run did not make: ${words.join(", ")}; move or delete that, then clean up again`;
  torn.failed.push({ object: one.object, because });
  return true;
}

async function settledStrangers(namespace: string, made: readonly Made[], tearing: Tearing): Promise<Stranger[]> {
  const { api, run, now, sleep } = tearing;
  const uids = made.flatMap(({ uid }) => uid ?? []);
  const until = now().getTime() + GOING_SECONDS * 1000;
  for (;;) {
    const strangers = await strangersIn(api, namespace, { run, made: uids });
    if (!strangers.some(({ isGoing }) => isGoing) || now().getTime() > until) return strangers;
    await sleep(POLL_MS);
  }
}

/** False where the namespace is gone, somebody else's, or being deleted, which nothing stops. Throws ApiError. */
async function standsAsOurs({ object, uid }: Made, { api, run }: Tearing): Promise<boolean> {
  try {
    const found = await api.get(objectPath(object));
    const { deletionTimestamp, ...metadata } = found["metadata"] as { uid: string; deletionTimestamp?: string };
    return deletionTimestamp === undefined && (uid === null ? uidIfOurs(found, run) !== null : metadata.uid === uid);
  } catch (error) {
    if (isApiFailure(error) && error.status === 404) return false;
    throw error;
  }
}

/** What could not be deleted by itself may have gone with its namespace. */
async function goneAfterAll(torn: Torn, tearing: Tearing): Promise<Torn> {
  const failed: Torn["failed"] = [];
  for (const one of torn.failed) if ((await uidNow(one.object, tearing)) !== null) failed.push(one);
  return { ...torn, failed, alreadyGone: torn.alreadyGone + torn.failed.length - failed.length };
}

/** The uid of what is deleted, or is being deleted; null where there is nothing to wait for. */
async function takeDown(one: Made, tearing: Tearing, torn: Torn): Promise<string | null> {
  const { api, reached } = tearing;
  const path = objectPath(one.object);
  await reached("delete");
  try {
    const uid = one.uid ?? uidIfOurs(await api.get(path), tearing.run);
    if (uid === null) {
      torn.notOurs.push(`${inWordsOf(one.object)} does not carry the run's label, and was left alone`);
      return null;
    }
    await api.remove(path, { uid, cascade: "background" }, false);
    torn.deleted += 1;
    await reached("deleted");
    return uid;
  } catch (error) {
    return await told(one, error, tearing, torn);
  }
}

function uidIfOurs(object: Json, run: string): string | null {
  const { uid, labels } = object["metadata"] as { uid: string; labels?: Record<string, string> };
  return labels?.[RUN_LABEL] === run ? uid : null;
}

async function told(one: Made, error: unknown, tearing: Tearing, torn: Torn): Promise<string | null> {
  if (!isApiFailure(error)) throw error;
  if (error.status === 404) {
    torn.alreadyGone += 1;
    return null;
  }
  // Another uid, or a namespace that is being deleted already.
  const there = error.status === 409 && one.uid !== null ? await uidNow(one.object, tearing) : undefined;
  if (there === one.uid && there !== undefined) return there;
  if (there === null) torn.alreadyGone += 1;
  else if (there !== undefined)
    torn.notOurs.push(`${inWordsOf(one.object)} was made anew by somebody else, and was left alone`);
  else torn.failed.push({ object: one.object, because: error.message });
  return null;
}

/** The uid under a name; null where nothing stands there, undefined where that cannot be read. */
async function uidNow(object: LabObject, { api }: Tearing): Promise<string | null | undefined> {
  try {
    return ((await api.get(objectPath(object)))["metadata"] as { uid: string }).uid;
  } catch (error) {
    if (!isApiFailure(error)) throw error;
    return error.status === 404 ? null : undefined;
  }
}

async function waitUntilGone({ object, uid }: Made, tearing: Tearing, torn: Torn): Promise<void> {
  const until = tearing.now().getTime() + tearing.patience * 1000;
  await tearing.reached("wait");
  for (;;) {
    const there = await uidNow(object, tearing);
    if (there === null || (there !== undefined && there !== uid)) return;
    if (tearing.now().getTime() > until) {
      const because = `it was still there ${String(tearing.patience)} seconds after its deletion`;
      torn.failed.push({ object, because });
      return;
    }
    await tearing.sleep(POLL_MS);
  }
}
