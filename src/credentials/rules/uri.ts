import { characters, isIn } from "../characters.ts";
import { isPlaceholder, looksLikeReference } from "../placeholder.ts";
import { match } from "../rule.ts";
import type { FormRule, Match } from "../rule.ts";

const SCHEME = characters("A-Za-z0-9+.-");
const LONGEST_SCHEME = 32;
const LONGEST_AUTHORITY = 4096;
const LONGEST_LENIENT = 700;
const AUTHORITY_ENDS = characters("/?# \t\r\n\"'`<>\\|^");
const DATABASES =
  /^(jdbc:)?(postgres|postgresql|mysql|mariadb|mongodb|redis|rediss|amqp|amqps|mssql|sqlserver|oracle|clickhouse|cassandra|couchdb|ldap|ldaps|nats|kafka|smtp|smtps|ftp|ftps|sftp|memcached|snowflake|cockroachdb|neo4j|bolt|influxdb|elasticsearch)\b/;

/** The text with its percent-encoding (RFC 3986 section 2.1) undone; as it stands where that is not possible. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The end of the authority (RFC 3986 section 3.2). */
function authorityEnd(text: string, start: number): number {
  const stop = Math.min(text.length, start + LONGEST_AUTHORITY);
  let end = start;
  while (end < stop && !isIn(AUTHORITY_ENDS, text, end)) end++;
  return end;
}

/**
 * A password with a bare delimiter in it, which drivers take though the rules do not: `user:pa/ss@host`. Digits before the
 * delimiter are a port, and what follows @ is a host only when it is written like one.
 */
const LENIENT =
  /^([^\s:@/?#"'`<>]{0,128}):(?!\d{1,5}[/?#])([^\s:@"'`<>{}$]{1,256})@(?=[A-Za-z0-9[][\w.-]{0,253}(?:[:/?,"'\s]|$))/;

function lenientHost(text: string, start: number): number {
  const found = LENIENT.exec(text.slice(start, start + LONGEST_LENIENT));
  return found === null ? -1 : found[0].length - 1;
}

/** `https://PUBLICKEY@host/PROJECT`: the client's key of Sentry (develop.sentry.dev, "DSN"), which stands in pages and apps. */
function isSentry(text: string, start: number, at: number): boolean {
  if (at - start !== 32 || !/^[0-9a-f]{32}$/.test(text.slice(start, at))) return false;
  return /^@[\w.-]{1,253}(:\d{1,5})?(\/[\w.-]{1,64}){0,4}\/\d{1,20}(?![\w/])/.test(text.slice(at, at + 640));
}

/** Userinfo with a password in a URI (RFC 3986 section 3.2.1): `scheme://user:password@host`, the user may be missing. */
export const uri: FormRule = {
  id: "uri",
  find(text) {
    const found: Match[] = [];
    for (let at = text.indexOf("://"); at >= 0; at = text.indexOf("://", at + 3)) {
      let schemeStart = at;
      while (schemeStart > 0 && at - schemeStart < LONGEST_SCHEME && isIn(SCHEME, text, schemeStart - 1)) schemeStart--;
      if (schemeStart === at) continue;
      const start = at + 3;
      const strict = text.slice(start, authorityEnd(text, start));
      const strictHost = strict.lastIndexOf("@");
      const host = strictHost >= 0 || !strict.includes(":") ? strictHost : lenientHost(text, start);
      const authority = strictHost >= 0 ? strict : text.slice(start, start + host);
      const colon = authority.indexOf(":");
      if (host < 0) continue;
      const hasPassword = colon >= 0 && colon < host;
      const written = authority.slice(hasPassword ? colon + 1 : 0, host);
      const secret = percentDecoded(written);
      // Without a colon the userinfo is a name, unless it has the look of a token (https://TOKEN@host).
      if (!hasPassword && !(written.length >= 20 && /\d/.test(written) && /^[\w-]+$/.test(written))) continue;
      if (secret === "" || isPlaceholder(secret)) continue;
      const scheme = text.slice(schemeStart, at).toLowerCase();
      const kind = DATABASES.test(scheme) ? "connection-string" : "basic-auth";
      if (!hasPassword && isSentry(text, start, start + host)) {
        const because = "is the address of a Sentry project, whose key is public";
        found.push(match(start, start + host, "basic-auth", "possible", because));
        continue;
      }
      const because = hasPassword
        ? "is a URI with a password before the host"
        : "is a URI with a token before the host";
      const from = start + (hasPassword ? colon + 1 : 0);
      const confidence = looksLikeReference(secret) ? "possible" : hasPassword ? "certain" : "likely";
      found.push({ ...match(from, start + host, kind, confidence, because), secret });
    }
    return found;
  },
};
