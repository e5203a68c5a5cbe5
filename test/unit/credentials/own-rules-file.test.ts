import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type AnySchemaObject } from "ajv";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { RulesError, checkRules } from "../../../src/credentials/own-rules-file.ts";
import { compileRules } from "../../../src/credentials/own-rules.ts";

const root = join(import.meta.dirname, "../../..");
const head = { apiVersion: "cronaudit/v1", kind: "Rules" };
const reason = "because we say so";

function refusal(document: unknown): string {
  try {
    checkRules(document);
  } catch (error) {
    expect(error).toBeInstanceOf(RulesError);
    const { path, message, next } = error as RulesError;
    expect(next).toMatch(/\.$|v1$|Rules$/);
    return `${path.join(".")} ${message}`.trim();
  }
  return "nothing";
}

/** What a file may not be by its structure, which its JSON Schema says as well. */
const misshapen: [document: unknown, why: string][] = [
  [null, "must be a map of keys to values"],
  [[], "must be a map of keys to values"],
  ["text", "must be a map of keys to values"],
  [{}, "apiVersion must be cronaudit/v1"],
  [{ ...head, apiVersion: "v1" }, "apiVersion must be cronaudit/v1"],
  [{ ...head, kind: "Secret" }, "kind must be Rules"],
  [{ ...head, alow: [] }, "alow is no key that is known here"],
  [{ ...head, allow: {} }, "allow must be a list"],
  [{ ...head, allow: ["x"] }, "allow.0 must be a map of keys to values"],
  [{ ...head, allow: [{ names: ["A"] }] }, "allow.0 lacks reason"],
  [{ ...head, allow: [{ reason, name: ["A"] }] }, "allow.0.name is no key that is known here"],
  [{ ...head, allow: [{ reason, names: "A" }] }, "allow.0.names must be a list"],
  [{ ...head, allow: [{ reason, names: [1] }] }, "allow.0.names.0 must be a text"],
  [{ ...head, allow: [{ reason: 1, names: ["A"] }] }, "allow.0.reason must be a text"],
  [{ ...head, allow: [{ reason, classes: ["literal"] }] }, "allow.0.classes.0 is not one of those that are known"],
  [{ ...head, names: [{ names: ["A"], kind: "pasword" }] }, "names.0.kind is not one of those that are known"],
  [{ ...head, names: [{ names: ["A"], confidence: 1 }] }, "names.0.confidence is not one of those that are known"],
  [{ ...head, notNames: [{ names: ["A"] }] }, "notNames.0 lacks reason"],
  [{ ...head, patterns: [{ kind: "token" }] }, "patterns.0 lacks pattern"],
  [
    { ...head, patterns: [{ pattern: "a", group: true }] },
    "patterns.0.group must be the number or the name of a group",
  ],
  [{ ...head, trustAnnotations: [{ manager: ["a"] }] }, "trustAnnotations.0.manager is no key that is known here"],
];

/** What only reading tells. */
const meaningless: [document: unknown, why: string][] = [
  [{ ...head, names: [{ because: "x" }] }, "names.0 would match everything"],
  [{ ...head, names: [{ words: ["_2_"] }] }, "names.0.words.0 holds no word"],
  [{ ...head, names: [{ names: [] }] }, "names.0.names must not be empty"],
  [{ ...head, names: [{ names: [" "] }] }, "names.0.names.0 must not be empty"],
  [{ ...head, names: [{ names: ["x".repeat(1025)] }] }, "names.0.names.0 is longer than 1024 characters"],
  [{ ...head, names: Array(1001).fill({ names: ["A"] }) }, "names has more than 1000 entries"],
  [{ ...head, patterns: [{ pattern: "(" }] }, "patterns.0.pattern is no regular expression of RE2: missing closing )"],
  [
    { ...head, patterns: [{ pattern: "a(?=b)" }] },
    "patterns.0.pattern is no regular expression of RE2: invalid or unsupported Perl syntax",
  ],
  [{ ...head, patterns: [{ pattern: "a*" }] }, "patterns.0.pattern matches the empty text"],
  [{ ...head, patterns: [{ pattern: "a(b)", group: 2 }] }, "patterns.0.group is no group of the pattern"],
  [{ ...head, patterns: [{ pattern: "a(b)", group: "c" }] }, "patterns.0.group is no group of the pattern"],
  [{ ...head, patterns: [{ pattern: "a(b)", group: "toString" }] }, "patterns.0.group is no group of the pattern"],
  [{ ...head, allow: [{ reason }] }, "allow.0 would match everything"],
  [{ ...head, allow: [{ reason, until: "tomorrow", names: ["A"] }] }, "allow.0.until is neither a date nor a time"],
  [{ ...head, allow: [{ reason, until: "2026-02-31", names: ["A"] }] }, "allow.0.until is neither a date nor a time"],
  ...["2027-02-30T00:00:00Z", "2027-01-31T24:00:00Z", "2027-04-31T12:00:00+02:00", "2027-01-31T12:60:00Z"].map(
    (until): [object, string] => [
      { ...head, allow: [{ reason, until, names: ["A"] }] },
      "allow.0.until is neither a date nor a time",
    ],
  ),
  [{ ...head, allow: [{ reason, objects: ["backup"] }] }, "allow.0.objects.0 is no KIND/NAME"],
  [{ ...head, allow: [{ reason, objects: ["secret/x"] }] }, "allow.0.objects.0 is no KIND/NAME"],
  [
    { ...head, allow: [{ reason, values: ["["] }] },
    "allow.0.values.0 is no regular expression of RE2: missing closing ]",
  ],
  [{ ...head, allow: [{ reason, fingerprints: ["hunter2"] }] }, "allow.0.fingerprints.0 is no fingerprint"],
  [{ ...head, trustAnnotations: [{ reason }] }, "trustAnnotations.0 would match everything"],
];

const schema = JSON.parse(readFileSync(join(root, "docs/schema/Rules.json"), "utf8")) as AnySchemaObject;
const fits = new Ajv({ strictTypes: false }).compile(schema);

describe("a rules file is refused", () => {
  test.each(misshapen)("that its schema refuses as well: %j", (document, why) => {
    expect(refusal(document)).toBe(why);
    expect(fits(document)).toBe(false);
  });

  test.each(meaningless.map(([document, why]) => [why, document] as const))(
    "that has a shape and no sense: %s",
    (why, document) => {
      expect(refusal(document)).toBe(why);
    },
  );

  test("without a word of its values", () => {
    for (const [document] of [...misshapen, ...meaningless]) expect(refusal(document)).not.toMatch(/hunter2|a\(\?=b\)/);
  });
});

test("the file of the documentation keeps to its schema and can be used", () => {
  const page = readFileSync(join(root, "docs/rules.md"), "utf8");
  const [, example = ""] = /```yaml\n(# yaml-language-server[^]*?)```/.exec(page) ?? [];
  const document: unknown = parse(example);
  expect(fits(document)).toBe(true);
  const rules = compileRules(checkRules(document), "example");
  expect([rules.names, rules.notNames, rules.patterns, rules.allow, rules.trust].map((list) => list.length)).toEqual([
    2, 1, 1, 2, 1,
  ]);
});

test("every kind of a rule is in the schema, and every key of an entry in the documentation", () => {
  const page = readFileSync(join(root, "docs/rules.md"), "utf8");
  const definitions = Object.values(schema["definitions"] as Record<string, { properties?: object }>);
  const keys = definitions.flatMap(({ properties }) => Object.keys(properties ?? {}));
  expect(keys.length).toBeGreaterThan(15);
  for (const key of keys) expect(page).toContain(key);
});
