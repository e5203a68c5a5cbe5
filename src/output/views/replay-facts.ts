import type { MutableImage, Overlap, ReplayCredential, ReplayFacts } from "../../model/report.ts";
import { age, humanDuration, relative, secondsBetween, utc } from "../age.ts";
import { grouped } from "../text.ts";
import type { ViewOptions } from "../view.ts";
import { imageChangeLines } from "./image-changes.ts";
import { kindsOf, objectName, someOf } from "./names.ts";
import { chainText, isNothing, reachText, wayText } from "./reach.ts";
import { historyLines } from "./replay-history.ts";

const SHOWN = 5;

/** A line with a label before it, or one that stands for itself. */
export type FactLine = [label: string, text: string] | string;

type Facts<K extends ReplayFacts["kind"]> = Extract<ReplayFacts, { kind: K }>;
type About = { now: string; options: ViewOptions };

/** What is particular to one adversary, below its steps. */
export function factLines(facts: ReplayFacts, about: About): FactLine[] {
  switch (facts.kind) {
    case "completed-pod":
      return credentialLines(facts, about);
    case "over-permissive-account":
      return reachLines(facts);
    case "concurrent-rotation":
      return overlapLines(facts, about);
    case "image-substitution":
      return imageLines(facts, about);
    case "stale-accumulation":
      return historyLines(facts.histories, about);
  }
}

/** As many as are wanted, and how many more there are. */
function limited<T>(all: readonly T[], { options }: About, line: (one: T) => FactLine): FactLine[] {
  if (options.wide || all.length <= SHOWN) return all.map(line);
  return [...all.slice(0, SHOWN).map(line), ["", `and ${grouped(all.length - SHOWN)} more; -o wide has them`]];
}

function credentialLines({ reads, misses }: Facts<"completed-pod">, about: About): FactLine[] {
  const groups = Map.groupBy(reads, ({ name, kind, fingerprint }) => JSON.stringify([name, kind, fingerprint]));
  return [
    ...limited([...groups.values()], about, (same) => ["reads", credentialText(same, about.now)]),
    ...limited(misses, about, ({ name, why }) => ["misses", `${name}: ${why}`]),
  ];
}

function credentialText(same: readonly ReplayCredential[], now: string): string {
  const first = same.reduce((a, b) => (b.opens < a.opens ? b : a));
  const ends = same.map(({ closes }) => closes);
  const last = ends.includes(null) ? null : ends.reduce((a, b) => (b! > a! ? b : a));
  const until = same.find(({ closes }) => closes === last)!;
  const objects = [
    ...new Map(same.map(({ object }) => [`${object.kind} ${object.uid ?? object.name}`, object])).values(),
  ];
  const where =
    objects.length === 1 ? objectName(first.object) : `${kindsOf(objects)}, first ${objectName(first.object)}`;
  const of = [first.kind, ...(first.fingerprint === null ? [] : [`fingerprint ${first.fingerprint}`])].join("; ");
  const since = `${first.opensIsBound ? "more than " : ""}${age(first.opens, now)}`;
  const end = last === null ? "no end known" : `${until.closesIsBound ? "about " : ""}${relative(last, now)}`;
  return `${first.name} (${of}) in ${where} at ${first.path}, for ${since}; ${end}: ${until.closesWhy}`;
}

function reachLines({ account, reach, needs, ways }: Facts<"over-permissive-account">): FactLine[] {
  const named = needs.map(({ namespace, name }) => `${namespace}/${name}`);
  return [
    ["reaches", `${reachText(reach)}, as ServiceAccount ${account.namespace}/${account.name}`],
    ["needs", named.length === 0 ? "no Secret that its workload names" : someOf(named, SHOWN)],
    ...ways.map((way): FactLine => {
      const note = way.note === null ? "" : `; ${way.note}`;
      return ["way", `${wayText(way)} (${way.edges.join(" → ")}): ${chainText(way.chain)}${note}`];
    }),
  ];
}

function overlapLines(facts: Facts<"concurrent-rotation">, about: About): FactLine[] {
  return [
    ...limited(facts.overlaps, about, (one) => ["overlap", overlapText(one, about.now)]),
    ["times", timesText(facts)],
    ["changes", changesText(facts)],
  ];
}

function overlapText({ earlier, later, from, to, scheduled }: Overlap, now: string): string {
  const seconds = secondsBetween(from, to ?? now);
  const length = seconds === null ? "" : `${to === null ? ", so far " : " for "}${humanDuration(seconds)}`;
  const manual = scheduled ? "" : "; the later one was not started by the schedule";
  return `${objectName(earlier)} and ${objectName(later)} from ${utc(from)}${length}${manual}`;
}

function timesText({ gapSeconds, longestSeconds, medianSeconds }: Facts<"concurrent-rotation">): string {
  const gap =
    gapSeconds === null ? "when runs come is unknown" : `runs to come are at least ${humanDuration(gapSeconds)} apart`;
  if (longestSeconds === null) return `${gap}; how long one takes is unknown`;
  const median = medianSeconds === null ? "is unknown" : humanDuration(medianSeconds);
  return `${gap}; the longest run took ${humanDuration(longestSeconds)}, the median ${median}`;
}

function changesText({ writes, writesIsBound }: Facts<"concurrent-rotation">): string {
  if (!isNothing(writes)) return `both runs may change ${writesIsBound ? "at least " : ""}${reachText(writes)}`;
  return writesIsBound ? "what both runs may change is unknown" : "its account may change no Secret";
}

function imageLines({ changes, mutable, pinned }: Facts<"image-substitution">, about: About): FactLine[] {
  return [
    ...imageChangeLines(changes, about.now, about.options),
    ...mutable.map((image): FactLine => ["mutable", mutableText(image)]),
    ...(pinned.length === 0 ? [] : [["pinned", someOf(pinned, SHOWN)] satisfies FactLine]),
  ];
}

function mutableText({ container, image, imagePullPolicy, cachedOn, pulledOn }: MutableImage): string {
  const cached = cachedOn.length === 0 ? "" : `; ${someOf(cachedOn, SHOWN)} ran it already`;
  const pulled =
    pulledOn === null
      ? "; which nodes would pull it was not seen"
      : pulledOn.length === 0
        ? "; no node that was seen would pull it"
        : `; pulled anew on ${someOf(pulledOn, SHOWN)}`;
  return `${image} of container ${container} (${imagePullPolicy})${cached}${pulled}`;
}
