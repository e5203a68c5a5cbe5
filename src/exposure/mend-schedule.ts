import { refusesUpdates } from "../batch/refused.ts";
import { isGoing } from "./removals.ts";
import type { Source } from "./class.ts";

/** What to do besides where the API server refuses every change of the CronJob that leaves its schedule; empty where it does not. */
export function mendSchedule(source: Source): string {
  if (source.kind !== "CronJob") return "";
  const refused = refusesUpdates(source);
  if (refused === null) return "";
  if (isGoing(source)) return "it is being deleted: delete it again with --cascade=background instead";
  return `mend its schedule in the same edit, or the API server refuses it (${refused})`;
}
