import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { classify } from "../../../src/credentials/classify.ts";
import { findInCommand } from "../../../src/credentials/command.ts";
import { expand } from "../../../src/credentials/expand.ts";
import { findInOutput } from "../../../src/credentials/output.ts";
import { findInValue } from "../../../src/credentials/values.ts";
import { Environment } from "../../../src/evidence/environment.ts";
import { MOST, cpuTimeOf, growthOf } from "./growth.ts";

/** Fragments that begin or nearly complete what a rule looks for. */
const SEEDS = [
  "a",
  " ",
  "=",
  "a=",
  "password=",
  "password= ",
  "token=1,",
  "secret=a/b:",
  "://",
  "a://b:c",
  "a://b:c@",
  "-----BEGIN PRIVATE KEY-----",
  "-----BEGIN ",
  "eyJ",
  "eyJ.",
  "xoxb-",
  "ghp_",
  "AKIA",
  "basic ",
  "Bearer a1",
  "${",
  "$(",
  "{{",
  "<",
  "sha256:",
  "'",
  '"',
  "\\",
  "[",
  '{"a":',
  "-p ",
  "mysql -p",
  "/run/",
  "1.1s",
  "a-",
  "hooks.slack.com/",
  "https://hooks.slack.com/services/",
  "@tcp(",
  "a:b@tcp(",
  "a:5432:b:c:d ",
  "jdbc:oracle:a:b/",
  "1:AA",
  "client-key-data: a",
  "mc alias set ",
  "sshpass -p a ",
  "-pPassword ",
  "${a:-",
  "aPassword",
  "a.",
  "QUFB",
  "sig=",
  // Shells.
  "<<a ",
  "<<a;",
  "<<a\n",
  "`",
  "$((",
  "$(`",
  "a\n",
  "${a:=b} ",
  "$env:a = ",
  "echo a | docker login --password-stdin\n",
  "--set a=b,c=d ",
  ",a=b",
  // Files.
  "a: b\n",
  "a: '",
  'a: "\\"',
  "- ",
  "name: password\nvalue: x\n",
  "machine a ",
  "machine a login b password c ",
  "a:$2y$aaaaaaaaaaaaaaaaaaaaaaaa ",
  "a:$1$",
  "user identified by '",
  "user password ",
  "<password>a",
  'name="password" value="a" />',
  "PuTTY-User-Key-File-2: a\n",
  "PuTTY-User-Key-File-2:a",
  "printf '%s\\n' a ",
  "printf '%s%s%s' a b c;",
  "echo -e 'a\\n' > a ",
  "echo password > token;",
  "a=b(",
  "a=b(c)",
  "//a/:_auth=",
  "_auth=QUFB\n",
  "$2a$10$",
  "$6$a$",
  "https://a/hooks/",
  "https://",
  "dummy-",
  "your-a",
  "a-here",
  "sqlplus a/b@c;",
  "pt-kill h=a,p=b\\,;",
  "os.a.",
  "authorization: token ",
  "a/b@c:12/d ",
  "user/a@",
  "host=a user=b ",
  "Server=a;Pwd={",
  "a://b:c/d@e ",
  "a:6543:*:",
  "requirepass a\n",
  "<name>password</name>",
  "<name>password</name><value>a",
  "define('A', '",
  ".auth('a','",
  "s/a/password=a/g ",
  "running: ",
  "net use a /b:",
  // What is no text.
  "\u001b[31m",
  "\u001b]8;;a\u0007",
  "\u0000",
  "\ud800",
  "\ufffd",
  "é",
  "61",
];

function judge(text: string): void {
  classify("PASSWORD", text);
  classify(text, "value");
  findInValue("x", text);
  findInValue("PASSWORD", text);
  findInValue("x.sh", text);
  findInCommand(["sh", "-c", text], []);
  findInCommand([text], [`--password=${text}`]);
  findInCommand(text.split(" ", 10_000), []);
  findInOutput(text.split("\n"), "log");
  expand(text, () => "x");
}

const repeated = (seed: string, size: number): string => seed.repeat(Math.ceil(size / seed.length));

