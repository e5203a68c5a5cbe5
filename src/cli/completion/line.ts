import type { Command } from "../command.ts";
import { FLAGS, flagOf } from "../flags.ts";
import type { FlagName, Options } from "../flags.ts";
import { defaults } from "../parse.ts";

/** The word under the cursor: a word, a flag's name, or a flag's value that follows `lead` in the same word. */
export type Cursor =
  | { what: "word"; text: string }
  | { what: "flag"; text: string }
  | { what: "value"; flag: FlagName; text: string; lead: string };

/** A command line that is still being typed. */
export interface Line {
  /** The verb, or what runs without one. */
  command: Command;
  hasVerb: boolean;
  /** True after `help`, whose next word is a verb. */
  isHelp: boolean;
  /** The words after the verb. */
  words: string[];
  given: ReadonlyMap<FlagName, readonly string[]>;
  cursor: Cursor;
}

const names = Object.keys(FLAGS) as FlagName[];
const byShort = new Map(
  names.flatMap((name) => (flagOf(name).short === undefined ? [] : [[flagOf(name).short!, name]])),
);

/** Reads the words after the program's name, the last being the one under the cursor, as the parser would; what it would refuse is passed over. */
export function readLine(typed: readonly string[], commands: readonly Command[]): Line {
  const before = typed.slice(0, -1);
  const text = typed.at(-1) ?? "";
  const given = new Map<FlagName, string[]>();
  const give = (name: FlagName, value: string): unknown => given.set(name, [...(given.get(name) ?? []), value]);
  const words: string[] = [];
  let pending: FlagName | null = null;
  let afterDashes = false;
  let firstAfterDashes = false;
  for (const word of before) {
    if (pending !== null) {
      give(pending, word);
      pending = null;
    } else if (afterDashes || !isFlag(word)) {
      firstAfterDashes ||= afterDashes && words.length === 0;
      words.push(word);
    } else if (word === "--") afterDashes = true;
    else pending = readFlag(word, give);
  }
  const cursor: Cursor =
    pending !== null ? { what: "value", flag: pending, text, lead: "" } : cursorOf(text, afterDashes);
  return { ...verbOf(words, commands, firstAfterDashes), given, cursor };
}

function isFlag(word: string): boolean {
  return word.startsWith("-") && word !== "-";
}

/** Notes the flags of one word; gives the one that takes the next word as its value. */
function readFlag(word: string, give: (name: FlagName, value: string) => unknown): FlagName | null {
  if (word.startsWith("--")) {
    const [name = "", ...value] = word.slice(2).split("=");
    if (!isName(name)) return null;
    if (value.length === 0 && flagOf(name).type !== "boolean") return name;
    give(name, value.length === 0 ? "true" : value.join("="));
    return null;
  }
  const { flags, taker, rest } = letters(word);
  for (const name of flags) give(name, "true");
  if (taker === null) return null;
  if (rest === "") return taker;
  give(taker, rest.replace(/^=/, ""));
  return null;
}

/** `-Aojson`: the flags without a value, the first that takes one, and what follows it. */
function letters(word: string): { flags: FlagName[]; taker: FlagName | null; lead: string; rest: string } {
  const flags: FlagName[] = [];
  for (let at = 1; at < word.length; at++) {
    const name = byShort.get(word[at]!) as FlagName | undefined;
    if (name === undefined) break;
    if (flagOf(name).type !== "boolean")
      return { flags, taker: name, lead: word.slice(0, at + 1), rest: word.slice(at + 1) };
    flags.push(name);
  }
  return { flags, taker: null, lead: "", rest: "" };
}

/**
 * Where the word has a `=`, shells and kubectl's scripts put what stands before it back themselves (cobra, completions.go
 * checkIfFlagCompletion); of `-ojson` they know nothing.
 */
function cursorOf(text: string, afterDashes: boolean): Cursor {
  if (afterDashes || !isFlag(text))
    return text === "-" && !afterDashes ? { what: "flag", text } : { what: "word", text };
  if (text.startsWith("--")) {
    const equals = text.indexOf("=");
    const name = text.slice(2, equals);
    if (equals < 0) return { what: "flag", text };
    return isName(name)
      ? { what: "value", flag: name, text: text.slice(equals + 1), lead: "" }
      : { what: "word", text };
  }
  const { taker, lead, rest } = letters(text);
  if (taker === null || rest === "") return { what: "flag", text };
  if (rest.startsWith("=")) return { what: "value", flag: taker, text: rest.slice(1), lead: "" };
  return { what: "value", flag: taker, text: rest, lead };
}

function isName(name: string): name is FlagName {
  return Object.hasOwn(FLAGS, name);
}

/** `isName`: the first word stands after `--`, and is no verb. */
function verbOf(
  words: string[],
  commands: readonly Command[],
  isName: boolean,
): Pick<Line, "command" | "hasVerb" | "isHelp" | "words"> {
  const fallback = commands.find(({ name }) => name === "")!;
  const [first, ...rest] = words;
  if (!isName && first === "help") return { command: fallback, hasVerb: true, isHelp: true, words: rest };
  const command = isName ? undefined : commands.find(({ name }) => name !== "" && name === first);
  if (command !== undefined) return { command, hasVerb: true, isHelp: false, words: rest };
  return { command: fallback, hasVerb: false, isHelp: false, words };
}

/** The flags as options, as far as they can be read; numbers stay at their default. */
export function optionsOf(given: Line["given"]): Options {
  const options: Record<string, unknown> = { ...defaults() };
  for (const [name, values] of given) {
    const { type } = flagOf(name);
    if (type === "list") options[name] = values;
    else if (type === "string") options[name] = values.at(-1);
    else if (type === "boolean") options[name] = /^(?:true|t|1)$/i.test(values.at(-1)!);
  }
  return options as Options;
}
