import type { Found } from "../credentials/rule.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Literal } from "../model/workload.ts";
import { bareWord } from "./bare-word.ts";
import type { ProjectionContext } from "./context.ts";

/** Credentials that stand in objects, by their fingerprints. */
export type Known = ReadonlyMap<string, Pick<Literal, "kind" | "name" | "confidence">>;

const SHORTEST = 8;
const LONGEST = 512;

/** Every credential that the objects of a snapshot hold. */
export function knownCredentials(lists: Pick<Snapshot, "cronjobs" | "jobs" | "pods" | "configmaps">): Known {
  const { cronjobs, jobs, pods, configmaps } = lists;
  return indexed([
    ...cronjobs.flatMap(({ job, annotationLiterals }) => [job.template.literals, annotationLiterals]),
    ...jobs.flatMap(({ spec, annotationLiterals }) => [spec.template.literals, annotationLiterals]),
    ...pods.flatMap(({ template, annotationLiterals }) => [template.literals, annotationLiterals]),
    ...configmaps.map(({ literals }) => literals),
  ]);
}

/** The same of these literals alone. */
export function indexed(lists: readonly (readonly Literal[])[]): Known {
  const known = new Map<string, Literal>();
  // Equal templates are one object.
  for (const literals of new Set(lists))
    for (const literal of literals) if (!known.has(literal.fingerprint)) known.set(literal.fingerprint, literal);
  return known;
}

/**
 * Words of a text that are a known credential, though nothing beside them says so: they are fingerprinted, compared and
 * forgotten. Words of letters of one case alone are left out: a password `postgres` says nothing where a database is named.
 */
export function knownWords(text: string, known: Known, tried: Set<string>, context: ProjectionContext): Found[] {
  if (known.size === 0) return [];
  const found: Found[] = [];
  for (const word of wordsOf(text)) {
    if (tried.has(word)) continue;
    tried.add(word);
    const credential = known.get(context.mask.fingerprint(word));
    if (credential === undefined) continue;
    const { kind, name, confidence } = credential;
    const because = "is a value that stands as a credential in an object of the cluster";
    found.push({ name, verdict: { kind, confidence, because }, text: word });
  }
  return found;
}

/** Separated by white space or quotes; also without the punctuation after them, and what follows `name=` or `name:`. */
function* wordsOf(text: string): Generator<string> {
  for (const written of text.split(/[\s"'`]+/)) {
    const word = written.slice(0, LONGEST + 1);
    if (word.length < SHORTEST || word.length > LONGEST) continue;
    const bare = bareWord(word);
    const separator = /[=:]/.exec(bare)?.index ?? -1;
    for (const one of new Set([word, bare, separator < 0 ? bare : bare.slice(separator + 1)])) {
      if (one.length >= SHORTEST && isTelling(one)) yield one;
    }
  }
}

function isTelling(word: string): boolean {
  return /[0-9!#$%&*+=?@^~|]/.test(word) || (/[a-z]/.test(word) && /[A-Z]/.test(word));
}
