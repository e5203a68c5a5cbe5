import type { Verdict } from "../model/credential.ts";
import { isPlaceholder, looksLikeReference } from "./placeholder.ts";
import { PROGRAM_ARGUMENTS, PROGRAM_OPTIONS } from "./programs.ts";
import type { ProgramOption } from "./programs.ts";
import type { Found } from "./rule.ts";
import type { ShellWord } from "./shell.ts";

/** Names of the programs whose options are known. */
export const PROGRAMS = new Set(PROGRAM_OPTIONS.flatMap(({ programs }) => programs));

/** The options of a program, after some of its subcommands, that the word is, or begins with. */
export function optionsOf(program: string, subcommands: string[], word: string): ProgramOption[] {
  return PROGRAM_OPTIONS.filter(
    ({ programs, option, after }) =>
      programs.includes(program) &&
      (word === option || (!option.startsWith("--") && word.startsWith(option))) &&
      (after === undefined || subcommands.includes(after)),
  );
}

const LONGEST_CALL = 16;

/** Credentials that a program takes by their place, with the index of each word; options in between are passed over. */
export function byPlace(program: string, words: ShellWord[], start: number): [number, Found[]][] {
  return PROGRAM_ARGUMENTS.filter(({ programs }) => programs.includes(program)).flatMap((argument) => {
    const call = words.slice(start + 1, start + LONGEST_CALL).map(({ text }, i) => ({ text, at: start + 1 + i }));
    const plain = call.filter(({ text }) => !text.startsWith("-"));
    const value = plain[argument.words.length + argument.skip];
    if (value === undefined || isPlaceholder(value.text)) return [];
    if (!argument.words.every((expected, i) => plain[i]?.text === expected)) return [];
    const because = `is what ${argument.programs[0] ?? "the program"} takes as a secret key there`;
    const verdict: Verdict = { kind: argument.kind, confidence: "likely", because };
    return [[value.at, [{ name: argument.words.join(" "), verdict, text: value.text }]]];
  });
}

/** The credential in an option's value, under the option's own name. */
export function held({ option, holds, kind, programs }: ProgramOption, value: string): Found[] {
  const colon = value.search(/[:%]/);
  const text = holds === "userinfo" ? (colon < 0 ? "" : value.slice(colon + 1)) : value;
  if (text === "" || isPlaceholder(text)) return [];
  const because = `is what ${programs[0] ?? "the program"} takes as a password after ${option}`;
  const confidence = looksLikeReference(text) ? "possible" : "likely";
  return [{ name: option, verdict: { kind, confidence, because }, text }];
}
