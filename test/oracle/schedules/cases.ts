import type { AskedSchedule } from "../../control-plane/oracle-questions.ts";
import { drawFrom, type Draw } from "../draw.ts";
import { randomExpression } from "./expressions.ts";
import type { TestedZone } from "./zones.ts";

/** A schedule and the seconds from which its activations are compared. */
export interface ScheduleCase extends AskedSchedule {
  starts: number[];
}

/** How many activations follow each start. */
export const ACTIVATIONS = 50;

const STARTS = 8;
const DAY = 86_400;

/** Until the cases have so many expression-start pairs; the same for the same seed and the same zones. */
export function* randomCases(zones: readonly TestedZone[], seed: number, pairs: number): Generator<ScheduleCase> {
  const draw = drawFrom(seed);
  for (let done = 0; done < pairs;) {
    const made = randomCase(draw, zones, Math.min(STARTS, pairs - done));
    done += made.starts.length;
    yield made;
  }
}

function randomCase(draw: Draw, zones: readonly TestedZone[], starts: number): ScheduleCase {
  const zone = draw.pick(zones);
  const isLocal = draw.chance(0.1);
  const timeZone = isLocal ? null : draw.chance(0.02) ? draw.pick(HOSTILE_ZONES) : zone.name;
  const schedule = randomExpression(draw);
  // For a minute that never comes robfig/cron looks at every minute of six years.
  const count = /^,+ /.test(schedule) ? 1 : starts;
  return {
    schedule,
    timeZone,
    local: isLocal ? zone.name : "UTC",
    starts: draw.times(count, () => randomStart(draw, zone)),
  };
}

/** Half of the starts lie within days of a change of the clock, a quarter of these within seconds. */
function randomStart(draw: Draw, { changes, earliest }: TestedZone): number {
  const since = Math.max(earliest, draw.chance(0.05) ? FIRST : RECENT);
  const later = changes.filter((change) => change > since + 4 * DAY && change < LATEST);
  if (later.length > 0 && draw.chance(0.5)) {
    const near = draw.pick([4 * DAY, 4 * DAY, 3 * 3600, 3]);
    return draw.pick(later) - near + draw.below(2 * near);
  }
  return since + draw.below(LATEST - since);
}

/** Before 1970 the zones of most countries are not the same in the two releases. */
const FIRST = Date.UTC(1890, 0, 1) / 1000;
const RECENT = Date.UTC(1970, 0, 1) / 1000;
const LATEST = Date.UTC(2110, 0, 1) / 1000;

/** Names that the API server refuses, and some that the controller would take all the same. */
export const HOSTILE_ZONES = [
  ..."Local local LOCAL utc Utc europe/berlin EUROPE/BERLIN Europe/Berlin/ /Europe/Berlin Europe//Berlin Europe/./Berlin".split(
    " ",
  ),
  ..."../UTC Europe Europe/ +05:30 -00:00 GMT+1 UTC+1 UTC0 Z CST6CDT4 Mars/Base Etc/GMT+15 Etc/Unknown Factory factory".split(
    " ",
  ),
  ..."ACT SystemV/AST4 US/Pacific-New posixrules localtime Etc/UTC\u0000 \u0415urope/Berlin Asia/Calcutta[u-ca=iso8601]".split(
    " ",
  ),
  ..."constructor __proto__ Europe\\Berlin -Europe/Berlin".split(" "),
  ...["", " ", "UTC ", " UTC", "Europe/ Berlin", "2026-01-01T00:00Z[Europe/Berlin]"],
];
