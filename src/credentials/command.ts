import { PROGRAM_OPTIONS } from "./programs.ts";
import type { ProgramOption } from "./programs.ts";
import { classifyByName } from "./classify.ts";
import { isPlaceholder } from "./placeholder.ts";
import type { Found } from "./rule.ts";
import { shellCommands } from "./shell.ts";
import type { ShellWord } from "./shell.ts";
import { findInValue } from "./values.ts";

/** A credential in a command line. `index` counts over the command and then its arguments, from 0. */
export interface FoundInCommand extends Found {
  index: number;
}

const DEEPEST_SCRIPT = 3;
const ARGUMENT = "argument";

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
  const add = (index: number, word: ShellWord | undefined, items: Found[]): void => {
    for (const item of items) {
      if (word?.isDynamic === true && /[$`]/.test(item.text)) continue;
      found.push({ ...item, index });
    }
  };
  words.forEach((word, index) => {
    const next = words[index + 1];
    const name = basename(word.text);
    if (PROGRAMS.has(name) && !word.text.startsWith("-")) program = name;
    add(index, word, assigned(word.text));
    if (!word.text.startsWith("-")) return;
    if (next !== undefined) add(index + 1, next, named(word.text, next.text));
    for (const option of PROGRAM_OPTIONS) {
      if (!option.programs.includes(program) || !word.text.startsWith(option.option)) continue;
      const joined = word.text.slice(option.option.length);
      if (joined !== "" && option.takes !== "next" && !option.option.startsWith("--"))
        add(index, word, held(option, joined));
      if (joined === "" && option.takes !== "joined" && next !== undefined)
        add(index + 1, next, held(option, next.text));
    }
  });
  return found;
}

const PROGRAMS = new Set(PROGRAM_OPTIONS.flatMap(({ programs }) => programs));

function basename(text: string): string {
  return text.slice(text.lastIndexOf("/") + 1);
}

/** `--password=X`, `-Dx.password=X`, `PGPASSWORD=X`, and whatever has a form of its own. */
function assigned(text: string): Found[] {
  const equals = text.indexOf("=");
  const name = equals > 0 && equals <= 128 ? text.slice(0, equals) : "";
  if (name !== "" && /^[\w.[\]-]{1,128}$/.test(name)) {
    const speaking = name.replace(/^-{1,2}D?/, "");
    const value = text.slice(equals + 1);
    // VAR=value command: a script, which is read as such elsewhere.
    const isScript = !name.startsWith("-") && /\s/.test(value);
    const byName = isScript ? null : classifyByName(speaking, value);
    const forms = findInValue("", value);
    if (forms.length > 0) return forms.map((item) => ({ ...item, name }));
    return byName === null ? [] : [{ name, verdict: byName, text: value.trim() }];
  }
  return findInValue("", text).map((item) => ({ ...item, name: ARGUMENT }));
}

/** `--password X`: an option by name with its value in the next word. */
function named(option: string, value: string): Found[] {
  if (option.includes("=") || value.startsWith("-") || !/^--?[A-Za-z][\w.-]{1,127}$/.test(option)) return [];
  const verdict = classifyByName(option.replace(/^-{1,2}/, ""), value);
  return verdict === null ? [] : [{ name: option, verdict, text: value.trim() }];
}

function held({ option, holds, kind, programs }: ProgramOption, value: string): Found[] {
  const colon = value.search(/[:%]/);
  const text = holds === "userinfo" ? (colon < 0 ? "" : value.slice(colon + 1)) : value;
  if (text === "" || isPlaceholder(text) || text.startsWith("$")) return [];
  const because = `is what ${programs[0] ?? "the program"} takes as a password after ${option}`;
  return [{ name: option, verdict: { kind, confidence: "likely", because }, text }];
}
