import { findInCommand } from "../../src/credentials/command.ts";
import { findInOutput } from "../../src/credentials/output.ts";
import type { Found } from "../../src/credentials/rule.ts";
import { findInValue } from "../../src/credentials/values.ts";
import type { Confidence } from "../../src/model/credential.ts";
import type { Entry } from "./load.ts";

const SURENESS: Record<Confidence, number> = { certain: 2, likely: 1, possible: 0 };

/** What is found in an entry, by the functions that the evidence is read with. */
export function findInEntry({ where, name, value }: Entry): Found[] {
  const text = value.join(" ");
  switch (where) {
    case "env":
    case "annotation":
    case "configmap":
      return findInValue(name, text);
    case "arg":
      return findInCommand([], value);
    case "command":
      return findInCommand(["/bin/sh", "-c"], value);
    case "message":
      return [...findInValue("message", text), ...findInOutput(text.split("\n"), "message")];
    case "log":
      return findInOutput(text.split("\n"), "log");
  }
}

/** How an entry was judged. */
export interface Outcome {
  entry: Entry;
  /** `hit` and `pass` are right; `aside`: labelled as possible, so neither finding it nor leaving it is wrong. */
  result: "hit" | "miss" | "alarm" | "pass" | "aside";
  /** The kind that was found; null: nothing. */
  kind: string | null;
}

/** Judges an entry by what was found in it as `likely` or surer. */
export function outcomeOf(entry: Entry, found: readonly Found[]): Outcome {
  const sure = found.filter(({ verdict }) => SURENESS[verdict.confidence] >= SURENESS.likely);
  const right = sure.find(({ text }) => entry.secret === null || text === entry.secret);
  const kind = (right ?? sure[0])?.verdict.kind ?? null;
  if (entry.kind === null) return { entry, result: sure.length > 0 ? "alarm" : "pass", kind };
  if (entry.sure === "possible") return { entry, result: "aside", kind };
  return { entry, result: right === undefined ? "miss" : "hit", kind };
}

/** Counts over some entries, and what follows from them. */
export interface Figures {
  positives: number;
  negatives: number;
  hits: number;
  alarms: number;
  precision: number;
  recall: number;
}

/** Figures of some outcomes; `aside` counts nowhere. */
export function figuresOf(outcomes: readonly Outcome[]): Figures {
  const count = (result: Outcome["result"]): number => outcomes.filter((outcome) => outcome.result === result).length;
  const [hits, misses, alarms, passes] = [count("hit"), count("miss"), count("alarm"), count("pass")];
  return {
    positives: hits + misses,
    negatives: alarms + passes,
    hits,
    alarms,
    precision: hits + alarms === 0 ? 1 : hits / (hits + alarms),
    recall: hits + misses === 0 ? 1 : hits / (hits + misses),
  };
}