describe("the measure of growth", () => {
  const half = (text: string): string => text.slice(text.length / 2);
  const letters = (size: number): string => repeated("a", size);

  test("knows linear work", () => {
    const count = (text: string): void => {
      let sum = 0;
      for (let round = 0; round < 20; round++) for (let i = 0; i < text.length; i++) sum += text.charCodeAt(i);
      expect(sum).toBeGreaterThan(0);
    };
    expect(growthOf(count, letters)).toBeLessThan(MOST);
  });

  test.each<[string, (text: string) => unknown]>([
    ["a pattern that begins anew at every letter", (text) => /a*b/.test(half(text))],
    ["a search for what is not there, at every tenth letter", (text) => everyTenth(text, (i) => text.indexOf("b", i))],
    ["quadratic work beside as much judging", (text) => (judge(text), /a*b/.test(half(text)))],
  ])("finds quadratic work: %s", { timeout: 120_000 }, (_what, work) => {
    expect(growthOf(work, letters)).toBeGreaterThan(MOST);
  });

  function everyTenth(text: string, at: (i: number) => number): number {
    let sum = 0;
    for (let i = 0; i < text.length; i += 10) sum += at(i);
    return sum;
  }
});

describe("eight times as much hostile text", () => {
  test.each(SEEDS)("made of %j takes no more than linear time", { timeout: 60_000 }, (seed) => {
    expect(growthOf(judge, (size) => repeated(seed, size))).toBeLessThan(MOST);
  });
});

const MEGABYTE = 1 << 20;
const json = (node: unknown): string => JSON.stringify(node);

/** Values of a megabyte, of kinds that tell the readers apart. */
const LARGE: [string, () => string][] = [
  ["letters", () => repeated("a", MEGABYTE)],
  ["words", () => repeated("lorem ipsum dolor ", MEGABYTE)],
  ["base64 of bytes", () => Buffer.from(repeated("\u0001\u00ff", MEGABYTE / 2), "latin1").toString("base64")],
  ["base64 of text", () => Buffer.from(repeated("password=a b\n", (MEGABYTE * 3) / 4)).toString("base64")],
  ["hexadecimal digits of text", () => Buffer.from(repeated("token: a1\n", MEGABYTE / 2)).toString("hex")],
  ["lines that give names values", () => repeated("db.password: hunter2-x\n", MEGABYTE)],
  ["one line without an end", () => `password: ${repeated("a'\"", MEGABYTE)}`],
  ["JSON, 10,000 deep", () => "[".repeat(10_000) + "]".repeat(10_000)],
  ["objects of JSON, 10,000 deep", () => '{"a":'.repeat(10_000) + '"x"' + "}".repeat(10_000)],
  [
    "JSON with 100,000 keys",
    () => json(Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`k${String(i)}`, i]))),
  ],
  ["JSON inside JSON", () => Array.from({ length: 15 }).reduce<string>((inner) => json({ a: inner }), "x")],
  ["JSON that stops", () => '{"a":"'.repeat(MEGABYTE / 6)],
  ["an address", () => `postgres://app:${repeated("a", MEGABYTE)}@h/x`],
  ["a private key", () => `-----BEGIN PRIVATE KEY-----\n${repeated("QUFB\n", MEGABYTE)}`],
  ["a script of substitutions", () => repeated("$(", MEGABYTE)],
  ["a script with a here-document", () => `cat <<EOF\n${repeated("password=a\n", MEGABYTE)}`],
  ["surrogates without a partner", () => repeated("\udc00password=\ud800a ", MEGABYTE)],
  ["NUL", () => repeated("password=\u0000a\u0000", MEGABYTE)],
  ["escapes of a terminal", () => repeated("\u001b[1mpassword=a\u001b[0m ", MEGABYTE)],
];

describe("a megabyte", () => {
  test.each(LARGE)("of %s is judged", { timeout: 120_000 }, (_what, make) => {
    const value = make();
    const before = process.memoryUsage().heapUsed;
    const time = cpuTimeOf(() => {
      findInValue("x", value);
      findInCommand(["sh", "-c", value], [`--password=${value}`]);
    });
    expect(time).toBeLessThan(20_000);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(1 << 30);
  });
});

