import { isPlaceholder } from "../placeholder.ts";
import { match } from "../rule.ts";
import type { FormRule, Match } from "../rule.ts";

/**
 * `IDENTIFIED [WITH plugin] BY 'X'` (MySQL, Oracle, ClickHouse), `[ENCRYPTED] PASSWORD 'X'` (PostgreSQL), `PASSWORD = N'X'` (SQL Server),
 * `PASSWORD('X')`; quotes may be escaped by a shell.
 */
const STATEMENT =
  /\b(?:identified(?:\s{1,8}with\s{1,8}\S{1,64})?\s{1,8}by(?:\s{1,8}password)?|password)(?:\s{1,8}|\s{0,8}=\s{0,8}N?|\s{0,8}\(\s{0,8})\\{0,2}(['"])([^'"\n]{1,256}?)\\{0,2}\1/gi;

/** Passwords in SQL. `user` and `role` stand in every statement that sets one, except where the password of the session is set. */
export const sql: FormRule = {
  id: "sql",
  find(text) {
    if (!/\b(identified|password)\b/i.test(text) || !/\b(user|role|login|grant|set|alter|create)\s/i.test(text))
      return [];
    const found: Match[] = [];
    for (const { index, 0: whole, 1: quote = "", 2: password = "" } of text.matchAll(STATEMENT)) {
      if (isPlaceholder(password) || password.startsWith("$")) continue;
      const start = index + whole.lastIndexOf(password, whole.lastIndexOf(quote) - 1);
      found.push(match(start, start + password.length, "password", "likely", "is a password in a statement of SQL"));
    }
    return found;
  },
};
