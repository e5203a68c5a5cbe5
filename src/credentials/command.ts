import { classifyByName } from "./classify.ts";
import { PROGRAMS, byPlace, held, optionsOf } from "./calls.ts";
import type { Found } from "./rule.ts";
import { shellCommands } from "./shell.ts";
import type { ShellWord } from "./shell.ts";
import { speakingName } from "./speaking-name.ts";
import { findByName, findInValue } from "./values.ts";

/** A credential in a command line. `index` counts over the command and then its arguments, from 0. */
export interface FoundInCommand extends Found {
  index: number;
}

const DEEPEST_SCRIPT = 3;
const ARGUMENT = "argument";
const MOST_SUBCOMMANDS = 4;

/**
 * Credentials in a container's command and args, as one argument list: options by name, options of known programs, assignments,
 * values by form, and all of this again in strings that a shell would run. References must have been expanded before.
 */
export function findInCommand(command: string[], args: string[]): FoundInCommand[] {
  const line = [...command, ...args];
  const words = line.map((text) => ({ text, isDynamic: false }));
  const found = inWords(words);
  line.forEach((text, index) => {
    if (/\s/.test(text)) found.push(...inScript(text, 0).map((item) => ({ ...item, index })));
  });
  return withoutRepeats(found);
}

/** One argument may be seen as a script and as a value: the surer verdict stays, then the one with a name of its own. */
function withoutRepeats(found: FoundInCommand[]): FoundInCommand[] {
  const sureness = { certain: 0, likely: 1, possible: 2 };
  const rank = ({ verdict, name }: Found): number => sureness[verdict.confidence] * 2 + (name === ARGUMENT ? 1 : 0);
  const kept = new Map<string, FoundInCommand>();
  for (const item of found) {
    const key = `${String(item.index)} ${item.text}`;
    const other = kept.get(key);
    if (other === undefined || rank(item) < rank(other)) kept.set(key, item);
  }
  return [...kept.values()].sort((a, b) => a.index - b.index);
}

function inScript(script: string, depth: number): Found[] {
  const found: Found[] = [];
  for (const words of shellCommands(script)) {
    found.push(...inWords(words));
    if (depth >= DEEPEST_SCRIPT) continue;
    for (const { text } of words) if (/\s/.test(text) && text !== script) found.push(...inScript(text, depth + 1));
  }
  return found;
}

function inWords(words: ShellWord[]): FoundInCommand[] {
  const found: FoundInCommand[] = [];
  let program = "";
  let subcommands: string[] = [];
  // The word that is the value of the option before it.
  let taken = -1;
  const add = (index: number, word: ShellWord | undefined, items: Found[]): void => {
    for (const item of items) {
      if (word?.isDynamic === true && /[$`]/.test(item.text)) continue;
      found.push({ ...item, index });
    }
  };
  words.forEach((word, index) => {
    const next = words[index + 1];
    if (index === taken) return;
    if (!word.text.startsWith("-")) {
      const name = word.text.slice(word.text.lastIndexOf("/") + 1);
      // What sshpass starts has options of its own.
      if (PROGRAMS.has(name) || program === "sshpass") [program, subcommands] = [PROGRAMS.has(name) ? name : "", []];
      else if (subcommands.length < MOST_SUBCOMMANDS) subcommands.push(word.text);
      for (const [at, item] of byPlace(name, words, index)) add(at, words[at], item);
      return add(index, word, assigned(word.text));
    }
    const options = optionsOf(program, subcommands, word.text);
    const joined = options.filter(({ option, takes }) => word.text !== option && takes !== "next");
    if (joined.length > 0)
      return add(
        index,
        word,
        joined.flatMap((one) => held(one, word.text.slice(one.option.length))),
      );
    add(index, word, assigned(word.text));
    if (next === undefined) return;
    const separate = options.filter(({ option, takes }) => word.text === option && takes !== "joined");
    const values = separate.length > 0 ? separate.flatMap((one) => held(one, next.text)) : named(word.text, next.text);
    add(index + 1, next, values);
    if (separate.length > 0 || values.length > 0) taken = index + 1;
  });
  return found;
}

/** What has a form of its own. */
function unnamed(text: string): Found[] {
  return findInValue("", text).map((item) => ({ ...item, name: ARGUMENT }));
}

/** `--password=X`, `-Dx.password=X`, `PGPASSWORD=X`, and whatever has a form of its own. */
function assigned(text: string): Found[] {
  const equals = text.indexOf("=");
  const written = equals > 0 && equals <= 128 ? text.slice(0, equals) : "";
  if (!/^[\w.[\]-]{1,128}$/.test(written)) return unnamed(text);
  const name = speakingName(written) ?? ARGUMENT;
  const value = text.slice(equals + 1);
  const forms = findInValue("", value);
  if (forms.length > 0) return forms.map((item) => ({ ...item, name }));
  // VAR=value command: a script, which is read as such elsewhere.
  if (!written.startsWith("-") && /\s/.test(value)) return [];
  const byName = findByName(written.replace(/^-{1,2}D?/, ""), value);
  return byName === null ? [] : [{ name, ...byName }];
}

/** `--password X`: an option by name with its value in the next word. */
function named(option: string, value: string): Found[] {
  if (value.startsWith("-") || !/^--?[A-Za-z][\w.-]{1,127}$/.test(option)) return [];
  const spoken = option.replace(/^-{1,2}/, "");
  if (classifyByName(spoken, value) === null) return [];
  const name = speakingName(option) ?? ARGUMENT;
  return findInValue(spoken, value).map((item) => ({ ...item, name }));
}