describe("wrappings", () => {
  test("64 levels of base64 are opened as far as the depth allows, and cost no more", () => {
    let value = "postgres://app:hunter2@h/x";
    for (let level = 0; level < 64 && value.length < 4 * MEGABYTE; level++)
      value = Buffer.from(value).toString("base64");
    expect(findInValue("x", value)).toEqual([]);
  });

  test("JSON inside JSON, 64 levels, each with a base64 of its own", () => {
    let value = "x";
    for (let level = 0; level < 64 && value.length < MEGABYTE; level++)
      value = json({ a: Buffer.from(value).toString("base64") });
    expect(findInValue("x", value)).toEqual([]);
  });

  test("a password 10,000 deep in JSON is found", () => {
    const value = '{"a":'.repeat(10_000) + '{"password":"hunter2-x"}' + "}".repeat(10_000);
    expect(findInValue("x", value).map(({ text }) => text)).toEqual(["hunter2-x"]);
  });

  test("a password is found behind 100,000 keys", () => {
    const keys = Array.from({ length: 100_000 }, (_, i) => [`k${String(i)}`, i] as const);
    const value = json({ ...Object.fromEntries(keys), password: "hunter2-x" });
    expect(value.length < MEGABYTE * 2 && findInValue("x", value).map(({ text }) => text)).toEqual(["hunter2-x"]);
  });
});

describe("very many variables", () => {
  test("10,000 that double one another stay bounded", () => {
    const environment = new Environment();
    let longest = 0;
    for (let i = 0; i < 10_000; i++) {
      const before = `V${String(i - 1)}`;
      const value = environment.define({ name: `V${String(i)}`, value: `$(${before})$(${before})a` });
      longest = Math.max(longest, value?.length ?? 0);
    }
    expect(longest).toBeLessThanOrEqual(128 << 10);
  });

  test("10,000 of them are judged one by one", () => {
    const found = Array.from({ length: 10_000 }, (_, i) =>
      findInValue(`DB_${String(i)}_PASSWORD`, `hunter${String(i)}x`),
    );
    expect(found.flat()).toHaveLength(10_000);
  });
});

const text = fc
  .array(fc.oneof(fc.constantFrom(...SEEDS), fc.string({ unit: "binary", maxLength: 20 })), { maxLength: 30 })
  .map((parts) => parts.join(""));

describe("any text", () => {
  test("is judged without an error, and verdicts hold no part of it that matters", () => {
    fc.assert(
      fc.property(text, text, (name, value) => {
        classify(name, value);
        for (const { text: secret, verdict } of [
          ...findInValue(name, value),
          ...findInCommand([name, value], [value]),
        ]) {
          expect(secret).not.toBe("");
          if (secret.length >= 12) expect(verdict.because).not.toContain(secret);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("of a password's name and a made-up password is always recognised", () => {
    const password = fc.string({
      unit: fc.constantFrom(..."abcdefghijkmnpqrstuvwyzABC23456789!%^_+$<>{}"),
      minLength: 6,
      maxLength: 40,
    });
    fc.assert(
      fc.property(password, (value) => {
        fc.pre(
          !/^\d+(\.\d+)?[a-z]{1,3}$/i.test(value) &&
            !/^(enabled|disabled|undefined|masked|hidden|removed|redacted)$/i.test(value) &&
            !/^(%|__).*(%|__)$/.test(value) &&
            !/^<(enabled|disabled|undefined|hidden|removed|unknown|empty|invalid|secret)>$/i.test(value) &&
            !/^\$[A-Z_][A-Z0-9_]*$|\$?\{[A-Za-z0-9_]+\}|\{\{.*\}\}/.test(value),
        );
        expect(classify("DB_PASSWORD", value)).not.toBeNull();
        expect(findInValue("URL", `postgres://app:${encodeURIComponent(value)}@db/app`)[0]?.text).toBe(value);
      }),
    );
  });
});
