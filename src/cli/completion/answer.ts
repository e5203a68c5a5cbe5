import type { Command } from "../command.ts";
import { RESOURCE_TYPES } from "../resources.ts";
import type { Answer, Candidate, Expected, Names } from "./candidate.ts";
import { flagNames } from "./flag-names.ts";
import { described, valuesOf } from "./flag-values.ts";
import type { Line } from "./line.ts";
import { expectedWords, objectWords, subjectWords } from "./next-word.ts";

/** What may stand where the cursor is: candidates that go on from what was typed, in the order in which people look for them. */
export async function answerLine(line: Line, commands: readonly Command[], names: Names): Promise<Answer> {
  const { cursor } = line;
  if (cursor.what === "flag") return { candidates: goingOn(flagNames(line), cursor.text), files: false };
  const words = cursor.what === "word" ? line.words : [];
  const expected =
    cursor.what === "word" ? expectedWords(line, cursor.text) : valuesOf(cursor.flag, cursor.text, line.command);
  const found = await Promise.all(
    expected.map((one) => (one === "file" ? [] : candidatesFor(one, { words, text: cursor.text, commands, names }))),
  );
  const given = cursor.what === "value" ? (line.given.get(cursor.flag) ?? []) : words;
  const lead = cursor.what === "value" ? cursor.lead : "";
  // Evidence may hold any name; as a word of its own `--yes` would be a flag.
  const isOdd = (word: string): boolean => cursor.what === "word" && word.startsWith("-");
  const candidates = goingOn(found.flat(), cursor.text).filter(({ word }) => !given.includes(word) && !isOdd(word));
  const isValue = cursor.what === "value" && (cursor.flag === "class" || cursor.flag === "state");
  const explained = isValue ? await described(candidates, names) : candidates;
  return {
    candidates: explained.map(({ word, description }) => ({ word: `${lead}${word}`, description })),
    files: expected.includes("file"),
  };
}

function goingOn(candidates: readonly Candidate[], text: string): Candidate[] {
  return candidates.filter(({ word }) => word.startsWith(text));
}

interface Asked {
  words: readonly string[];
  text: string;
  commands: readonly Command[];
  names: Names;
}

async function candidatesFor(
  expected: Exclude<Expected, "file">,
  { words, text, commands, names }: Asked,
): Promise<readonly Candidate[]> {
  if (typeof expected === "object") return [expected];
  if (expected === "verb") return verbs(commands);
  if (expected === "objects") return objectWords(words, text, names);
  if (expected === "jobs") return objectWords([], text, names, typed("Job"));
  if (expected === "accounts") return objectWords([], text, names, typed("ServiceAccount"));
  return expected === "subjects" ? subjectWords(text, names) : names(expected);
}

function typed(kind: "Job" | "ServiceAccount"): typeof RESOURCE_TYPES {
  return RESOURCE_TYPES.filter((type) => type.kind === kind);
}

function verbs(commands: readonly Command[]): Candidate[] {
  const all = commands.filter(({ name }) => name !== "");
  return [
    ...all.map(({ name, summary }) => ({ word: name, description: summary })),
    { word: "help", description: "Print the help of a command." },
  ];
}
