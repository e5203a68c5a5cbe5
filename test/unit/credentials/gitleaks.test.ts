import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { outdated } from "../../../scripts/generated-files.ts";
import { gitleaksFiles } from "../../../scripts/gitleaks.ts";
import { LEFT_OUT } from "../../../scripts/gitleaks/judgement.ts";
import { rulesInUse, translate } from "../../../scripts/gitleaks/translate.ts";
import { changes, pinText } from "../../../scripts/update-gitleaks.ts";
import { GITLEAKS } from "../../../src/credentials/gitleaks/pin.ts";

const root = join(import.meta.dirname, "../../..");
const folder = join(root, "src/credentials/gitleaks");
const toml = readFileSync(join(folder, "vendor/gitleaks.toml"), "utf8");

describe("what gitleaks gave", () => {
  test.each(Object.entries(GITLEAKS.files))("%s has the pinned hash", (name, hash) => {
    const text = readFileSync(join(folder, "vendor", name));
    expect(createHash("sha256").update(text).digest("hex")).toBe(hash);
  });

  test("is what the generated rules are made of (npm run generate)", { timeout: 30_000 }, async () => {
    expect(await outdated(await gitleaksFiles(), root)).toEqual([]);
  });

  test("stands in the generated file with the notice that its licence asks for", () => {
    const generated = readFileSync(join(folder, "rules.generated.ts"), "utf8");
    expect(generated).toContain(`/*! The rules are those of gitleaks ${GITLEAKS.release}`);
    expect(generated).toContain(readFileSync(join(folder, "vendor/LICENSE"), "utf8").trim());
  });

  test("still has every rule that is left out, so that no reason outlives its rule", () => {
    for (const id of Object.keys(LEFT_OUT)) expect(toml).toContain(`id = "${id}"`);
  });
});

/** A configuration with one rule and one allowlist of it. */
const written = (allowlist: string): string =>
  `[allowlist]\nregexes = ['(?i)^true|false|null$']\n[[rules]]\nid = "x"\nregex = 'x-[a-z]{9}'\nkeywords = ["x-"]\n[[rules.allowlists]]\n${allowlist}`;

describe("reading gitleaks' configuration", () => {
  test("keeps which text an allowlist is about, and whether all of it must hold", () => {
    const [rule] = translate(
      written(`condition = "AND"\nregexTarget = "match"\nregexes = ['a']\nstopwords = ["Bc"]`),
    ).rules;
    expect(rule?.allow).toEqual([{ target: "match", both: true, regexes: ["a"], stopwords: ["bc"] }]);
  });

  test("passes over what goes by a path, because a value has none", () => {
    expect(translate(written(`paths = ['a']`)).rules[0]?.allow).toEqual([]);
    expect(translate(written(`condition = "AND"\npaths = ['a']\nregexes = ['b']`)).rules[0]?.allow).toEqual([]);
    expect(translate(written(`paths = ['a']\nregexes = ['b']`)).rules[0]?.allow).toHaveLength(1);
  });

  test("stops at what it does not know", () => {
    expect(() => translate(written(`condition = "XOR"\nregexes = ['a']`))).toThrow("XOR");
    expect(() => translate(written(`regexTarget = "page"\nregexes = ['a']`))).toThrow("page");
    expect(() => rulesInUse(translate(written(`regexTarget = "line"\nregexes = ['a']`)))).toThrow("by the line");
  });

  test("corrects the pattern that allows every secret with a boolean in it, as long as it is there", () => {
    const { allow } = rulesInUse(translate(written(`regexes = ['a']`)));
    expect(allow[0]?.regexes).toEqual(["(?i)^(?:true|false|null)$"]);
    expect(() => rulesInUse(translate(written(`regexes = ['a']`).replace("|null$", "$")))).toThrow(
      "nothing to correct",
    );
  });
});

describe("an update", () => {
  const now = translate(toml);

  test("writes the pin as it stands", () => {
    const { module, release: Version, sum: Sum, files } = GITLEAKS;
    expect(pinText(module, { Version, Sum }, files)).toBe(readFileSync(join(folder, "pin.ts"), "utf8"));
  });

  test("says which rules are new, gone and changed", () => {
    const [first, second, ...rest] = now.rules;
    const other = { ...second!, entropy: 9 };
    expect(changes(now, now)).toEqual([]);
    expect(changes(now, { ...now, rules: [other, ...rest] })).toEqual([
      `gone:    ${first!.id}`,
      `changed: ${other.id}`,
    ]);
    expect(changes({ allow: [], rules: now.rules.slice(1) }, now)).toEqual([
      `new:     ${first!.id}`,
      "changed: the common allowlists",
    ]);
  });
});
