import { ARGUMENT, findInWords } from "./arguments.ts";
import type { FoundInWords } from "./arguments.ts";
import type { Found } from "./rule.ts";
import { printed } from "./printed.ts";
import { shellCommands } from "./shell.ts";
import type { ShellCommand, ShellWord } from "./shell.ts";
import { findInFile, findInInput } from "./standard-input.ts";
import { findInText } from "./text.ts";

/** A credential in a command line. `index` counts over the command and then its arguments, from 0. */
export type FoundInCommand = FoundInWords;

const DEEPEST_SCRIPT = 3;
const SHELLS = new Set("sh bash ash dash zsh ksh busybox su runuser ssh chroot eval".split(" "));
/** What prints its arguments does not run them. */
const PRINTERS = new Set(
  "echo printf logger print log info warn error die cat grep egrep sed awk test [ [[".split(" "),
);

/**
 * Credentials in a container's command and args, as one argument list: options by name, options of known programs, assignments,
 * values by form, and all of this again in strings that a shell would run. References must have been expanded before.
 */
export function findInCommand(command: string[], args: string[]): FoundInCommand[] {
  const line = [...command, ...args];
  const words = line.map((text, index): ShellWord => ({
    text: isShellScript(line, index) ? "" : text,
    isDynamic: false,
  }));
  const inStrings = line.flatMap((text, index) =>
    mayBeScript(text) ? inScript(text, 0).map((item) => ({ ...item, index })) : [],
  );
  const found = [...findInWords({ words, isParsed: false }), ...inStrings];
  return withoutRepeats(found, ({ index }) => index).sort((a, b) => a.index - b.index);
}

/** Credentials in a shell script; `name` is what those are called that have no name of their own. */
export function findInScript(name: string, script: string): Found[] {
  const found = withoutRepeats(inScript(script, 0), () => 0);
  return found.map((item) => (item.name === ARGUMENT ? { ...item, name } : item));
}

/** Any string may be what a shell reads; an option with a value of several words is none, unless more options follow. */
function mayBeScript(text: string): boolean {
  return /\s/.test(text) && (!text.startsWith("-") || /\s-{1,2}[A-Za-z]/.test(text));
}

/** `sh -c SCRIPT`, `-ec` and so on; an image may have the shell as its entry point. */
function isShellScript(line: string[], index: number): boolean {
  if (index === 0 || !/^-[a-z]{0,4}c$/.test(line[index - 1] ?? "") || !/\s/.test(line[index] ?? "")) return false;
  const before = line.slice(Math.max(0, index - 3), index - 1);
  return index === 1 || before.some((word) => SHELLS.has(word.slice(word.lastIndexOf("/") + 1)));
}

/** One argument may be seen as a script and as a value: the surer verdict stays, then the one with a name of its own. */
function withoutRepeats<F extends Found>(found: F[], indexOf: (item: F) => number): F[] {
  const sureness = { certain: 0, likely: 1, possible: 2 };
  const rank = ({ verdict, name }: Found): number => sureness[verdict.confidence] * 2 + (name === ARGUMENT ? 1 : 0);
  const kept = new Map<string, F>();
  for (const item of found) {
    const key = `${String(indexOf(item))} ${item.text}`;
    const other = kept.get(key);
    if (other === undefined || rank(item) < rank(other)) kept.set(key, item);
  }
  return [...kept.values()];
}

function inScript(script: string, depth: number): Found[] {
  const commands = shellCommands(script);
  return commands.flatMap((command, i) => [
    ...inWords(command, depth),
    ...findInInput(command, commands[i + 1]),
    ...findInFile(command),
    ...command.inputs.flatMap((input) => inInput(command, input, depth)),
    ...(depth < DEEPEST_SCRIPT ? inNested(command, script, depth) : []),
  ]);
}

/** What a command makes of its words and prints, or writes to a file, is searched as that text; every other word as what it is. */
function inWords(command: ShellCommand, depth: number): Found[] {
  const words = command.words.map(withDefault);
  const text = printed({ words });
  const found = text?.isMade === true ? [] : findInWords({ words, isParsed: true });
  const isText = text !== null && (text.isMade || (command.file !== null && words.length > 2));
  return isText ? [...found, ...inInput(command, text, depth)] : found;
}

/** Strings among the words that are, or may be, scripts themselves. */
function inNested({ words }: ShellCommand, script: string, depth: number): Found[] {
  if (PRINTERS.has(words[0]?.text ?? "")) return [];
  return words.flatMap(({ text }) => (/\s/.test(text) && text !== script ? inScript(text, depth + 1) : []));
}

/** What a here-document holds: lines of a file, and a script where a shell reads it. */
function inInput({ words }: ShellCommand, { text, isDynamic }: ShellWord, depth: number): Found[] {
  const isScript = text.startsWith("#!") || words.some((word) => SHELLS.has(word.text));
  // Also a single line is one of a file.
  const found = findInText("", `${text}\n`).map((item) => ({ ...item, name: item.name || ARGUMENT }));
  const own = isScript && depth < DEEPEST_SCRIPT ? [...found, ...inScript(text, depth + 1)] : found;
  return isDynamic ? own.filter((item) => !/[$`]/.test(item.text)) : own;
}

const DEFAULT = /\$\{(\w{1,128}):?[-=]([^$`{}]{1,256})\}/g;

/** ${NAME:-text} is the text wherever nothing sets the name; alone in a word it gives the name the text. */
function withDefault(word: ShellWord): ShellWord {
  if (!word.isDynamic || !word.text.includes("${")) return word;
  const whole = /^\$\{\w{1,128}:?=[^$`{}]{1,256}\}$/.test(word.text);
  return { ...word, text: word.text.replace(DEFAULT, whole ? "$1=$2" : "$2") };
}
