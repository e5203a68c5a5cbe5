import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { classify } from "../../../src/credentials/classify.ts";
import { findInCommand } from "../../../src/credentials/command.ts";
import { expand } from "../../../src/credentials/expand.ts";
import { findInValue } from "../../../src/credentials/values.ts";

const MEGABYTE = 1 << 20;
/** Far above what linear work needs on a slow machine, far below what quadratic work takes. */
const LIMIT_MS = 4000;

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
];

describe("a megabyte of hostile text", () => {
  test.each(SEEDS)("made of %j is judged in bounded time", (seed) => {
    const text = seed.repeat(Math.ceil(MEGABYTE / seed.length));
    const start = performance.now();
    classify("PASSWORD", text);
    classify(text, "value");
    findInValue("x", text);
    findInCommand(["sh", "-c", text], []);
    findInCommand([text], [`--password=${text}`]);
    expand(text, () => "x");
    expect(performance.now() - start).toBeLessThan(LIMIT_MS);
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
