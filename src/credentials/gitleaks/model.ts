import type { Confidence, CredentialKind } from "../../model/credential.ts";

/** Where `longest` stops counting, in characters. */
export const LONGEST_MATCH = 2048;

/** What speaks against a match (gitleaks, config/allowlist.go); lists that go by a file's path are left out. */
export interface Allowlist {
  /** What the regexes are tested against. */
  target: "secret" | "match" | "line";
  /** True: a regex and a stopword must both speak against it. */
  both: boolean;
  regexes: readonly string[];
  /** In lower case; they are looked for in the secret. */
  stopwords: readonly string[];
}

/** One of gitleaks' rules. */
export interface Rule {
  id: string;
  /** In lower case: a text without any of them has no match. */
  keywords: readonly string[];
  /** In RE2's syntax. */
  regex: string;
  /** The group that holds the secret; 0: the first that matched anything, or else the whole match. */
  group: number;
  /** Shannon's, in bits a character: the secret must have more. 0: it need not. */
  entropy: number;
  allow: readonly Allowlist[];
}

/** A rule with what this program thinks of it. */
export interface JudgedRule extends Rule {
  kind: CredentialKind;
  confidence: Confidence;
  /** True where the form alone says little and the name before it decides. */
  isNamed: boolean;
  /** No match is longer than so many characters; LONGEST_MATCH: it may be longer than that, or without a bound. */
  longest: number;
  /** True where a match need not contain the keyword. */
  isLoose: boolean;
}
