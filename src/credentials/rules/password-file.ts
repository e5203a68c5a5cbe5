import { isPlaceholder, looksLikeReference } from "../placeholder.ts";
import { match } from "../rule.ts";
import type { FormRule, Match } from "../rule.ts";
import { encodedPassword } from "../userinfo.ts";

/** `machine h login l password p` (netrc(5)), over several lines too. */
const NETRC =
  /\b(?:machine\s{1,16}\S{1,253}|default)\s{1,16}login\s{1,16}\S{1,256}\s{1,16}(?:account\s{1,16}\S{1,256}\s{1,16})?password\s{1,16}(\S{1,256})/g;

/** `user:hash` as htpasswd and shadow(5) write it: MD5 of Apache and crypt, bcrypt, SHA-256, SHA-512, yescrypt, SHA-1. */
const HASHED =
  /(?<![^\s"'`])[\w.@+-]{1,64}:(\$(?:apr1|1|2[abxy]|5|6|y)\$[^\s:"'`]{20,128}|\{S?SHA\}[A-Za-z0-9+/=]{24,64})/g;

/** A hash without its user, as variables and settings hold it; argon2 as its PHC string. */
const HASH =
  /(?<![\w$./])(?:\$2[abxy]\$\d\d\$[A-Za-z0-9./]{53}|\$(?:apr1|1)\$[A-Za-z0-9./]{1,16}\$[A-Za-z0-9./]{22}|\$5\$(?:rounds=\d{1,9}\$)?[A-Za-z0-9./]{1,16}\$[A-Za-z0-9./]{43}|\$6\$(?:rounds=\d{1,9}\$)?[A-Za-z0-9./]{1,16}\$[A-Za-z0-9./]{86}|\$y\$[A-Za-z0-9./]{1,16}\$[A-Za-z0-9./]{1,86}\$[A-Za-z0-9./]{43}|\$argon2(?:id|i|d)\$v=\d{1,3}\$[a-z0-9=,]{1,64}\$[A-Za-z0-9+/]{8,128}\$[A-Za-z0-9+/]{16,256})(?![A-Za-z0-9./])/g;

/** `_auth` of npm's settings, for all registries or for one: base64 of a user with a password. */
const NPMRC = /^[ \t]{0,16}(?:\/\/[^\s=]{1,253}:)?_auth[ \t]{0,8}=[ \t]{0,8}["']?([A-Za-z0-9+/]{6,4096}={0,2})/gm;

function ofNpm(text: string): Match[] {
  if (!text.includes("_auth")) return [];
  return [...text.matchAll(NPMRC)].flatMap(({ index, 0: whole, 1: written = "" }) => {
    const secret = encodedPassword(written);
    if (secret === null || isPlaceholder(secret)) return [];
    const end = index + whole.length;
    const because = "is a login in npm's settings";
    return [{ ...match(end - written.length, end, "basic-auth", "certain", because), secret }];
  });
}

function hashes(text: string): Match[] {
  if (!/\$(?:apr1|2[abxy]|[156y]|argon2)/.test(text)) return [];
  const because = "is a hashed password, which can be guessed at";
  return Array.from(text.matchAll(HASH), ({ index, 0: hash }) =>
    match(index, index + hash.length, "password", "likely", because),
  );
}

/** Lines of redis.conf, sentinel.conf, keepalived.conf, mosquitto.conf, slapd.conf and nslcd.conf: a word, white space, the password. */
const DIRECTIVE =
  /^[ \t]{0,16}(?:requirepass|masterauth|sentinel[ \t]{1,8}auth-pass[ \t]{1,8}\S{1,64}|auth_pass|remote_password|bridge_password|rootpw|bindpw)[ \t]{1,16}(["']?)(?![=:])([^\s"']{1,256})\1[ \t]{0,16}\r?$/gm;
const DIRECTIVES = /requirepass|masterauth|auth-pass|auth_pass|(remote|bridge)_password|rootpw|bindpw/;

/** Passwords in the files that programs keep them in: netrc and lines of configuration in clear, htpasswd and shadow as hashes that can be guessed at. */
export const passwordFile: FormRule = {
  id: "password-file",
  find(text) {
    const found = [...ofNpm(text), ...hashes(text)];
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
