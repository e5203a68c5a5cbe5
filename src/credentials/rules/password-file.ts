import { isPlaceholder, looksLikeReference } from "../placeholder.ts";
import { match } from "../rule.ts";
import type { FormRule, Match } from "../rule.ts";

/** `machine h login l password p` (netrc(5)), over several lines too. */
const NETRC =
  /\b(?:machine\s{1,16}\S{1,253}|default)\s{1,16}login\s{1,16}\S{1,256}\s{1,16}(?:account\s{1,16}\S{1,256}\s{1,16})?password\s{1,16}(\S{1,256})/g;

/** `user:hash` as htpasswd and shadow(5) write it: MD5 of Apache and crypt, bcrypt, SHA-256, SHA-512, yescrypt, SHA-1. */
const HASHED =
  /(?<![^\s"'`])[\w.@+-]{1,64}:(\$(?:apr1|1|2[abxy]|5|6|y)\$[^\s:"'`]{20,128}|\{S?SHA\}[A-Za-z0-9+/=]{24,64})/g;

/** Lines of redis.conf, sentinel.conf, keepalived.conf, mosquitto.conf, slapd.conf and nslcd.conf: a word, white space, the password. */
const DIRECTIVE =
  /^[ \t]{0,16}(?:requirepass|masterauth|sentinel[ \t]{1,8}auth-pass[ \t]{1,8}\S{1,64}|auth_pass|remote_password|bridge_password|rootpw|bindpw)[ \t]{1,16}(["']?)(?![=:])([^\s"']{1,256})\1[ \t]{0,16}\r?$/gm;
const DIRECTIVES = /requirepass|masterauth|auth-pass|auth_pass|(remote|bridge)_password|rootpw|bindpw/;

/** Passwords in the files that programs keep them in: netrc and lines of configuration in clear, htpasswd and shadow as hashes that can be guessed at. */
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
    if (DIRECTIVES.test(text)) {
      for (const { index, 0: whole, 2: password = "" } of text.matchAll(DIRECTIVE)) {
        if (isPlaceholder(password)) continue;
        const start = index + whole.lastIndexOf(password);
        const confidence = looksLikeReference(password) ? "possible" : "likely";
        const because = "is what a line of the program's configuration sets as a password";
        found.push(match(start, start + password.length, "password", confidence, because));
      }
    }
    return found;
  },
};
