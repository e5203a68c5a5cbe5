import { parseSchedule } from "../../../src/batch/schedule/index.ts";
import { MANY_MISSED, mostRecentScheduleTime, nextRequeue } from "../../../src/batch/schedule/missed.ts";
import { inOrder, type Oracle } from "../../control-plane/oracle.ts";
import type { AskedMissed, Questions } from "../../control-plane/oracle-questions.ts";
import { drawFrom, type Draw } from "../draw.ts";
import { randomExpression } from "./expressions.ts";
import { differsWithin, type TestedZone } from "./zones.ts";

/** What the controller finds, in the oracle's shape; `invalidSchedule` is a mark, since the words do not matter. */
export type MissedAnswer = Questions["missed"]["answer"];

const HOUR = 3_600_000;
const YEAR = 365 * 24 * HOUR;
const FROM = Date.UTC(2020, 0, 1);
const TO = Date.UTC(2060, 0, 1);

/** CronJobs whose latest start lies minutes to years back, the same for the same seed and zones. */
export function* randomMissed(zones: readonly TestedZone[], seed: number, count: number): Generator<AskedMissed> {
  const draw = drawFrom(seed);
  for (let made = 0; made < count;) {
    const zone = draw.pick(zones);
    const asked = randomOne(draw, zone);
    if (differsWithin(zone, asked.creation / 1000, asked.now / 1000 + (6 * YEAR) / 1000)) continue;
    made++;
    yield asked;
  }
}

function randomOne(draw: Draw, zone: TestedZone): AskedMissed {
  const now = FROM + draw.below(TO - FROM);
  const before = () =>
    draw.pick([HOUR / 60, HOUR, 26 * HOUR, 40 * 24 * HOUR, 3 * YEAR]) * (0.01 + draw.below(100) / 100);
  const seconds = (time: number) => Math.floor(time / 1000) * 1000;
  const last = seconds(now - before());
  return {
    schedule: randomExpression(draw),
    timeZone: draw.chance(0.5) ? zone.name : null,
    local: draw.chance(0.2) ? zone.name : "UTC",
    creation: seconds(last - before()),
    lastScheduleTime: draw.chance(0.7) ? last : null,
    startingDeadlineSeconds: draw.chance(0.5) ? null : draw.pick([0, 1, 60, 600, 86_400, 40_000_000, 9_300_000_000]),
    now,
  };
}

/** The program's answer. */
export function ourMissed(asked: AskedMissed, find = mostRecentScheduleTime): MissedAnswer {
  const parsed = parseSchedule(asked.schedule, asked.timeZone, asked.local);
  if ("invalid" in parsed) return parsed;
  const { creation: creationTimestamp, lastScheduleTime, startingDeadlineSeconds, now } = asked;
  const cronJob = { creationTimestamp, lastScheduleTime, startingDeadlineSeconds };
  const found = find(cronJob, now, parsed.schedule);
  const requeue = nextRequeue(cronJob, now, parsed.schedule) - now;
  if ("invalid" in found) return { invalidSchedule: "", earliest: 0, mostRecent: null, missed: 0, requeue };
  const { earliest, mostRecent, count } = found;
  return { earliest, mostRecent, missed: count === 0 ? 0 : count > MANY_MISSED ? 2 : 1, requeue };
}

/** Asks both until they differ; null where they never do. */
export async function compareMissed(
  oracle: Oracle,
  cases: Iterable<AskedMissed>,
  ours = ourMissed,
): Promise<{ asked: AskedMissed; ours: MissedAnswer; theirs: MissedAnswer } | null> {
  for await (const [asked, theirs] of inOrder(cases, (one) => oracle.question("missed", one))) {
    const own = ours(asked);
    if (JSON.stringify(comparable(own)) !== JSON.stringify(comparable(theirs))) return { asked, ours: own, theirs };
  }
  return null;
}

function comparable(answer: MissedAnswer): unknown {
  if ("invalid" in answer) return "invalid";
  // Where no slot follows, the controller computes a time before the first year, and asks again at once.
  const requeue = Math.max(0, answer.requeue);
  if (answer.invalidSchedule !== undefined) return ["invalid schedule", requeue];
  return [answer.earliest, answer.mostRecent, answer.missed, requeue];
}
