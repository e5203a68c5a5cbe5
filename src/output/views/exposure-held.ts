import type { Carrier } from "../../model/report.ts";
import { age, relative } from "../age.ts";
import type { ViewOptions } from "../view.ts";
import { fixText, withRemark } from "./fix-text.ts";
import { objectName, someOf } from "./names.ts";
import { inOne } from "./reasons.ts";

const objectsShown = 3;

/** Carriers that are alike in all but the object make one line, unless their ends cannot be told in one sentence. */
export function heldLines(carriers: Carrier[], now: string, options: ViewOptions): string[] {
  return alikeIn(carriers).flatMap(([same, why]) => [
    `  held by   ${heldLine(same, why, now)}`,
    ...endsBy(same, options),
  ]);
}

/** Carriers that are alike in all but the object, with the sentence that says how they end; none is empty. */
export function alikeIn(carriers: readonly Carrier[]): [same: Carrier[], why: string][] {
  const alike = Map.groupBy(carriers, ({ class: id, object, path, closes, closesBecause, closesIsBound }) =>
    [id, object.kind, closesBecause, closesIsBound, closes === null, pathShape(path)].join(" "),
  );
  return [...alike.values()].flatMap((group): [Carrier[], string][] => {
    const why = inOne(group.map(({ closesWhy }) => closesWhy));
    if (why !== null) return [[group, why]];
    return [...Map.groupBy(group, (one) => one.closesWhy)].map(([own, same]) => [same, own]);
  });
}

function heldLine(group: Carrier[], why: string, now: string): string {
  const first = group.reduce((earliest, each) => (each.opens < earliest.opens ? each : earliest));
  const names = someOf([...new Set(group.map(({ object }) => objectName(object)))], objectsShown);
  const since = `${first.opensIsBound ? "more than " : ""}${age(first.opens, now)}`;
  return `${names}: ${first.class} at ${first.path}, for ${since}; ${ends(group, now)}: ${why}`;
}

/** What ends the windows soonest: the first object's command, and how many others go likewise. */
function endsBy(group: Carrier[], options: ViewOptions): string[] {
  const commands = [...new Set(group.map((carrier) => carrier.endsBy))].filter((one) => one !== null);
  const [first, ...others] = commands;
  if (first === undefined) return [];
  const left = others.length === 0 ? "" : `and ${String(others.length)} more likewise`;
  return [`  ends by   ${withRemark(fixText({ fix: first }, options), left)}`];
}

/** Indexes do not tell carriers apart, and what differs between names of runs does not either. */
function pathShape(path: string): string {
  return path.replace(/\[\d+\]/g, "[]");
}

/** When carriers end that all have a time, or all have none. */
export function ends(group: Carrier[], now: string): string {
  const last = group.reduce((a, b) => ((b.closes ?? "") > (a.closes ?? "") ? b : a));
  if (last.closes === null) return last.closesBecause === "never" ? "no end known" : last.closesBecause;
  const several = group.some(({ closes }) => closes !== last.closes) ? "the last of them " : "";
  if (last.closesAssumes !== null) return `${several}${relative(last.closes, now)} or later, if ${last.closesAssumes}`;
  return `${several}${last.closesIsBound ? "about " : ""}${relative(last.closes, now)}`;
}
