import type { Confidence, Verdict } from "../model/credential.ts";
import { HEX, isAll, looksRandom } from "./characters.ts";
import { findForms } from "./forms.ts";
import { judgeName } from "./name-rules.ts";
import type { NameVerdict } from "./name-rules.ts";
import { isNotACredential } from "./not-a-credential.ts";
import { encodedPassword, passwordOf } from "./userinfo.ts";
import { isPlaceholder, isProbablyTemplate, isSetting } from "./placeholder.ts";

type Verdicts = (confidence: Confidence, because?: string) => Verdict;

/** What the name makes of the value, whatever its form. Null: nothing. */
export function classifyByName(name: string, value: string): Verdict | null {
  const named = judgeName(name);
  if (named === null) return null;
  const isPassword = named.kind === "password";
  if (isPlaceholder(value) || isNotACredential(value, isPassword)) return null;
  const text = value.trim();
  const because = `its name says "${named.noun}"`;
  const verdict: Verdicts = (confidence, more = "") => ({ kind: named.kind, confidence, because: because + more });
  if (isProbablyTemplate(text)) return verdict("possible", ", but the value reads like a template or a reference");
  if (named.kind === "basic-auth") {
    const hasPassword = passwordOf(text) !== null || encodedPassword(text) !== null;
    return verdict(hasPassword ? "likely" : "possible");
  }
  // 0 and 1 are switches before they are passwords, and a file may be called after what it is about.
  if (named.strength === "strong") return verdict(/^[01]$|\n/.test(text) ? "possible" : "likely");
  return isPassword ? passwordVerdict(named, text, verdict) : keyVerdict(named, text, verdict);
}

const NUMBER = /^[+-]?\d{1,32}(\.\d{1,32})?$/;
const RANDOM = " and the value looks random";
const SHORTEST = 6;

/** A name that says password less clearly. */
function passwordVerdict(named: NameVerdict, text: string, verdict: Verdicts): Verdict | null {
  if (text.includes("\n")) return verdict("possible");
  if (looksRandom(text)) return verdict("likely", RANDOM);
  if (named.strength === "weak" || NUMBER.test(text)) return isMixed(text) ? verdict("possible") : null;
  if (named.mayBeName && isLabel(text)) return verdict("possible");
  return verdict(text.length >= SHORTEST ? "likely" : "possible");
}

/** Tokens and keys, which generators write; but people write some of them, and the names of Secrets stand in the same places. */
function keyVerdict(named: NameVerdict, text: string, verdict: Verdicts): Verdict | null {
  if (NUMBER.test(text) && text.length < 12) return null;
  if (isFingerprint(named, text)) return null;
  if (/\s/.test(text)) return named.strength === "medium" ? verdict("possible") : null;
  if (looksRandom(text)) return verdict("likely", RANDOM);
  if (named.strength === "weak") return isMixed(text) ? verdict("possible") : null;
  if (isWords(text)) {
    return verdict(named.mayBeName || /[-_.]/.test(text) || isSetting(text) ? "possible" : sureness(text));
  }
  return verdict(sureness(text));
}

function sureness(text: string): Confidence {
  return text.length >= SHORTEST ? "likely" : "possible";
}

function isMixed(text: string): boolean {
  return text.length >= 12 && /\d/.test(text) && /[A-Za-z]/.test(text);
}

const WORDS = /^([a-z]{1,64}|[A-Z][a-z]{1,64}|[A-Z]{1,64})([-_.]([a-z]{1,64}|[A-Z][a-z]{1,64}|[A-Z]{1,64})){0,16}$/;

/** Words, and what joins them; letters in cases that change as they like are none. */
function isWords(text: string): boolean {
  return WORDS.test(text);
}

/** A Secret's own name is written like this, and SECRET=my-app says as much. */
function isLabel(text: string): boolean {
  return /^[a-z]{1,64}(-[a-z]{1,64}){0,16}$/.test(text);
}

/** GPG_KEY of many images is the fingerprint of the key that signed a release. */
function isFingerprint({ noun }: NameVerdict, text: string): boolean {
  return (noun === "gpg key" || noun === "pgp key") && isAll(HEX, text) && [8, 16, 32, 40, 64].includes(text.length);
}

const SURENESS: Record<Confidence, number> = { certain: 0, likely: 1, possible: 2 };

/** What one name and value are, by the value's form first and by the name second; null: no credential. */
export function classify(name: string, value: string): Verdict | null {
  // The surest, of those the first.
  const [form] = findForms(value, name).sort((a, b) => SURENESS[a.confidence] - SURENESS[b.confidence]);
  const byName = classifyByName(name, value);
  if (form !== undefined && (form.confidence !== "possible" || byName === null)) {
    return { kind: form.kind, confidence: form.confidence, because: form.because };
  }
  return byName;
}
