import { classifyByName } from "./classify.ts";
import { findForms } from "./forms.ts";
import { judgeName } from "./name-rules.ts";
import { passwordPrinted } from "./printed.ts";
import type { Found, Match } from "./rule.ts";
import { encodedPassword, passwordOf } from "./userinfo.ts";
import { words } from "./words.ts";

/** What the name makes of the whole value; of a user with a password, the password counts. */
export function findByName(name: string, value: string): Omit<Found, "name"> | null {
  const verdict = classifyByName(name, value);
  if (verdict === null) return byCommand(name, value);
  const text = value.trim();
  const isLogin = verdict.kind === "basic-auth";
  return { verdict, text: (isLogin ? (passwordOf(text) ?? encodedPassword(text)) : null) ?? text };
}

/** RESTIC_PASSWORD_COMMAND and BORG_PASSCOMMAND: `echo X` prints the password. */
function byCommand(name: string, value: string): Omit<Found, "name"> | null {
  if (!/(command|cmd)$/i.test(name.slice(-8)) || !asksForPassword(name)) return null;
  const text = passwordPrinted(value);
  const because = "is what the command prints that a program asks for its password";
  return text === null ? null : { verdict: { kind: "password", confidence: "likely", because }, text };
}

function asksForPassword(name: string): boolean {
  const all = words(name);
  return all.at(-1) === "passcommand" || judgeName(all.slice(0, -1).join("_"))?.kind === "password";
}

/** A match as what was found, under a name. */
export function foundAs(name: string, value: string, match: Match): Found {
  const { start, end, secret, kind, confidence, because } = match;
  return { name, verdict: { kind, confidence, because }, text: secret ?? value.slice(start, end) };
}

/** Credentials in a text that has no parts of its own: by its form, or else by its name. */
export function findInLeaf(name: string, value: string): Found[] {
  const forms = findForms(value, name);
  const byName = forms.every(({ confidence }) => confidence === "possible") ? findByName(name, value) : null;
  return byName !== null ? [{ name, ...byName }] : forms.map((form) => foundAs(name, value, form));
}
