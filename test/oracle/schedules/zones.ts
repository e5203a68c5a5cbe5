import { join } from "node:path";
import { isTimeZone } from "../../../src/batch/schedule/index.ts";
import { zoneNamed } from "../../../src/batch/schedule/zone.ts";
import { go } from "../../control-plane/go.ts";
import type { Oracle } from "../../control-plane/oracle.ts";

/** Seconds from and to, the end excluded, in which the two releases of the tz database give a zone different offsets. */
export type Difference = readonly [from: number, to: number];

/** A zone as the cases need it. */
export interface TestedZone {
  name: string;
  /** Seconds at which the offset changes here, from FROM to TO. */
  changes: number[];
  /** Where Go's release has other offsets. */
  differences: Difference[];
  /** No case starts earlier: before a day that the zone left out, robfig/cron may search for ever. */
  earliest: number;
}

/** The time that the comparison of the releases covers, in seconds: every start and every fiftieth activation lies in it. */
export const FROM = Date.UTC(1880, 0, 1) / 1000;
export const TO = Date.UTC(2180, 0, 1) / 1000;

const DAY = 86_400;

/** The names in Go's copy of the tz database. */
export async function goZoneNames(oracle: Oracle): Promise<string[]> {
  const zip = join(await go(["env", "GOROOT"]), "lib", "time", "zoneinfo.zip");
  return (await oracle.question("zoneNames", { zip })).names;
}

/** All zones that both know, with the times in which the releases differ. */
export async function testedZones(oracle: Oracle): Promise<TestedZone[]> {
  const names = (await goZoneNames(oracle)).filter((name) => isTimeZone(name));
  return Promise.all(
    names.map(async (name) => {
      const theirs = (await oracle.question("offsets", { zone: name, from: FROM, to: TO })).spans;
      const ours = spans(name);
      const skips = ours.flatMap(([start, offset], index) =>
        offset - (ours[index - 1]?.[1] ?? offset) > 20 * 3600 ? [start + 2 * DAY] : [],
      );
      return {
        name,
        changes: ours.slice(1).map(([start]) => start),
        differences: differences(ours, theirs),
        earliest: Math.max(FROM + DAY, ...skips),
      };
    }),
  );
}

/** The offsets of a zone here, as the oracle gives those of Go. */
function spans(name: string): [start: number, offset: number][] {
  const zone = zoneNamed(name)!;
  const result: [number, number][] = [];
  for (let second = FROM; second <= TO;) {
    result.push([second, zone.offset(second)]);
    const next = new Temporal.ZonedDateTime(BigInt(second) * 1_000_000_000n, zone.name).getTimeZoneTransition("next");
    second = next === null ? Infinity : next.epochMilliseconds / 1000;
  }
  return result;
}

function differences(ours: [number, number][], theirs: [number, number][]): Difference[] {
  const result: Difference[] = [];
  const starts = [...new Set([...ours, ...theirs].map(([start]) => start))].toSorted((a, b) => a - b);
  let [our, their] = [0, 0];
  for (const [index, start] of starts.entries()) {
    while (ours[our + 1] !== undefined && ours[our + 1]![0] <= start) our++;
    while (theirs[their + 1] !== undefined && theirs[their + 1]![0] <= start) their++;
    if (ours[our]![1] !== theirs[their]![1]) result.push([start, starts[index + 1] ?? TO]);
  }
  return result;
}

/** Whether the releases differ where a search between two seconds looks: first at the beginning of the month. */
export function differsWithin({ differences }: TestedZone, from: number, to: number): boolean {
  return differences.some(([start, end]) => start <= to + 2 * DAY && end >= from - 33 * DAY);
}
