import { shellQuote } from "../output/shell.ts";
import { findResourceType, otherType } from "../cli/resources.ts";
import type { Named } from "../cli/arguments.ts";
import type { Context } from "../cli/command.ts";
import { UsageError } from "../cli/errors.ts";
import { nearest } from "../cli/nearest.ts";
import type { AdversaryId } from "../model/replay-report.ts";
import { ADVERSARIES } from "../scenarios/needs.ts";
import { readIdentity } from "./identity.ts";

/** What the command line asks of replay, read before anything is collected. */
export interface AskedReplay {
  /** In the threat model's order; empty where none was named. */
  adversaries: AdversaryId[];
  /** The identity that is replayed from; empty: the threat model's own. */
  position: Named[];
  /** The words that name objects, and the flags without those that say the position, which are no impersonation. */
  context: Context;
}

/** A value of --as that is a position; anything else is a user to impersonate, as everywhere. */
export const POSITION = /^(?:user:|group:|(?:sa|serviceaccount)[/:])/i;

/** Reads words and the position. Throws UsageError for what cannot be meant. */
export function readReplay(context: Context): AskedReplay {
  const { options } = context;
  if (options.verify && options.filename !== null) {
    throw new UsageError("--verify cannot be used with -f: no cluster is asked");
  }
  const { adversaries, words } = readWords(context.words);
  const position = readPosition(context);
  // The position must not reach the connection: there it would be somebody to impersonate.
  const own = position.length === 0 ? options : { ...options, as: null, "as-group": [] };
  return { adversaries, position, context: { ...context, words, options: own } };
}

function readPosition({ options }: Context): Named[] {
  const { as } = options;
  if (as === null || !POSITION.test(as)) return [];
  if (options["as-uid"] !== null) {
    throw new UsageError(`--as-uid goes with a user to impersonate, and --as ${shellQuote(as)} is a position`);
  }
  const groups = options["as-group"].map((name): Named => ({ what: "group", name }));
  return [...readIdentity("--as", [as]), ...groups];
}

/** Numbers and ids choose adversaries; all else names objects. What follows a type alone (`pod 3`) is a name of that type. */
export function readWords(all: readonly string[]): { adversaries: AdversaryId[]; words: string[] } {
  const chosen = new Set<AdversaryId>();
  const words: string[] = [];
  for (const word of all) {
    const adversary = isType(words[0]) ? null : adversaryOf(word);
    if (adversary === null) words.push(word);
    else chosen.add(adversary);
  }
  return { adversaries: ADVERSARIES.filter((id) => chosen.has(id)), words };
}

function isType(word: string | undefined): boolean {
  return word !== undefined && !/[/:]/.test(word);
}

function adversaryOf(word: string): AdversaryId | null {
  const id = ADVERSARIES.find((one) => one === word.toLowerCase());
  if (id !== undefined) return id;
  if (/^\d+$/.test(word)) {
    const numbered = ADVERSARIES[Number(word) - 1];
    if (numbered !== undefined) return numbered;
    throw new UsageError(`there is no adversary ${word}`, [known()]);
  }
  if (/[/:]/.test(word) || word.split(",").some((type) => findResourceType(type) ?? otherType(type))) return null;
  const near = nearest(word, ADVERSARIES);
  throw new UsageError(`"${word}" is neither an adversary nor a type of object`, [
    ...(near === null ? [] : [`Did you mean ${near}?`]),
    known(),
    `If it is a name, say of what: cronjob/${word}.`,
  ]);
}

function known(): string {
  return `Adversaries: ${ADVERSARIES.map((id, at) => `${String(at + 1)} ${id}`).join(", ")}.`;
}
