import type { Judgement } from "../lab/stage.ts";
import { blocked, inconclusive, succeeded } from "./judgements.ts";
import { isConflict, isUnauthorized } from "./refusals.ts";

/** What became of one run's write. */
export interface Write {
  /** HTTP status; null where there was no answer. */
  status: number | null;
  /** Reason of a Status; null of what a gateway answered. */
  reason: string | null;
}

/** What ends a run that still waits for the next. */
export type EndedBy = "concurrency-policy" | "active-deadline";

/** What two runs of one rotation did, the earlier first. */
export interface Race {
  /** Both read the value that was there before. */
  sameOld: boolean;
  writes: readonly [Write, Write];
  /** Whose value the Secret holds in the end; `other` is none of those that are known. */
  held: "first" | "second" | "old" | "other";
  /** By which of its fields a controller had ended the earlier run before it wrote; null where none had. */
  ended: EndedBy | null;
}

/** What two runs that were active together came to. Pure. */
export function judgeRace({ sameOld, writes, held, ended }: Race): Judgement {
  if (!sameOld) return inconclusive("the two runs did not both read the value that was there before");
  const [first, second] = writes;
  if (isStored(first) && isStored(second) && (held === "first" || held === "second")) {
    const lost = held === "first" ? "second" : "first";
    return succeeded(
      `both runs read the same value, and both were told that their new one was stored: the Secret holds ${HELD[held]}, and ${HELD[lost]} is lost`,
    );
  }
  if (ended !== null && isUnauthorized(first) && isStored(second) && held === "second") {
    return blocked(
      ended,
      `the controller had ended run 1 ${ENDED[ended]}, and its token ended with its pod (401): run 2's value alone was written`,
    );
  }
  if (isStored(first) && isConflict(second) && held === "first") {
    return blocked(
      "optimistic-lock",
      "run 2 wrote on condition that the Secret was as it had read it, and was refused (409): it knows that it lost",
    );
  }
  return inconclusive(`run 1's write: ${inWords(first)}; run 2's: ${inWords(second)}; the Secret holds ${HELD[held]}`);
}

/** What one run came to that the controller started no other beside. Pure. */
export function judgeAlone({ read, write, held }: { read: boolean; write: Write; held: Race["held"] }): Judgement {
  if (read && isStored(write) && held === "first") {
    return blocked(
      "concurrency-policy",
      "the controller started no second run while the first was active (JobAlreadyActive), and nothing was lost",
    );
  }
  return inconclusive(
    `no second run was started, but run 1's write: ${inWords(write)}; the Secret holds ${HELD[held]}`,
  );
}

/** When a controller ends a run, for a sentence. */
export const ENDED: Readonly<Record<EndedBy, string>> = {
  "concurrency-policy": "to start run 2 in its place",
  "active-deadline": "at its deadline, before run 2 began",
};

const HELD: Readonly<Record<Race["held"], string>> = {
  first: "run 1's value",
  second: "run 2's value",
  old: "the value from before",
  other: "a value that is none of theirs, or it could not be read",
};

function isStored({ status }: Write): boolean {
  return status !== null && status >= 200 && status < 300;
}

function inWords({ status, reason }: Write): string {
  if (status === null) return "no answer";
  return reason === null ? String(status) : `${String(status)} ${reason}`;
}
