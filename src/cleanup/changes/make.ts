import type { ApiFailure } from "../../model/api.ts";
import type { CleanupChange } from "../../model/cleanup.ts";
import type { ChangeDone } from "../../model/journal.ts";
import { survivable } from "../bundle/fetch.ts";
import type { Work } from "../work.ts";

/** How often one change is asked for where the object changed meanwhile, or no answer came and a read shows that it was not made. */
const MOST_TRIES = 3;

/** The object of a change as a read finds it, judged again. */
export type Sight =
  /** Nothing is asked for: it stands already, is refused, or could not be read. */
  | { done: ChangeDone }
  /** As it was judged. */
  | { resourceVersion: string; send(): Promise<unknown> };

/** Reads and judges; `wasAsked`: the change was asked for before, and no answer is known. Throws what ends every request. */
export type LookAgain = (wasAsked: boolean) => Promise<Sight>;

/**
 * Makes one change: intent, request, and a read that shows what became of it. A request without an answer is not sent again
 * before a read. Throws where no request can succeed or the journal cannot be written.
 */
export async function make(
  change: CleanupChange,
  before: boolean,
  lookAgain: LookAgain,
  work: Work,
): Promise<ChangeDone> {
  const { journal, reached } = work;
  let wasAsked = before;
  let last: ChangeDone = { outcome: "failed", because: "it was not asked for" };
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    await reached("change: read");
    const sight = await lookAgain(wasAsked);
    if ("done" in sight) return sight.done;
    const { resourceVersion } = sight;
    await reached("change: intent");
    await journal?.write({ step: "change-intent", way: change.way, uid: change.object.uid ?? "", resourceVersion });
    await reached(change.patch === null ? "change: delete" : "change: patch");
    const failure = await sent(sight);
    await reached("change: answered");
    if (failure === null) {
      if (journal === null) return { outcome: "dry-run", because: "the API server would make it" };
      await reached("change: verify");
      return seen(await lookAgain(true));
    }
    if (isFinal(failure)) return { outcome: "failed", because: failure.message };
    // A conflict did nothing; of anything else a read has to tell.
    if (failure.status !== 409) wasAsked = true;
    last = { outcome: failure.status === 409 ? "conflict" : "failed", because: failure.message };
  }
  const sight = wasAsked ? await lookAgain(true) : null;
  return sight !== null && "done" in sight ? sight.done : last;
}

async function sent(sight: Exclude<Sight, { done: ChangeDone }>): Promise<ApiFailure | null> {
  try {
    await sight.send();
    return null;
  } catch (error) {
    // A connection that broke may stand again.
    if (error instanceof Error && error.name === "ApiError" && (error as Error & ApiFailure).status === null)
      return error as Error & ApiFailure;
    return survivable(error);
  }
}

/** Refused by the server for good, so that nothing was done: 404 and 409 are for the next read. */
function isFinal({ status }: ApiFailure): boolean {
  return status !== null && status >= 400 && status < 500 && status !== 404 && status !== 409;
}

/** The read after an answer: the server took it, so what does not stand was put back by somebody. */
function seen(sight: Sight): ChangeDone {
  if (!("done" in sight)) return { outcome: "failed", because: "the API server took it, and a read shows it undone" };
  return sight.done;
}
