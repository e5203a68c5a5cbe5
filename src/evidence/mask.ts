import { createHmac, randomBytes, scrypt } from "node:crypto";
import { findForms } from "../credentials/forms.ts";

/** Stands where a text was recognised as a credential. */
export const MASKED = "<masked>";

/** What turns credentials into fingerprints, and keeps them out of texts that are kept. */
export interface Mask {
  /** Keyed HMAC-SHA-256 of a credential, the first 32 hex digits. */
  fingerprint(credential: string): string;
  /** A text that is kept for what it says: cut to 512 characters, and masked if any of it has the form of a credential. */
  keep(text: string): string;
  /** The same for a text that may be absent. */
  keepOptional(text: string | null): string | null;
  /** A reason, which the API writes as one word (apimachinery metav1.Condition); anything else is free text, and masked. */
  keepReason(text: string | null): string | null;
}

const REASON = /^[A-Za-z][A-Za-z0-9_,:]{0,127}$/;

const LONGEST_KEPT = 512;
const REMEMBERED = 4096;
// A fixed salt: the same passphrase has to give the same key in the next run, and on the next machine.
const SALT = "kubectl-cronaudit/fingerprint/v1";

/**
 * A mask under a key that is random for this run, or derived by scrypt from the passphrase of --fingerprint-key. The key stays
 * inside. `isOwn` tells what the operator's rules take for a credential besides.
 */
export async function createMask(
  passphrase: string | null,
  isOwn: (text: string) => boolean = () => false,
): Promise<Mask> {
  const key = passphrase === null ? randomBytes(32) : await derive(passphrase);
  const kept = new Map<string, string>();
  const keep = (text: string): string => {
    if (text.length > LONGEST_KEPT) return keepText(text, isOwn);
    const known = kept.get(text);
    if (known !== undefined) return known;
    if (kept.size >= REMEMBERED) kept.clear();
    const result = keepText(text, isOwn);
    kept.set(text, result);
    return result;
  };
  return {
    fingerprint: (credential) => createHmac("sha256", key).update(credential, "utf8").digest("hex").slice(0, 32),
    keep,
    keepOptional: (text) => (text === null ? null : keep(text)),
    keepReason: (text) => (text === null ? null : REASON.test(text) ? keep(text) : MASKED),
  };
}

function keepText(text: string, isOwn: (text: string) => boolean): string {
  const hasCredential = findForms(text).some(({ confidence }) => confidence !== "possible");
  if (hasCredential || isOwn(text)) return MASKED;
  return text.length > LONGEST_KEPT ? `${text.slice(0, LONGEST_KEPT)}…` : text;
}

function derive(passphrase: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase, SALT, 32, { N: 1 << 15, r: 8, p: 1, maxmem: 64 << 20 }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
