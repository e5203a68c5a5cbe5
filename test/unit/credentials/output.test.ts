import { expect, test } from "vitest";
import { findInOutput } from "../../../src/credentials/output.ts";

const shown = (text: string): string[] =>
  findInOutput(text.split("\n"), "log").map(
    ({ line, name, verdict, text }) => `${String(line)} ${name} ${verdict.confidence} ${text}`,
  );

test.each([
  ["a variable, as env prints it", "HOME=/root\nPGPASSWORD=correcthorse", ["1 PGPASSWORD likely correcthorse"]],
  ["a variable, as export -p prints it", 'export DB_PASSWORD="hunter2-long"', ["0 DB_PASSWORD likely hunter2-long"]],
  ["a variable before a command", "PGPASSWORD=hunter2-long pg_dump -h db", ["0 PGPASSWORD likely hunter2-long"]],
  ["pairs as logfmt writes them", "level=info password=hunter2-long", ["0 log likely hunter2-long"]],
  ["a name that may not be shown", "ACMECORP_PASSWORD=hunter2-long", ["0 …_PASSWORD likely hunter2-long"]],
  ["an announced command", "INFO Running: sshpass -p hunter2-long ssh a@h", ["0 -p likely hunter2-long"]],
  ["a traced command", "++ mysql -uroot -phunter2-long db", ["0 -p likely hunter2-long"]],
  ["a line of prose", "2026 INFO connecting, password: hunter2-long", ["0 log likely hunter2-long"]],
  ["an address", "dialing postgres://app:hunter2-long@db/orders", ["0 log certain hunter2-long"]],
  ["a line of JSON", '{"level":"info","db_password":"correcthorse"}', ["0 db_password likely correcthorse"]],
  ["nothing", "starting\n+ pg_dump -h db\nPATH=/bin:/usr/bin\ntoken: <none>\npassword: ****", []],
])("%s", (_what, text, expected) => {
  expect(shown(text)).toEqual(expected);
});

test("a private key over several lines counts once, at its first line", () => {
  const key = ["-----BEGIN PRIVATE KEY-----", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", "-----END PRIVATE KEY-----"];
  const found = findInOutput(["loading", ...key, "done"], "log").filter(
    ({ verdict }) => verdict.kind === "private-key",
  );
  expect(found.filter(({ text }) => text.includes("\n"))).toMatchObject([{ line: 1, text: key.join("\n") }]);
});

test("very many keys are found in bounded time", () => {
  const key = ["-----BEGIN PRIVATE KEY-----", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", "-----END PRIVATE KEY-----"];
  const lines = Array.from({ length: 8000 }, () => key).flat();
  const started = performance.now();
  const spanning = findInOutput(lines, "log").filter(({ text }) => text.includes("\n"));
  expect(spanning).toHaveLength(8000);
  expect(spanning.at(-1)?.line).toBe(3 * 7999);
  expect(performance.now() - started).toBeLessThan(4000);
});
