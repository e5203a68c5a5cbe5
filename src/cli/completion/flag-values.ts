import type { Format } from "../../output/format.ts";
import { formats } from "../../output/formats/index.ts";
import type { Command } from "../command.ts";
import type { FlagName } from "../flags.ts";
import { flagOf } from "../flags.ts";
import { FIELD_NAMES } from "../selectors.ts";
import type { Candidate, Expected, Names } from "./candidate.ts";

/** Flags whose value is a name that is known somewhere; those with a file say so by what stands for their value. */
const NAMED: Partial<Record<FlagName, readonly Expected[]>> = {
  context: ["context"],
  cluster: ["cluster"],
  user: ["user"],
  namespace: ["namespace"],
  node: ["node"],
  secret: ["secret"],
  "as-seen-by": ["accounts", "subjects"],
  // A position, where the command says so; elsewhere somebody to impersonate, whom no list names.
  as: ["accounts", "subjects"],
};

/** What a flag's value may be, for this command; `text` is what is typed of it. */
export function valuesOf(name: FlagName, text: string, command: Command): readonly Expected[] {
  const flag = flagOf(name);
  if (name === "output") return outputFormats(command, text);
  if (flag.type === "boolean") return [plain("true"), plain("false")];
  if (name === "field-selector") return fields(text);
  if (flag.forms !== undefined) return flag.forms.map((form) => plain(form.replace(/=.*/, "=")));
  if (flag.choices !== undefined) {
    const open = flag.choices.filter((choice) => flag.choicesOf?.[choice]?.includes(command.name) !== false);
    return open.map((choice) => ({ word: choice, description: choice === flag.default ? "the default" : "" }));
  }
  if (name === "as" && command.means?.as === undefined) return [];
  if (flag.value === "FILE" || flag.value === "JOURNAL") return ["file"];
  return NAMED[name] ?? [];
}

function plain(word: string): Candidate {
  return { word, description: "" };
}

/** A format that takes something behind `=` goes on with it. */
function outputFormats({ formats: taken }: Command, text: string): Expected[] {
  const all: Readonly<Partial<Record<string, Format>>> = formats;
  const [named = "", ...behind] = text.split("=");
  if (behind.length > 0 && all[named]?.takes?.isFile === true) return ["file"];
  return taken.map((name) => {
    const { help = "", takes } = all[name] ?? {};
    return { word: takes === undefined ? name : `${name}=`, description: help };
  });
}

/** The last of several that commas join. */
function fields(text: string): Candidate[] {
  const before = text.slice(0, text.lastIndexOf(",") + 1);
  return FIELD_NAMES.map((name) => plain(`${before}${name}=`));
}

/** The ways of exposure have a sentence each, which their topics hold. */
export async function described(candidates: readonly Candidate[], names: Names): Promise<Candidate[]> {
  if (candidates.every(({ description }) => description !== "")) return [...candidates];
  const topics = new Map((await names("topic")).map(({ word, description }) => [word, description]));
  return candidates.map(({ word, description }) => ({ word, description: description || (topics.get(word) ?? "") }));
}
