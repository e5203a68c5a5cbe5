import { isPlaceholder } from "../placeholder.ts";
import { match } from "../rule.ts";
import type { FormRule, Match } from "../rule.ts";

/** `machine h login l password p` (netrc(5)), over several lines too. */
const NETRC =
  /\b(?:machine\s{1,16}\S{1,253}|default)\s{1,16}login\s{1,16}\S{1,256}\s{1,16}(?:account\s{1,16}\S{1,256}\s{1,16})?password\s{1,16}(\S{1,256})/g;

/** `user:hash` as htpasswd and shadow(5) write it: MD5 of Apache and crypt, bcrypt, SHA-256, SHA-512, yescrypt, SHA-1. */
const HASHED =
  /(?<![^\s"'`])[\w.@+-]{1,64}:(\$(?:apr1|1|2[abxy]|5|6|y)\$[^\s:"'`]{20,128}|\{S?SHA\}[A-Za-z0-9+/=]{24,64})/g;

/** Passwords in the files that programs keep them in: netrc in clear, htpasswd and shadow as hashes that can be guessed at. */
export const passwordFile: FormRule = {
  id: "password-file",
  find(text) {
    const found: Match[] = [];
    if (text.includes("login") && text.includes("password")) {
      for (const { index, 0: whole, 1: password = "" } of text.matchAll(NETRC)) {
        const end = index + whole.length;
        if (isPlaceholder(password)) continue;
        found.push(match(end - password.length, end, "password", "certain", "is a login of a netrc file"));
      }
    }
    if (text.includes(":$") || text.includes("SHA}")) {
      for (const { index, 0: whole, 1: hash = "" } of text.matchAll(HASHED)) {
        const end = index + whole.length;
        found.push(
          match(
            end - hash.length,
            end,
            "password",
            "likely",
            "is a user with a hashed password, which can be guessed at",
          ),
        );
      }
    }
    return found;
  },
};
