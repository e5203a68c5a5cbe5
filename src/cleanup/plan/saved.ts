import type { Judged } from "../../exposure/judged.ts";
import { hours, measure, subtract } from "../../exposure/windows.ts";
import type { OpenWindow } from "./ending.ts";

const MONTH = 30 * 24 * 3_600_000;

/** Hours at rest; `hours` null: without an end. `month`: of these, those of the next 30 days. */
export interface Saved {
  hours: number | null;
  month: number;
}

/** Nothing. */
export const NOTHING_SAVED: Saved = { hours: 0, month: 0 };

/** The sum of two; null is without an end. */
export function addSaved(a: Saved, b: Saved): Saved {
  return {
    hours: a.hours === null || b.hours === null ? null : rounded(a.hours + b.hours),
    month: rounded(a.month + b.month),
  };
}

/** How long the windows of one credential would last from now on, by what ends them. */
export class Lasting {
  readonly #judged: Judged;
  readonly #now: number;
  /** The latest end for each deletion; null: what stays. */
  readonly #ends = new Map<number | null, number>();

  constructor(judged: Judged, open: readonly OpenWindow[], now: number) {
    this.#judged = judged;
    this.#now = now;
    for (const { at, by } of open) {
      const { from, to } = judged.restingAt(at);
      // Every window has opened by now, so together they last until the latest ends.
      const end = to > from ? to : now;
      this.#ends.set(by, Math.max(this.#ends.get(by) ?? now, end));
    }
  }

  /** What each deletion saves alone, where that is anything: only what lasts longest makes a difference. */
  alone(): { by: number; saved: Saved } | null {
    let [first, second]: [[number | null, number], number] = [[null, this.#now], this.#now];
    for (const [by, end] of this.#ends) {
      if (end > first[1]) [first, second] = [[by, end], first[1]];
      else second = Math.max(second, end);
    }
    const [by, end] = first;
    return by === null ? null : { by, saved: this.#between(second, end) };
  }

  /** What these deletions save together. */
  together(isTaken: (by: number) => boolean): Saved {
    let [all, rest] = [this.#now, this.#now];
    for (const [by, end] of this.#ends) {
      all = Math.max(all, end);
      if (by === null || !isTaken(by)) rest = Math.max(rest, end);
    }
    return this.#between(rest, all);
  }

  #between(from: number, to: number): Saved {
    if (to <= from) return NOTHING_SAVED;
    const pieces = subtract([{ from, to }], this.#judged.uses);
    const soon = Math.min(to, this.#now + MONTH);
    const month = hours(measure(pieces.map((one) => ({ from: one.from, to: Math.min(one.to, soon) }))));
    const endless = pieces.some((one) => one.to === Infinity);
    return { hours: endless ? null : hours(measure(pieces)), month };
  }
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
