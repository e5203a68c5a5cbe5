import type { Field } from "./field.ts";
import { WallClock } from "./wall-clock.ts";
import type { Zone } from "./zone.ts";

/** A schedule of five fields. */
export interface Fields {
  minute: Field;
  hour: Field;
  dayOfMonth: Field;
  month: Field;
  dayOfWeek: Field;
}

/** More than six years have days and hours. A search that goes on is one that robfig/cron never ends. */
const TOO_MANY_STEPS = 200_000;

/**
 * The first second strictly after `after` that fields name in a zone, both counted from the epoch; null where there is none
 * before the sixth year begins, and where robfig/cron never finds an end. It walks as SpecSchedule.Next of robfig/cron does,
 * since its result in the days when the clock changes is decided by the way that it takes.
 */
export function nextActivation(fields: Fields, zone: Zone, after: number): number | null {
  const { minute, hour, month } = fields;
  if (![minute, hour, month].every(({ has }) => has.includes(true))) return null;
  return new Search(fields, new WallClock(zone, after + 1)).run();
}

/** From the largest unit to the smallest; where a unit runs over into the next larger one, all over again. */
class Search {
  readonly #fields: Fields;
  readonly #clock: WallClock;
  /** The time of the start counts until the first unit is moved, which begins at its own start. */
  #moved = false;
  #steps = 0;

  constructor(fields: Fields, clock: WallClock) {
    this.#fields = fields;
    this.#clock = clock;
  }

  run(): number | null {
    const clock = this.#clock;
    const lastYear = clock.year + 5;
    while (clock.year <= lastYear) {
      if (this.#toMonth() && this.#toDay() && this.#toHour() && this.#toMinute() && this.#toSecond()) return clock.now;
      if (this.#steps > TOO_MANY_STEPS) return null;
    }
    return null;
  }

  /** False when the year ran over. */
  #toMonth(): boolean {
    const clock = this.#clock;
    while (!this.#fields.month.has[clock.month]) {
      if (this.#firstMove()) clock.show(clock.year, clock.month, 1, 0, 0, 0);
      clock.show(clock.year, clock.month + 1, clock.day, clock.hour, clock.minute, clock.second);
      if (clock.month === 1) return false;
    }
    return true;
  }

  /** False when the month ran over. */
  #toDay(): boolean {
    const clock = this.#clock;
    while (!this.#isDay()) {
      if (this.#firstMove()) clock.show(clock.year, clock.month, clock.day, 0, 0, 0);
      clock.show(clock.year, clock.month, clock.day + 1, clock.hour, clock.minute, clock.second);
      // A day without midnight begins at 23:00 or 01:00. Taking the hour off in a zone east of Greenwich leads back into the day
      // before, and the next step then passes over the day: what is due on that day alone is not run.
      if (clock.hour > 12) clock.moveTo(clock.now + (24 - clock.hour) * 3600);
      else if (clock.hour > 0) clock.moveTo(clock.now - clock.hour * 3600);
      if (clock.day === 1 || this.#steps > TOO_MANY_STEPS) return false;
    }
    return true;
  }

  /** With a star in either field both must match; without, one suffices. */
  #isDay(): boolean {
    const { dayOfMonth, dayOfWeek } = this.#fields;
    const ofMonth = dayOfMonth.has[this.#clock.day]!;
    const ofWeek = dayOfWeek.has[this.#clock.weekday]!;
    return dayOfMonth.star || dayOfWeek.star ? ofMonth && ofWeek : ofMonth || ofWeek;
  }

  /** False when the day ran over. An hour that is shown twice is met twice, one that is skipped never. */
  #toHour(): boolean {
    const clock = this.#clock;
    while (!this.#fields.hour.has[clock.hour]) {
      if (this.#firstMove()) clock.show(clock.year, clock.month, clock.day, clock.hour, 0, 0);
      clock.advance(distance(this.#fields.hour, clock.hour), 3600);
      if (clock.hour === 0) return false;
    }
    return true;
  }

  /** False when the hour ran over. */
  #toMinute(): boolean {
    const clock = this.#clock;
    while (!this.#fields.minute.has[clock.minute]) {
      // Cut off in UTC: where an offset has seconds, the clock does not show a full minute then.
      if (this.#firstMove()) clock.moveTo(Math.floor(clock.now / 60) * 60);
      clock.advance(distance(this.#fields.minute, clock.minute), 60);
      if (clock.minute === 0) return false;
    }
    return true;
  }

  /** False when the minute ran over: a schedule names second 0 only. */
  #toSecond(): boolean {
    const clock = this.#clock;
    if (clock.second === 0) return true;
    this.#moved = true;
    do clock.advance(60 - clock.second, 1);
    while (clock.second !== 0);
    return false;
  }

  #firstMove(): boolean {
    this.#steps++;
    const isFirst = !this.#moved;
    this.#moved = true;
    return isFirst;
  }
}

/** How far the next value of a field is behind a value, or the end of the field. */
function distance({ has }: Field, from: number): number {
  const next = has.indexOf(true, from + 1);
  return (next < 0 ? has.length : next) - from;
}
