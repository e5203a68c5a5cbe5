import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Answer, Disagreement } from "./compare.ts";

/** A schedule that is asked in every run, because the two disagreed on it once or because it is easily judged wrong. */
export interface KeptSchedule {
  why: string;
  schedule: string;
  timeZone: string | null;
  /** The controller-manager's own time zone; UTC where it is absent. */
  local?: string;
  start: string;
  /** The first activations after the start, or "invalid"; none at all where there is none. */
  want: string[] | "invalid";
}

/** The cases of kept-cases.yaml. */
export function keptSchedules(): KeptSchedule[] {
  return parse(readFileSync(join(import.meta.dirname, "kept-cases.yaml"), "utf8")) as KeptSchedule[];
}

/** An answer for one start in the words of a kept case, with so many activations at most. */
export function inWords(answer: Answer, most: number): string[] | "invalid" {
  return "invalid" in answer ? "invalid" : answer.next[0]!.slice(0, most).map(iso);
}

/** A disagreement in words, with the case as kept-cases.yaml takes it: JSON is YAML. */
export function describeDisagreement({ minimal, ours, theirs }: Disagreement, seed: number): string {
  const { schedule, timeZone, local, starts } = minimal;
  const different = firstDifference(ours, theirs);
  const kept: KeptSchedule = {
    why: "",
    schedule,
    timeZone,
    local,
    start: iso(starts[0]!),
    want: inWords(theirs, different + 1),
  };
  return [
    `Kubernetes says ${told(theirs, different)}, this program says ${told(ours, different)}. The smallest case:`,
    JSON.stringify(kept, null, 2),
    `The whole case again: npm run differential -- --schedules 1000 --seed ${String(seed)}, or more`,
    "Mend src/batch/schedule, and keep the case in test/oracle/schedules/kept-cases.yaml.",
  ].join("\n");
}

function firstDifference(ours: Answer, theirs: Answer): number {
  if ("invalid" in ours || "invalid" in theirs) return 0;
  const [we, they] = [ours.next[0]!, theirs.next[0]!];
  const index = they.findIndex((second, position) => second !== we[position]);
  return index < 0 ? they.length : index;
}

function told(answer: Answer, index: number): string {
  if ("invalid" in answer) return `"${answer.invalid}"`;
  const second = answer.next[0]![index];
  return `${second === undefined ? "never" : iso(second)} (activation ${String(index + 1)})`;
}

function iso(second: number): string {
  return new Date(second * 1000).toISOString().replace(".000Z", "Z");
}
