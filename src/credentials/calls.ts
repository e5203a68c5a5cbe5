import type { Verdict } from "../model/credential.ts";
import { findByName } from "./leaf.ts";
import { isNotACredential } from "./not-a-credential.ts";
import { isPlaceholder, looksLikeReference } from "./placeholder.ts";
import { PROGRAM_ARGUMENTS, PROGRAM_OPTIONS } from "./programs.ts";
import type { ProgramArgument, ProgramOption } from "./programs.ts";
import type { Found } from "./rule.ts";
import type { ShellWord } from "./shell.ts";
import { speakingName } from "./speaking-name.ts";

const OPTIONS = byProgram(PROGRAM_OPTIONS);
const ARGUMENTS = byProgram(PROGRAM_ARGUMENTS);

function byProgram<T extends { programs: string[] }>(entries: readonly T[]): Map<string, T[]> {
  const index = new Map<string, T[]>();
  for (const entry of entries) {
    for (const program of entry.programs) index.set(program, [...(index.get(program) ?? []), entry]);
  }
  return index;
}

/** True for the name of a program whose options or arguments are known. */
export function isKnownProgram(name: string): boolean {
  return OPTIONS.has(name) || ARGUMENTS.has(name);
}

/** An option of a known program as it was written; `value` is what is joined to it, or null where the next word is the value. */
export interface WrittenOption {
  option: ProgramOption;
  value: string | null;
}

/** What a word is to a program, after some of its subcommands. */
export function optionsOf(program: string, subcommands: string[], word: string): WrittenOption[] {
  return (OPTIONS.get(program) ?? [])
    .filter(({ after }) => after === undefined || subcommands.includes(after))
    .flatMap((option) => {
      const value = written(option, word);
      return value === undefined ? [] : [{ option, value }];
    });
}

function written({ option, takes, isBundled }: ProgramOption, word: string): string | null | undefined {
  if (word === option) return takes === "joined" ? undefined : null;
  if (option.startsWith("--")) return word.startsWith(`${option}=`) ? word.slice(option.length + 1) : undefined;
  if (isBundled === true && /^-[A-Za-z#]{2,8}$/.test(word) && word.at(-1) === option[1]) return null;
  return takes !== "next" && word.startsWith(option) ? word.slice(option.length) : undefined;
}

/** Options, also as programs of Windows write them. */
const OPTION = /^(-|\/[a-z]{1,16}:)/i;
const LONGEST_CALL = 16;
const MOST_PAIRS = 6;

/** Credentials that a program takes by their place, with the index of each word; options in between are passed over. */
export function byPlace(program: string, words: ShellWord[], start: number): [number, Found[]][] {
  const known = ARGUMENTS.get(program);
  if (known === undefined) return [];
  const call = words.slice(start + 1, start + LONGEST_CALL).map(({ text }, i) => ({ text, at: start + 1 + i }));
  const plain = call.filter(({ text }) => !OPTION.test(text));
  return known.flatMap((argument) => {
    if (argument.with !== undefined && !call.some(({ text }) => argument.with?.test(text))) return [];
    const from = placeAfter(plain, argument.words);
    if (from === null) return [];
    return argument.isNamed === true
      ? inPairs(plain.slice(from + argument.skip))
      : inPlace(argument, plain[from + argument.skip]);
  });
}

interface Placed {
  text: string;
  at: number;
}

/** The place after the first words that are these; what stands before them is an option's value. */
function placeAfter(plain: Placed[], expected: string[]): number | null {
  const starts = plain.findIndex((_, from) =>
    expected.every((word, i) => plain[from + i]?.text.toLowerCase() === word.toLowerCase()),
  );
  return expected.length === 0 ? 0 : starts < 0 ? null : starts + expected.length;
}

function inPlace({ words, kind, programs, holds }: ProgramArgument, value: Placed | undefined): [number, Found[]][] {
  if (value === undefined) return [];
  const text = holds === "dsn" ? inDsn(value.text) : holds === undefined ? value.text : inLogin(value.text);
  // NAME=VALUE is judged by its name; for * the program asks.
  if (text === "" || isPlaceholder(text) || (holds === undefined && /^(\w{1,64}=|\*$)/.test(text))) return [];
  const what = kind === "password" || kind === "token" ? kind : "secret key";
  const because = `is what ${programs[0] ?? "the program"} takes as a ${what} there`;
  const verdict: Verdict = { kind, confidence: "likely", because };
  return [[value.at, [{ name: words.length > 0 ? words.join(" ") : "argument", verdict, text }]]];
}

/** The password of `user/password@service` and `userid=user/password`; empty where there is none, as in `/ as sysdba`. */
function inLogin(word: string): string {
  const login = word.slice(0, 512).replace(/^userid=/i, "");
  const [, password = ""] =
    /^"?[A-Za-z][\w$#]{0,127}"?(?:\[\w{1,128}\])?\/([^\s/]{1,256})$/.exec(login.replace(/@[^@]{1,256}$/, "")) ?? [];
  return isNotACredential(password, true) ? "" : password.replace(/^"(.*)"$/, "$1");
}

/** `p=` among the pairs of a dsn; empty where there is none. */
function inDsn(word: string): string {
  if (!/^[A-Za-z]=/.test(word)) return "";
  const pair = word
    .slice(0, 2048)
    .split(/(?<!\\),/)
    .find((one) => one.startsWith("p="));
  return pair?.slice(2).replaceAll("\\,", ",") ?? "";
}

/** `NAME VALUE NAME VALUE`: each value is judged by the last part of its name. */
function inPairs(plain: Placed[]): [number, Found[]][] {
  const found: [number, Found[]][] = [];
  for (let i = 0; i + 1 < plain.length && i < 2 * MOST_PAIRS; i += 2) {
    const [name, value] = [plain[i]?.text ?? "", plain[i + 1]];
    const last = name.slice(Math.max(name.lastIndexOf("/"), name.lastIndexOf(":")) + 1).slice(0, 128);
    const judged = value === undefined ? null : findByName(last, value.text);
    if (value !== undefined && judged !== null)
      found.push([value.at, [{ name: speakingName(last) ?? "argument", ...judged }]]);
  }
  return found;
}

/** The credential in an option's value, under the option's own name. */
export function held({ option, holds, kind, programs }: ProgramOption, value: string): Found[] {
  const text = credentialIn(holds, value);
  if (text === "" || isPlaceholder(text)) return [];
  const because = `is what ${programs[0] ?? "the program"} takes as a password after ${option}`;
  const confidence = looksLikeReference(text) ? "possible" : "likely";
  return [{ name: option, verdict: { kind, confidence, because }, text }];
}

/** What stands between a user and a password. */
const BEFORE_PASSWORD: Partial<Record<ProgramOption["holds"], RegExp>> = {
  userinfo: /:/,
  "user,password": /[,:]/,
  "user%password": /%/,
};

function credentialIn(holds: ProgramOption["holds"], value: string): string {
  if (holds === "nothing") return "";
  if (holds === "dsn") return inDsn(value);
  if (holds === "pass:") return value.startsWith("pass:") ? value.slice(5) : "";
  const between = BEFORE_PASSWORD[holds];
  if (between === undefined) return value;
  const separator = value.search(between);
  return separator < 0 ? "" : value.slice(separator + 1);
}
