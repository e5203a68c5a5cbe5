import type { Confidence, CredentialKind, Verdict } from "../model/credential.ts";

/** Where a credential stands in a text: [start, end) in UTF-16 units. `secret` is set where it is written in an encoded form. */
export interface Match extends Verdict {
  start: number;
  end: number;
  /** The credential itself, decoded, where it differs from the characters between start and end. */
  secret?: string;
}

/** One family of credentials that are recognised by their form alone, wherever in a text they stand. */
export interface FormRule {
  id: string;
  /** Every match, in time linear in the length of the text. `name` is that of the value, "" where it has none. */
  find(text: string, name?: string): Match[];
}

/** A credential in a value or a text. `text` is the credential: fingerprint it and let it go. */
export interface Found {
  name: string;
  /** The name as it stands there, where `name` shows less of it: for the operator's rules to compare, and nothing else. */
  written?: string | undefined;
  verdict: Verdict;
  text: string;
}

/** Shortens the writing of matches. */
export function match(
  start: number,
  end: number,
  kind: CredentialKind,
  confidence: Confidence,
  because: string,
): Match {
  return { start, end, kind, confidence, because };
}
