/** The seconds between two changes of a zone's offset; the end is the first second of the next. */
interface Span {
  start: number;
  end: number;
  /** Seconds east of UTC. */
  offset: number;
}

/** The changes of one time zone, read from the runtime's tz database as far as they are asked for. */
export class Zone {
  readonly name: string;
  /** Disjoint, in order, and not without gaps. */
  readonly #spans: Span[] = [];
  #latest: Span = { start: 0, end: 0, offset: 0 };

  constructor(name: string) {
    this.name = name;
  }

  /** Seconds east of UTC at a whole second since the epoch. */
  offset(second: number): number {
    const latest = this.#latest;
    if (second >= latest.start && second < latest.end) return latest.offset;
    const spans = this.#spans;
    let index = 0;
    for (let beyond = spans.length; index < beyond;) {
      const middle = (index + beyond) >> 1;
      if (spans[middle]!.end <= second) index = middle + 1;
      else beyond = middle;
    }
    // The first that ends later. It may begin later too.
    if (index === spans.length || spans[index]!.start > second) spans.splice(index, 0, read(this.name, second));
    this.#latest = this.#spans[index]!;
    return this.#latest.offset;
  }

  /** Whether the offset stays as it is from a second for so many more. */
  isSteady(second: number, seconds: number): boolean {
    this.offset(second);
    return second + seconds < this.#latest.end;
  }
}

function read(name: string, second: number): Span {
  const at = zoned(name, second);
  const previous = zoned(name, second + 1).getTimeZoneTransition("previous");
  const next = at.getTimeZoneTransition("next");
  return {
    start: previous === null ? -Infinity : previous.epochMilliseconds / 1000,
    end: next === null ? Infinity : next.epochMilliseconds / 1000,
    offset: at.offsetNanoseconds / 1e9,
  };
}

function zoned(name: string, second: number): Temporal.ZonedDateTime {
  return new Temporal.ZonedDateTime(BigInt(second) * 1_000_000_000n, name);
}

/**
 * Whether the API server takes a name as spec.timeZone: those of the tz database as Go's time.LoadLocation finds them, in their
 * exact letters. `Local`, the empty name, offsets (`+05:30`) and what a machine keeps besides (`posix/`, `right/`) are refused.
 */
export function isTimeZone(name: string): boolean {
  return zoneNamed(name) !== null;
}

const zones = new Map<string, Zone>();

/** The zone of a name that isTimeZone accepts, else null. */
export function zoneNamed(name: string): Zone | null {
  let zone = zones.get(name);
  if (zone !== undefined) return zone;
  // The tz database's own name for a clock that nobody has set, which shows UTC. JavaScript does not know it.
  if (name === "Factory") return zoneNamed("UTC");
  if (!isInDatabase(name)) return null;
  zone = new Zone(name);
  zones.set(name, zone);
  return zone;
}

function isInDatabase(name: string): boolean {
  if (!/^[A-Z]/.test(name)) return false;
  try {
    // Temporal takes letters of either case and returns them as the database has them.
    return new Temporal.ZonedDateTime(0n, name).timeZoneId === name;
  } catch {
    return false;
  }
}

/** The release of the tz database that decides here, for instance `2026c`. A controller-manager may have another. */
export function tzRelease(): string {
  return process.versions["tz"] ?? "unknown";
}
