import type { Limits } from "./options.ts";

/** How one request stands after a try that failed. */
export interface Attempt {
  /** Tries made so far. */
  tries: number;
  /** Tries that ended in a broken connection. */
  resets: number;
  /** Milliseconds waited for so far. */
  waitedMs: number;
}

/** What the last try ended in: an HTTP status with the server's Retry-After in milliseconds, or a broken connection. */
export type Outcome = { status: number; retryAfterMs: number | null } | "reset";

/**
 * Milliseconds to wait before the next try, or null to give up: 429 and 5xx are tried again when the server's own wait
 * fits into what is left, broken connections a few times.
 */
export function nextWait(attempt: Attempt, outcome: Outcome, limits: Limits): number | null {
  if (attempt.tries >= limits.tries) return null;
  if (outcome === "reset") {
    return attempt.resets > limits.resets ? null : within(limits.backoffMs * attempt.resets, attempt, limits);
  }
  // 501 and 505 say that the server will never do it.
  const busy = outcome.status === 429 || (outcome.status >= 500 && ![501, 505].includes(outcome.status));
  if (!busy) return null;
  return within(outcome.retryAfterMs ?? limits.backoffMs * 2 ** (attempt.tries - 1), attempt, limits);
}

function within(wait: number, attempt: Attempt, limits: Limits): number | null {
  return attempt.waitedMs + wait > limits.waitMs ? null : wait;
}

/** Retry-After as milliseconds: seconds, or a date of which `nowMs` is the counterpart; null where it says neither. */
export function retryAfter(header: string | undefined, nowMs: number): number | null {
  if (header === undefined) return null;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}

/** Sleeps, or rejects with the signal's reason as soon as it is aborted. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
