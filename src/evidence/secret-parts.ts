import { classify } from "../credentials/classify.ts";
import { findInValue } from "../credentials/values.ts";
import type { CredentialKind } from "../model/credential.ts";
import { isBeside, isHarmless, isNamed, isTelling } from "./secret-telling.ts";

/** Why a Secret's value is not compared, in the words of a report. */
export const LEFT = {
  none: "no credential by key, form or value",
  short: "shorter than 4 characters",
  long: "larger than 64 KiB",
  binary: "no text",
  release: "releases of Helm",
} as const;

/** One credential in a Secret's value. `text` is the credential: fingerprint it and let it go. */
export interface Part {
  text: string;
  kind: CredentialKind;
  /** Whether an equal text is enough to tell it; otherwise name or form have to say so, too. */
  telling: boolean;
}

/** What a value holds: credentials, with the whole text where that is more than the only one; or why it is not compared. */
export type Judged = { parts: Part[]; whole: string | null } | keyof typeof LEFT;

/** In characters; shorter values stand everywhere. */
export const SHORTEST = 4;
/** In bytes. */
export const LONGEST = 64 * 1024;
const TOKEN_TYPE = "kubernetes.io/service-account-token";

/** What one value of a Secret of this type is, under its key. The value comes as the API has it, in base64. */
export function judgeSecretValue(type: string | null, key: string, encoded: string): Judged {
  if (encoded.length > (LONGEST * 4) / 3 + 4) return "long";
  const text = Buffer.from(encoded, "base64").toString("utf8").trim();
  if (/[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text)) return "binary";
  if (type === TOKEN_TYPE && key !== "token") return "none";
  // A key that says what goes with a credential says nothing for it: the value's form decides, or the names in it.
  const found = findInValue(isBeside(key) ? "" : key, text).filter(
    ({ verdict, text: part }) => verdict.confidence !== "possible" && part.length >= SHORTEST,
  );
  const parts = new Map<string, Part>();
  for (const { verdict, text: part } of found) {
    const telling = isTelling(part, true) || part.includes("-----BEGIN ");
    parts.set(part, { text: part, kind: verdict.kind, telling });
  }
  if (parts.size > 0) return { parts: [...parts.values()], whole: parts.size === 1 && !parts.has(text) ? text : null };
  return judgeWhole(key, text);
}

/** A value in which recognition by name and form found nothing that is sure. */
function judgeWhole(key: string, text: string): Judged {
  if (text !== "" && text.length < SHORTEST) return "short";
  if (isBeside(key) || isHarmless(text)) return "none";
  const named = isNamed(key);
  const telling = isTelling(text, named);
  // Where neither its key nor the value says that it is one, it is not.
  if (!telling && !named) return "none";
  if (/[\r\n]/.test(text)) return "none";
  return { parts: [{ text, kind: classify(key, text)?.kind ?? "secret-key", telling }], whole: null };
}
