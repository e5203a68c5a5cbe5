import { UsageError } from "./errors.ts";
import { FLAGS, flagOf } from "./flags.ts";
import type { FlagName } from "./flags.ts";
import { nearest } from "./nearest.ts";

/** One thing on the command line. `spelled` is how the flag was written, for messages. */
export type Token =
  | { kind: "flag"; name: FlagName; spelled: string; value: string }
  | { kind: "word"; text: string; afterDashes: boolean };

const names = Object.keys(FLAGS) as FlagName[];
const byShort = new Map<string, FlagName>();
for (const name of names) {
  const { short } = flagOf(name);
  if (short !== undefined) byShort.set(short, name);
}

function longFlag(spelled: string, name: string): FlagName {
  if (Object.hasOwn(FLAGS, name)) return name as FlagName;
  if (name === "version") throw new UsageError(`unknown flag: ${spelled}`, ["Did you mean this?", "\tversion"]);
  const suggestion = nearest(name, names);
  throw new UsageError(`unknown flag: ${spelled}`, suggestion === null ? [] : [`Did you mean --${suggestion}?`]);
}

/**
 * Reads a command line the way kubectl does (spf13/pflag, ParseArgs): `-ojson`, `-o=json`, `-nfoo`, `-Av6`,
 * `--namespace=x`, `--namespace x`; a flag that takes a value takes the next argument, whatever it looks like;
 * everything after `--` is a name.
 */
export function tokenize(argv: readonly string[]): Token[] {
  const tokens: Token[] = [];
  let index = 0;
  const next = (): string | null => (index < argv.length ? argv[index++]! : null);
  for (let word = next(); word !== null; word = next()) {
    if (word === "--") {
      for (let name = next(); name !== null; name = next())
        tokens.push({ kind: "word", text: name, afterDashes: true });
    } else if (word.startsWith("--")) {
      tokens.push(longToken(word, next));
    } else if (word.startsWith("-") && word.length > 1) {
      tokens.push(...shortTokens(word, next));
    } else {
      tokens.push({ kind: "word", text: word, afterDashes: false });
    }
  }
  return tokens;
}

function longToken(word: string, next: () => string | null): Token {
  const equals = word.indexOf("=");
  const spelled = equals < 0 ? word : word.slice(0, equals);
  const name = longFlag(spelled, spelled.slice(2));
  if (equals >= 0) return { kind: "flag", name, spelled, value: word.slice(equals + 1) };
  if (flagOf(name).type === "boolean") return { kind: "flag", name, spelled, value: "true" };
  const value = next();
  if (value === null) throw new UsageError(`flag needs an argument: ${spelled}`);
  return { kind: "flag", name, spelled, value };
}

function shortTokens(word: string, next: () => string | null): Token[] {
  const tokens: Token[] = [];
  const letters = word.slice(1);
  for (let at = 0; at < letters.length; at++) {
    const letter = letters[at]!;
    const name = byShort.get(letter);
    if (name === undefined) {
      const suggestion = nearest(letters, names);
      const hints = letters.length > 2 && suggestion !== null ? [`Did you mean --${suggestion}?`] : [];
      throw new UsageError(`unknown shorthand flag: '${letter}' in ${word}`, hints);
    }
    const rest = letters.slice(at + 1);
    const spelled = `-${letter}`;
    if (rest.startsWith("=")) return [...tokens, { kind: "flag", name, spelled, value: rest.slice(1) }];
    if (flagOf(name).type === "boolean") {
      tokens.push({ kind: "flag", name, spelled, value: "true" });
      continue;
    }
    const value = rest === "" ? next() : rest;
    if (value === null) throw new UsageError(`flag needs an argument: '${letter}' in ${word}`);
    return [...tokens, { kind: "flag", name, spelled, value }];
  }
  return tokens;
}
