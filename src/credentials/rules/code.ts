import { judgeName } from "../name-rules.ts";
import { isNotACredential } from "../not-a-credential.ts";
import { isPlaceholder, isProbablyTemplate } from "../placeholder.ts";
import { match } from "../rule.ts";
import type { FormRule, Match } from "../rule.ts";

/** `define('NAME', 'X')` of PHP. */
const DEFINE = /\bdefine\(\s{0,8}(['"])(\w{1,64})\1\s{0,8},\s{0,8}(['"])((?:(?!\3)[^\r\n]){1,256})\3\s{0,8}[,)]/g;
/** `db.auth("user", "X")` of MongoDB's shell; quotes may be escaped by a shell. */
const AUTH = /\.auth\(\s{0,8}\\?(['"])[^'"\r\n]{1,128}\1\s{0,8},\s{0,8}\\?(['"])([^'"\r\n]{1,256}?)\\?\2\s{0,8}\)/g;

function inDefines(text: string): Match[] {
  return [...text.matchAll(DEFINE)].flatMap(({ index, 0: whole, 2: name = "", 4: value = "" }) => {
    const named = judgeName(name);
    if (named === null || named.strength === "weak") return [];
    const isPassword = named.kind === "password";
    if (isPlaceholder(value) || isNotACredential(value, isPassword) || (!isPassword && !/\d/.test(value))) return [];
    const start = index + whole.lastIndexOf(value);
    const confidence = isProbablyTemplate(value) ? "possible" : "likely";
    return [match(start, start + value.length, named.kind, confidence, `is a constant called "${named.noun}"`)];
  });
}

function inLogins(text: string): Match[] {
  return [...text.matchAll(AUTH)].flatMap(({ index, 0: whole, 3: password = "" }) => {
    if (isPlaceholder(password) || isProbablyTemplate(password)) return [];
    const start = index + whole.lastIndexOf(password);
    return [match(start, start + password.length, "password", "likely", "is a password in a login by a script")];
  });
}

/** Credentials that a program's text gives to a function. */
export const code: FormRule = {
  id: "code",
  find: (text) => [
    ...(text.includes("define(") ? inDefines(text) : []),
    ...(text.includes(".auth(") ? inLogins(text) : []),
  ],
};
