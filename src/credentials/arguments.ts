import { byPlace, held, isKnownProgram, optionsOf } from "./calls.ts";
import type { WrittenOption } from "./calls.ts";
import { classifyByName } from "./classify.ts";
import { isComputed } from "./computed.ts";
import { findByName } from "./leaf.ts";
import type { Found } from "./rule.ts";
import type { ShellWord } from "./shell.ts";
import { speakingName } from "./speaking-name.ts";
import { findInText } from "./text.ts";

/** What a credential is called that has no name of its own in a command line. */
export const ARGUMENT = "argument";

/** A credential in a command line. `index` counts the words from 0. */
export interface FoundInWords extends Found {
  index: number;
}

const MOST_SUBCOMMANDS = 4;
/** The beginning of a template with white space in it, which a shell would take for words. */
const OPENING = /^(\{\{|\[\[|<[%?]|\$\{\{)[-~=]?$/;
/** Programs that start another one, whose options are its own. */
const STARTERS = new Set(["sshpass", "env", "sudo", "exec", "time", "nohup", "xargs", "--"]);

/** The words of one command; `isParsed`: a shell has taken their quotes off, so that white space in one belongs to its value. */
export interface Call {
  words: ShellWord[];
  isParsed: boolean;
}

/** Credentials among the words of one command: options by name, options and places of known programs, assignments, forms. */
export function findInWords({ words, isParsed }: Call): FoundInWords[] {
  const found: FoundInWords[] = [];
  let program = "";
  let subcommands: string[] = [];
  let isAssigning = true;
  const add = (index: number, items: Found[]): void => {
    const isDynamic = words[index]?.isDynamic === true;
    for (const item of items)
      if (!(isDynamic && /[$`]/.test(item.text)) && !OPENING.test(item.text)) found.push({ ...item, index });
  };
  for (let index = 0; index < words.length; index++) {
    const text = words[index]?.text ?? "";
    const next = words[index + 1]?.text;
    if (next === "=" && text.startsWith("$env:")) {
      index += 2;
      add(index, assigned(`${text}=${words[index]?.text ?? ""}`, true));
      continue;
    }
    if (!text.startsWith("-")) {
      const name = programName(text.replace(/^[A-Za-z_]\w{0,127}=/, ""));
      if (isKnownProgram(name) || STARTERS.has(program)) [program, subcommands] = [name, []];
      else if (subcommands.length < MOST_SUBCOMMANDS) subcommands.push(text);
      for (const [at, items] of byPlace(name, words, index)) add(at, items);
      isAssigning &&= isAssignment(text);
      add(index, assigned(text, isParsed && isAssigning));
      continue;
    }
    const options = optionsOf(program, subcommands, text);
    const joined = options.flatMap(({ option, value }) => (value === null ? [] : [{ option, value }]));
    add(index, joined.length > 0 ? joined.flatMap((one) => heldBy(one, one.value)) : assigned(text, true));
    if (joined.length > 0 || next === undefined) continue;
    const values = options.length > 0 ? options.flatMap((one) => heldBy(one, next)) : named(text, next);
    add(index + 1, values);
    if (options.length > 0 || values.length > 0) index++;
  }
  return found;
}

/** True for what may stand before a command, or after `export`: in words farther on, white space divides a script. */
function isAssignment(text: string): boolean {
  return /^([A-Za-z_]\w{0,127}\+?=|(export|declare|typeset|readonly|local|env|set|command)$|\$env:)/.test(text);
}

function programName(text: string): string {
  const name = text.slice(Math.max(text.lastIndexOf("/"), text.lastIndexOf("\\")) + 1);
  return name.replace(/\.exe$/i, "");
}

function heldBy({ option }: Pick<WrittenOption, "option">, value: string): Found[] {
  if (option.holds !== "pairs") return held(option, value);
  if (/^\s*[[{]/.test(value))
    return findInText("", value).map((item) => ({ ...item, name: item.name || option.option }));
  return value
    .split(PAIRS_END)
    .slice(0, MOST_PAIRS)
    .flatMap((pair) => assigned(pair.replace("\\,", ","), true));
}

/** Between pairs: a comma that a name and = follow, or white space before the same. */
const PAIRS_END = /(?<!\\)(?:,|\s+)(?=[\w.[\]\\-]{1,128}=)/;
const MOST_PAIRS = 256;

/** The shortest form is that of an address: a://:x@h. */
const SHORTEST_FORM = 8;

/** What has a form of its own. */
function unnamed(text: string): Found[] {
  if (text.length < SHORTEST_FORM) return [];
  return findInText("", text).map((item) => ({ ...item, name: item.name || ARGUMENT }));
}

/** What stands after a name and = in a pattern that a program looks for. */
const PATTERN = /^(\\[A-Za-z]|\.[*+]|\[\^|\()/;
/** More names after the first make a connection string or a form of it. */
const MORE_PAIRS = /^[^&\s;]{0,256}[&\s;]\s{0,4}[\w.-]{1,64}=/;
const ASSIGNMENT = /^(?:\$env:)?([\w.[\]-]{1,128})\s{0,2}\+?$/i;

/** `--password=X`, `-Dx.password=X`, `PGPASSWORD=X`, `$env:PGPASSWORD = "X"`, and whatever has a form of its own. */
function assigned(text: string, isWhole: boolean): Found[] {
  const equals = text.indexOf("=");
  const written = equals > 0 && equals <= 144 ? ASSIGNMENT.exec(text.slice(0, equals))?.[1] : undefined;
  if (written === undefined) return unnamed(text);
  const plain = written.replace(/^-{1,2}D?/, "");
  const name = { name: speakingName(written) ?? ARGUMENT, written: plain };
  const value = text.slice(equals + 1);
  if (PATTERN.test(value) || (!written.startsWith("-") && isComputed(value))) return [];
  if (!written.startsWith("-") && MORE_PAIRS.test(value)) return unnamed(text);
  const forms = findInText("", value);
  if (forms.length > 0) return forms.map((item) => (item.name === "" ? { ...item, ...name } : item));
  // VAR=value command: a script, which is read as such elsewhere.
  if (!isWhole && !written.startsWith("-") && /\s/.test(value)) return [];
  const byName = findByName(plain, value);
  return byName === null ? [] : [{ ...name, ...byName }];
}

/** Words after an option's name in a text that explains it. */
const PROSE = new Set(
  "to or and is in for not with from the via if must option flag argument parameter on of by as was has are be when instead value".split(
    " ",
  ),
);

/** `--password X`: an option by name with its value in the next word. */
function named(option: string, value: string): Found[] {
  if (
    value.startsWith("-") ||
    /-(stdin|fd|file|env|prompt)$/i.test(option) ||
    PROSE.has(value) ||
    !/^--?[A-Za-z][\w.-]{1,127}$/.test(option)
  )
    return [];
  const spoken = option.replace(/^-{1,2}/, "");
  if (classifyByName(spoken, value) === null) return [];
  const name = speakingName(option) ?? ARGUMENT;
  return findInText(spoken, value).map((item) => ({ ...item, name, written: spoken }));
}
