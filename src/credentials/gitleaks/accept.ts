import { RE2JS } from "re2js";
import type { Allowlist, Rule } from "./model.ts";

/** What a rule matched: the secret, the whole match, and the lines that it stands in. */
export interface Candidate {
  secret: string;
  match: string;
  line: string;
}

const compiled = new Map<string, RE2JS>();

/** A regex of gitleaks, compiled when it is first needed; its time is linear in the text. */
export function regex(source: string): RE2JS {
  let pattern = compiled.get(source);
  if (pattern === undefined) {
    pattern = RE2JS.compile(source);
    compiled.set(source, pattern);
  }
  return pattern;
}

/** Shannon's entropy of a text's characters, in bits a character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

function allows({ target, both, regexes, stopwords }: Allowlist, candidate: Candidate): boolean {
  const lower = candidate.secret.toLowerCase();
  const byRegex = (): boolean => regexes.some((source) => regex(source).test(candidate[target]));
  const byWord = (): boolean => stopwords.some((word) => lower.includes(word));
  return both ? byRegex() && byWord() : byRegex() || byWord();
}

/** True when the secret has the entropy that the rule wants, and no list allows it (gitleaks, detect/detect.go detectRule). */
export function isAccepted(rule: Rule, common: readonly Allowlist[], candidate: Candidate): boolean {
  if (rule.entropy > 0 && entropy(candidate.secret) <= rule.entropy) return false;
  return ![...common, ...rule.allow].some((list) => allows(list, candidate));
}
