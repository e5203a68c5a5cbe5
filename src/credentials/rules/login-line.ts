import { isPlaceholder } from "../placeholder.ts";
import { match } from "../rule.ts";
import type { FormRule, Match } from "../rule.ts";

const NETWORKS = ["@tcp(", "@tcp6(", "@unix(", "@cloudsql(", "@("];
const LONGEST = 512;
const ORACLE = /jdbc:oracle:\w{1,8}:([^/\s@"']{1,128})\/([^@\s]{1,256})@/g;
/** `user/password@//host:port/service` and `user/password@host:port/service` of Oracle's tools. */
const EZCONNECT =
  /(?<![^\s"'=])[A-Za-z][\w$#]{0,29}\/([^\s@"'/]{1,128})@(?:\/\/)?[A-Za-z0-9._-]{1,253}:\d{2,5}(?:\/[\w.$#]{1,128}|:[\w$#]{1,64})/g;
/** `host:port:database:user:password`; with another port than PostgreSQL's the database has to be any. */
const PGPASS =
  /(?<![^\s"'])[A-Za-z0-9_.*-]{1,253}:(?:(?:\*|5432|5433|6432):[^:\s]{1,63}|\d{4,5}:\*):[^:\s]{1,63}:([^:\s"'\\]{1,256})/g;

/** `user:password@tcp(host)/database`, the data source name of Go's MySQL driver. */
function dataSources(text: string): Match[] {
  const found: Match[] = [];
  for (const network of NETWORKS) {
    let searched = 0;
    for (let at = text.indexOf(network); at >= 0; at = text.indexOf(network, at + 1)) {
      let start = at;
      const stop = Math.max(searched, at - LONGEST);
      while (start > stop && !/[\s"'`]/.test(text[start - 1] ?? "")) start--;
      searched = at;
      const userinfo = text.slice(start, at);
      const colon = userinfo.indexOf(":");
      const password = userinfo.slice(colon + 1);
      // With a scheme before it, it is a URI.
      if (colon < 0 || userinfo.includes("://") || isPlaceholder(password)) continue;
      const because = "is a data source name with a password before the host";
      found.push(match(start + colon + 1, at, "connection-string", "certain", because));
    }
  }
  return found;
}

/** Logins in the notations of single programs: Go's MySQL driver, Oracle's JDBC driver, libpq's password file. */
export const loginLine: FormRule = {
  id: "login-line",
  find(text) {
    const found = dataSources(text);
    if (text.includes("jdbc:oracle:")) {
      for (const { index, 0: whole, 2: password = "" } of text.matchAll(ORACLE)) {
        if (isPlaceholder(password)) continue;
        const end = index + whole.length - 1;
        const because = "is a JDBC address with a password before the host";
        found.push(match(end - password.length, end, "connection-string", "certain", because));
      }
    }
    if (text.includes("@")) {
      for (const { index, 0: whole, 1: password = "" } of text.matchAll(EZCONNECT)) {
        if (isPlaceholder(password)) continue;
        const start = index + whole.indexOf("/") + 1;
        const because = "is a login of Oracle with a password before the host";
        found.push(match(start, start + password.length, "connection-string", "certain", because));
      }
    }
    if (/:(\*|5432|5433|6432):|:\d{4,5}:\*:/.test(text)) {
      for (const { index, 0: line, 1: password = "" } of text.matchAll(PGPASS)) {
        const end = index + line.length;
        if (isPlaceholder(password)) continue;
        found.push(match(end - password.length, end, "password", "likely", "is a line of a pgpass file"));
      }
    }
    return found;
  },
};
