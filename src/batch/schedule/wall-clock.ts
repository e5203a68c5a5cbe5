import type { Zone } from "./zone.ts";

const DAY = 86_400;

/** A moment and what a clock on the wall shows then. It moves as Go's time.Time does. */
export class WallClock {
  readonly #zone: Zone;
  /** Whole seconds since the epoch. */
  now = 0;
  year = 0;
  /** From 1. */
  month = 0;
  /** From 1. */
  day = 0;
  /** Sunday is 0. */
  weekday = 0;
  hour = 0;
  minute = 0;
  second = 0;
  #dayNumber = NaN;

  constructor(zone: Zone, now: number) {
    this.#zone = zone;
    this.moveTo(now);
  }

  moveTo(now: number): void {
    this.now = now;
    const shown = now + this.#zone.offset(now);
    const dayNumber = Math.floor(shown / DAY);
    const ofDay = shown - dayNumber * DAY;
    this.hour = Math.floor(ofDay / 3600);
    this.minute = Math.floor(ofDay / 60) % 60;
    this.second = ofDay % 60;
    if (dayNumber !== this.#dayNumber) this.#turnTo(dayNumber);
  }

  /** Moves on by so many steps, or by one alone where the clock is changed on the way. */
  advance(steps: number, secondsOfStep: number): void {
    const isSteady = this.#zone.isSteady(this.now, steps * secondsOfStep);
    this.moveTo(this.now + (isSteady ? steps : 1) * secondsOfStep);
  }

  /**
   * Moves to where the clock shows this; a month 13 or a day 32 runs over. As time.Date has it, of a time that is shown twice
   * one is taken, and for one that is never shown a moment before or after the gap.
   */
  show(year: number, month: number, day: number, hour: number, minute: number, second: number): void {
    const shown = (daysBefore(year, month) + day - 1) * DAY + hour * 3600 + minute * 60 + second;
    const guess = shown - this.#zone.offset(shown);
    this.moveTo(shown - this.#zone.offset(guess));
  }

  /** The civil date of a day counted from the epoch: years begin in March, so that a leap day ends one. */
  #turnTo(dayNumber: number): void {
    this.#dayNumber = dayNumber;
    this.weekday = (((dayNumber + 4) % 7) + 7) % 7;
    const fromMarchOfYear0 = dayNumber + 719_468;
    const era = Math.floor(fromMarchOfYear0 / 146_097);
    const ofEra = fromMarchOfYear0 - era * 146_097;
    const yearOfEra = Math.floor(
      (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
    );
    const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
    const marchMonth = Math.floor((5 * ofYear + 2) / 153);
    this.day = ofYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
    this.month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
    this.year = yearOfEra + era * 400 + (this.month <= 2 ? 1 : 0);
  }
}

/** Days from the epoch to the first of a month, which may lie beyond December. */
function daysBefore(year: number, month: number): number {
  const fromMarch = month - 3;
  const marchYear = year + Math.floor(fromMarch / 12);
  const marchMonth = fromMarch - 12 * Math.floor(fromMarch / 12);
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return marchYear * 365 + leapDays + Math.floor((153 * marchMonth + 2) / 5) - 719_468;
}
