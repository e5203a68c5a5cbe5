import { createHmac, randomBytes } from "node:crypto";
import type { Canary } from "./stage.ts";
import { hashingOf } from "./workload.ts";

/** Where the canaries of one run come from. */
export interface Canaries {
  /** A new one. */
  mint(): Canary;
  /** Of any text, by the run's key; 32 hexadecimal digits. */
  fingerprint(text: string): string;
  /**
   * A text with the fingerprint in place of every canary that was minted so far: as it is or in base64, whole or only its first
   * eight characters and more, as a text that was cut holds it.
   */
  mask(text: string): string;
}

/** A value has no character at which commands or variables are taken apart, so that it stays one word wherever it is put. */
const BYTES = 24;

/** So much of a canary is never shown; fewer characters tell nothing, and may stand anywhere. */
const TELLING = 8;

/** A value, and what of its base64 is the same whatever stands around it, at each of the three places where it may begin. */
function formsOf(value: string): string[] {
  const inBase64 = [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)]);
    const whole = Math.floor((bytes.length * 8) / 6);
    return bytes.toString("base64").slice(Math.ceil((before * 8) / 6), whole);
  });
  return [value, ...inBase64];
}

function withoutForm(text: string, form: string, instead: string): string {
  let rest = text;
  let done = "";
  for (;;) {
    const at = rest.indexOf(form.slice(0, TELLING));
    if (at === -1) return done + rest;
    let end = at + TELLING;
    while (end < rest.length && end - at < form.length && rest[end] === form[end - at]) end++;
    done += rest.slice(0, at) + instead;
    rest = rest.slice(end);
  }
}

/** Canaries under one key, which is random and stays with the run. */
export function openCanaries(key: Buffer = randomBytes(32)): Canaries {
  const minted = new Map<string, string>();
  const fingerprint = (text: string): string =>
    createHmac("sha256", key).update(text, "utf8").digest("hex").slice(0, 32);
  const hashing = hashingOf(key);
  return {
    fingerprint,
    mint() {
      const value = randomBytes(BYTES).toString("hex");
      const own = fingerprint(value);
      minted.set(value, own);
      const canary: Canary = { value, fingerprint: own, hashing, is: (text) => fingerprint(text) === own };
      // A canary that is printed or serialised by mistake shows its fingerprint.
      return Object.defineProperty(canary, "value", { enumerable: false, value });
    },
    mask(text) {
      let masked = text;
      for (const [value, own] of minted)
        for (const form of formsOf(value)) masked = withoutForm(masked, form, `<canary ${own}>`);
      return masked;
    },
  };
}
