import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { CommandError, UsageError } from "../../../src/cli/errors.ts";
import { readRules, refuseLoneFingerprints } from "../../../src/commands/rules-file.ts";

const folder = mkdtempSync(join(tmpdir(), "cronaudit-rules-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const HEAD = "apiVersion: cronaudit/v1\nkind: Rules\n";

async function refusal(content: string | Buffer): Promise<string> {
  writeFileSync(join(folder, "rules.yaml"), content);
  const error: unknown = await readRules("rules.yaml", folder).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CommandError);
  const { message, next } = error as CommandError;
  return `${message}\n${next ?? ""}`;
}

const pages = "docs/rules.md describes the file, and has one to begin with.";

describe("a rules file that cannot be used is refused with line, place, reason and next step", () => {
  test.each([
    [
      "an unknown key",
      `${HEAD}allow:\n  - reason: x\n    names: [A]\n\n    namespace: [x]\n`,
      "the rules file rules.yaml cannot be used (line 7, allow[0].namespace): is no key that is known here\n" +
        "Known are: reason, until, namespaces, objects, names, classes, values, fingerprints.",
    ],
    [
      "a missing key",
      `${HEAD}allow:\n  - reason: x\n    names: [A]\n  - names: [B]\n`,
      "the rules file rules.yaml cannot be used (line 6, allow[1]): lacks reason\ndocs/rules.md says what each entry needs.",
    ],
    [
      "a pattern",
      `${HEAD}patterns:\n  - pattern: 'ab'\n  - pattern: '(a'\n`,
      "the rules file rules.yaml cannot be used (line 5, patterns[1].pattern): is no regular expression of RE2: missing closing )\n" +
        "RE2 has neither look-around nor back-references.",
    ],
    [
      "a value of another type",
      `${HEAD}names:\n  - names:\n      - A\n      - 7\n`,
      "the rules file rules.yaml cannot be used (line 6, names[0].names[1]): must be a text\nPut it in quotes.",
    ],
    [
      "a date",
      `{"apiVersion":"cronaudit/v1","kind":"Rules",\n"allow":[{"reason":"x","names":["A"],\n"until":"soon"}]}`,
      "the rules file rules.yaml cannot be used (line 3, allow[0].until): is neither a date nor a time\n" +
        "Write 2027-01-31, or 2027-01-31T12:00:00Z.",
    ],
    [
      "another document",
      "apiVersion: v1\nkind: Secret\n",
      "the rules file rules.yaml cannot be used (line 1, apiVersion): must be cronaudit/v1\nBegin the file with: apiVersion: cronaudit/v1",
    ],
    [
      "nothing",
      "",
      "the rules file rules.yaml cannot be used (as a whole): it must be a map of keys to values\n" +
        "Its keys are: apiVersion, kind, names, notNames, patterns, allow, trustAnnotations.",
    ],
    [
      "YAML that is none",
      `${HEAD}allow: [\n`,
      `the rules file rules.yaml is neither YAML nor JSON (line 4): flow collection is open\n${pages}`.replace(
        /flow.*open/,
        "bad indent",
      ),
    ],
    [
      "a key that is given twice",
      `${HEAD}allow: []\nallow: []\n`,
      `the rules file rules.yaml is neither YAML nor JSON (line 4): duplicate key\n${pages}`,
    ],
    [
      "several documents",
      `${HEAD}---\n${HEAD}`,
      `the rules file rules.yaml is neither YAML nor JSON (line 3): multiple docs\n${pages}`,
    ],
    [
      "bytes that are no text",
      Buffer.from([0xff, 0xfe, 0x00]),
      `the rules file rules.yaml is not text in UTF-8\n${pages}`,
    ],
    [
      "what is too large",
      `${HEAD}#${"x".repeat(300 << 10)}`,
      "the rules file rules.yaml is too large: more than 256 KiB\nUse `*` where entries are alike.",
    ],
    [
      "aliases that expand without reason",
      `${HEAD}names: &a\n  - names: &b [${"A,".repeat(9)}A]\n${["c", "d", "e", "f"]
        .map((name, i) => `${name}: &${name} [${`*${["b", "c", "d", "e"][i]!},`.repeat(9)}*b]\n`)
        .join("")}`,
      `the rules file rules.yaml repeats itself without reason: its aliases expand too far\n${pages}`,
    ],
  ])("%s", async (_, content, said) => {
    expect(await refusal(content)).toBe(said);
  });

  test("one that is not there", async () => {
    await expect(readRules("none.yaml", folder)).rejects.toThrow(
      "cannot read the rules file none.yaml: no such file or directory",
    );
    await expect(readRules(".", folder)).rejects.toThrow("cannot read the rules file .:");
  });
});

test("a file of 256 KiB of entries is read in seconds", { timeout: 60_000 }, async () => {
  const entry =
    '  - { names: ["ABCDEFGHIJ_*"], words: [door code], namespaces: ["x-*"], because: "it is what people here call their passwords, and have for years" }\n';
  writeFileSync(join(folder, "many.yaml"), `${HEAD}names:\n${entry.repeat(1000)}`);
  const started = performance.now();
  expect((await readRules("many.yaml", folder)).names).toHaveLength(1000);
  expect(performance.now() - started).toBeLessThan(10_000);
});

test("fingerprints are refused where each run makes its own", async () => {
  writeFileSync(
    join(folder, "prints.yaml"),
    `${HEAD}allow:\n  - { reason: x, fingerprints: ["${"a1".repeat(16)}"] }\n`,
  );
  const rules = await readRules("prints.yaml", folder);
  expect(() => {
    refuseLoneFingerprints(rules);
  }).toThrow(UsageError);
  expect(() => {
    refuseLoneFingerprints({ ...rules, allow: [] });
  }).not.toThrow();
});
