import type { Verdict } from "../model/credential.ts";
import { looksRandom } from "./characters.ts";
import { findForms } from "./forms.ts";
import { judgeName } from "./name-rules.ts";
import { isNotACredential } from "./not-a-credential.ts";
import { encodedPassword, passwordOf } from "./userinfo.ts";
import { isPlaceholder, isProbablyTemplate } from "./placeholder.ts";

/** What the name makes of the value, whatever its form. Null: nothing. */
export function classifyByName(name: string, value: string): Verdict | null {
  const named = judgeName(name);
  if (named === null) return null;
  const isPassword = named.kind === "password";
  if (isPlaceholder(value) || isNotACredential(value, isPassword)) return null;
  const text = value.trim();
  const isNumber = /^[+-]?\d{1,32}(\.\d{1,32})?$/.test(text);
  const verdict = (confidence: Verdict["confidence"], because: string): Verdict => ({
    kind: named.kind,
    confidence,
    because,
  });
  const because = `its name says "${named.noun}"`;
  if (isProbablyTemplate(text)) {
    return verdict("possible", `${because}, but the value reads like a template or a reference`);
  }
  if (named.kind === "basic-auth") {
    const hasPassword = passwordOf(text) !== null || encodedPassword(text) !== null;
    return verdict(hasPassword ? "likely" : "possible", because);
  }
  if (named.strength === "strong") return verdict("likely", because);
  if (!isPassword && isNumber && text.length < 12) return null;
  if (!isPassword && /\s/.test(text)) return null;
  if (looksRandom(text)) return verdict("likely", `${because} and the value looks random`);
  if (named.strength === "weak" || isNumber) {
    return text.length >= 12 && /\d/.test(text) && /[A-Za-z]/.test(text) ? verdict("possible", because) : null;
  }
  // A Secret's own name is written like a DNS label, and SECRET=my-app says as much.
  if (named.kind === "secret-key" && /^[a-z]{1,32}(-[a-z]{1,32}){0,8}$/.test(text)) return verdict("possible", because);
  return verdict(text.length >= 6 ? "likely" : "possible", because);
}

/** What one name and value are, by the value's form first and by the name second; null: no credential. */
export function classify(name: string, value: string): Verdict | null {
  const [form] = findForms(value);
  const byName = classifyByName(name, value);
  if (form !== undefined && (form.confidence !== "possible" || byName === null)) {
    return { kind: form.kind, confidence: form.confidence, because: form.because };
  }
  return byName;
}
