import type { ResourceType } from "../resources.ts";
import { findResourceType, RESOURCE_TYPES } from "../resources.ts";
import type { Candidate, Expected, Names } from "./candidate.ts";
import type { Line } from "./line.ts";

/** What the word under the cursor may be, by the words before it. */
export function expectedWords({ command, hasVerb, isHelp, words }: Line, text: string): readonly Expected[] {
  if (isHelp) return words.length === 0 ? ["verb"] : [];
  // After a type that stands alone all words are names of it.
  if (command.words !== null && words.some(isType)) return ["objects"];
  if (command.completes !== undefined) return command.completes(words);
  if (command.words === null) return [];
  // An empty word lists the verbs alone: they are what a plugin is asked for first.
  if (!hasVerb && words.length === 0) return text === "" ? ["verb"] : ["verb", "objects"];
  return ["objects"];
}

/**
 * Objects in kubectl's two forms: `TYPE/NAME` any number of times, or names after a type that stands alone. Without
 * either the types themselves, with the slash that a name follows.
 */
export async function objectWords(
  words: readonly string[],
  text: string,
  names: Names,
  types: readonly ResourceType[] = RESOURCE_TYPES,
): Promise<Candidate[]> {
  const alone = words.flatMap((word) => (word.includes("/") ? [] : typesOf(word)));
  if (alone.length > 0) {
    const all = await Promise.all(alone.map(({ kind }) => names(kind)));
    return all.flat().filter(({ word }) => !words.includes(word));
  }
  const slash = text.indexOf("/");
  if (slash < 0) return types.map((type) => ({ word: `${spelledLike(type, text)}/`, description: titles[type.kind] }));
  const type = findResourceType(text.slice(0, slash));
  if (type === null || !types.includes(type)) return [];
  const lead = text.slice(0, slash + 1);
  const found = await names(type.kind);
  return found.map((one) => ({ ...one, word: `${lead}${one.word}` })).filter(({ word }) => !words.includes(word));
}

const titles: Record<ResourceType["kind"], string> = {
  CronJob: "a CronJob",
  Job: "a Job",
  Pod: "a pod",
  ServiceAccount: "a ServiceAccount, and what runs as it",
};

function isType(word: string): boolean {
  return !word.includes("/") && typesOf(word).length > 0;
}

/** The types that `cronjobs` or `cronjobs,jobs` names; none where one of them is no type. */
function typesOf(word: string): ResourceType[] {
  const found = word.split(",").map(findResourceType);
  return found.every((type) => type !== null) ? found : [];
}

/** The spelling that goes on from what was typed: the shortest that is a word. */
function spelledLike({ kind, singular, plural, short }: ResourceType, text: string): string {
  const usual = kind === "ServiceAccount" ? "sa" : singular;
  const spellings = [usual, singular, plural, ...(short === null ? [] : [short])];
  return spellings.find((spelling) => spelling.startsWith(text.toLowerCase())) ?? usual;
}

/** `user:NAME` and `group:NAME`, once the part before the sign is there; before that the parts themselves. */
export async function subjectWords(text: string, names: Names): Promise<Candidate[]> {
  const kinds = { "user:": "User", "group:": "Group" } as const;
  const lead = (Object.keys(kinds) as (keyof typeof kinds)[]).find((sign) => text.startsWith(sign));
  if (lead === undefined) {
    return [
      { word: "user:", description: "a user" },
      { word: "group:", description: "a group" },
    ];
  }
  return (await names(kinds[lead])).map((one) => ({ ...one, word: `${lead}${one.word}` }));
}
