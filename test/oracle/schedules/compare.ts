import { parseSchedule, type Parsed } from "../../../src/batch/schedule/index.ts";
import { inOrder, type Oracle } from "../../control-plane/oracle.ts";
import type { Invalid } from "../../control-plane/oracle-questions.ts";
import { ACTIVATIONS, randomCases, type ScheduleCase } from "./cases.ts";
import { shrink } from "./shrink.ts";
import { differsWithin, type TestedZone } from "./zones.ts";

export type Answer = Invalid | { next: number[][] };

/** Reads a schedule; injected where a test wants a wrong answer. */
export type Parse = (schedule: string, timeZone: string | null, local: string) => Parsed;

/** The smallest case found on which the two differ; it has one start. */
export interface Disagreement {
  minimal: ScheduleCase;
  ours: Answer;
  theirs: Answer;
}

export interface Comparison {
  /** Expression-start pairs that were compared. */
  pairs: number;
  /** How many of them had a schedule that neither takes, and how many had activations up to a last one. */
  invalid: number;
  ending: number;
  activations: number;
  /** Pairs by zone that were not compared, because the releases of the tz database give the zone different offsets then. */
  aside: Map<string, number>;
  seconds: number;
  /** The first disagreement; the comparison ends with it. */
  disagreement: Disagreement | null;
}

export interface Volume {
  seed: number;
  pairs: number;
  progress?: (done: number) => void;
}

/** Asks the oracle and the program for the activations of the same random schedules until they differ. */
export async function compareSchedules(
  oracle: Oracle,
  zones: readonly TestedZone[],
  { seed, pairs, progress }: Volume,
  parse: Parse = parseSchedule,
): Promise<Comparison> {
  const begun = performance.now();
  const byName = new Map(zones.map((zone) => [zone.name, zone]));
  const result = { pairs: 0, invalid: 0, ending: 0, activations: 0, aside: new Map<string, number>() };
  let disagreement: Disagreement | null = null;
  for await (const [asked, theirs] of inOrder(randomCases(zones, seed, pairs), (one) => activations(oracle, one))) {
    const ours = answer(asked, parse);
    const wrong = asked.starts.findIndex((_, index) => {
      const zone = zoneAside(byName, asked, index, ours, theirs);
      if (zone !== null) {
        result.aside.set(zone, (result.aside.get(zone) ?? 0) + 1);
        return false;
      }
      result.pairs++;
      if ("invalid" in theirs) result.invalid++;
      else {
        const count = theirs.next[index]!.length;
        result.activations += count;
        if (count < ACTIVATIONS) result.ending++;
      }
      return !agree(ours, theirs, index);
    });
    if (wrong >= 0) {
      disagreement = await smallest(oracle, byName, { ...asked, starts: [asked.starts[wrong]!] }, parse);
      break;
    }
    progress?.(result.pairs);
  }
  return { ...result, seconds: (performance.now() - begun) / 1000, disagreement };
}

/** The oracle's answer. One that does not come within a minute is a search that never ends. */
export async function activations(oracle: Oracle, asked: ScheduleCase, count = ACTIVATIONS): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`robfig/cron finds no end of ${JSON.stringify(asked)}`)), 60_000);
  });
  return Promise.race([oracle.question("schedule", { ...asked, count }), late]).finally(() => clearTimeout(timer));
}

/** The program's answer. */
export function answer(asked: ScheduleCase, parse: Parse = parseSchedule, count = ACTIVATIONS): Answer {
  const parsed = parse(asked.schedule, asked.timeZone, asked.local);
  if ("invalid" in parsed) return parsed;
  const next = asked.starts.map((start) => {
    const found: number[] = [];
    for (let at = parsed.schedule.next(start * 1000); at !== null; at = parsed.schedule.next(at)) {
      found.push(at / 1000);
      if (found.length === count) break;
    }
    return found;
  });
  return { next };
}

/** Both take the schedule and have the same activations from a start, or neither takes it. The words do not matter. */
export function agree(ours: Answer, theirs: Answer, index: number): boolean {
  if ("invalid" in ours || "invalid" in theirs) return "invalid" in ours && "invalid" in theirs;
  const [we, they] = [ours.next[index]!, theirs.next[index]!];
  return we.length === they.length && we.every((second, position) => second === they[position]);
}

/** The zone for which the releases differ while a schedule is searched, or null. */
function zoneAside(
  zones: ReadonlyMap<string, TestedZone>,
  { schedule, timeZone, local, starts }: ScheduleCase,
  index: number,
  ...answers: Answer[]
): string | null {
  const start = starts[index]!;
  const ends = answers.map((one) => {
    const found = "invalid" in one ? [] : one.next[index]!;
    // After the last of fewer, the search goes on into the sixth year.
    return (found.at(-1) ?? start) + (found.length < ACTIVATIONS ? 7 * 366 * 86_400 : 0);
  });
  const named = /^(?:CRON_)?TZ=([^ ]*)/.exec(schedule)?.[1];
  for (const name of [timeZone, local, named]) {
    const zone = zones.get(name ?? "");
    if (zone !== undefined && differsWithin(zone, start, Math.max(...ends))) return zone.name;
  }
  return null;
}

async function smallest(
  oracle: Oracle,
  zones: ReadonlyMap<string, TestedZone>,
  asked: ScheduleCase,
  parse: Parse,
): Promise<Disagreement> {
  const both = async (one: ScheduleCase) => ({ ours: answer(one, parse), theirs: await activations(oracle, one) });
  const minimal = await shrink(asked, async (smaller) => {
    const { ours, theirs } = await both(smaller);
    return !agree(ours, theirs, 0) && zoneAside(zones, smaller, 0, ours, theirs) === null;
  });
  return { minimal, ...(await both(minimal)) };
}

/** One line on what was compared. */
export function summary(comparison: Comparison, seed: number): string {
  const { pairs, invalid, ending, activations: count, aside, seconds, disagreement } = comparison;
  const setAside = [...aside].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const sum = setAside.reduce((total, [, number]) => total + number, 0);
  const list = setAside.map(([zone, number]) => `${zone} ${String(number)}`).join(", ");
  return (
    `seed ${String(seed)}: ${String(pairs)} expression-start pairs with ${String(count)} activations (${String(invalid)} invalid, ` +
    `${String(ending)} ending), ${disagreement === null ? "0 disagreements" : "1 DISAGREEMENT"}, ` +
    `${(pairs / seconds).toFixed(0)} pairs/s; set aside, since the releases of the tz database differ: ${String(sum)}` +
    (sum === 0 ? "" : ` (${list})`)
  );
}

/** Whether the random pairs prove anything: most schedules must be good and have all activations. */
export function isTelling({ pairs, invalid, ending }: Comparison): boolean {
  return invalid > 0.05 * pairs && invalid < 0.4 * pairs && ending > 0.001 * pairs && ending < 0.2 * pairs;
}
