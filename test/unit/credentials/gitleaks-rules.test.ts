import { readFileSync } from "node:fs";
import fc from "fast-check";
import { RE2JS } from "re2js";
import { describe, expect, test } from "vitest";
import { example, longest, parsePattern } from "../../../scripts/gitleaks/regex.ts";
import { hasRepeatedGroup, withoutRepeatedGroups } from "../../../scripts/gitleaks/groups.ts";
import { translate } from "../../../scripts/gitleaks/translate.ts";
import { findForms } from "../../../src/credentials/forms.ts";
import { gitleaks } from "../../../src/credentials/gitleaks/engine.ts";
import { Keywords } from "../../../src/credentials/gitleaks/keywords.ts";
import { LONGEST_MATCH } from "../../../src/credentials/gitleaks/model.ts";
import { RULES } from "../../../src/credentials/gitleaks/rules.generated.ts";
import { PIECE } from "../../../src/credentials/gitleaks/windows.ts";
import type { Match } from "../../../src/credentials/rule.ts";

const toml = readFileSync(new URL("../../../src/credentials/gitleaks/vendor/gitleaks.toml", import.meta.url), "utf8");

/** Whole numbers in [0, below), the same in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48271) % 0x7fffffff;
    return state % below;
  };
}

const ruleOf = ({ because }: Match): string => /gitleaks' rule ([\w-]+)/.exec(because)?.[1] ?? "";
const idsIn = (text: string, name = ""): string[] => gitleaks.find(text, name).map(ruleOf);
/** A secret that the rule finds, made from its regex. */
function made(id: string): string {
  const text = example(parsePattern(RULES.find((rule) => rule.id === id)!.regex), numbers(11));
  const [found] = gitleaks.find(text);
  return text.slice(found!.start, found!.end);
}

test("every regex of gitleaks compiles as it is written, and as it is used", () => {
  const all = [...translate(toml).rules, ...RULES].map(({ regex }) => regex);
  expect(all.length).toBeGreaterThan(400);
  for (const regex of all) expect(() => RE2JS.compile(regex)).not.toThrow();
});

describe.each(RULES)("$id", (rule) => {
  const pattern = parsePattern(rule.regex);
  const pick = numbers(rule.id.length);
  const examples = Array.from({ length: 12 }, () => example(pattern, pick));

  test("finds what its regex describes", () => {
    const name = rule.isLoose ? rule.keywords[0] : "";
    for (const text of examples) expect(idsIn(text, name)).toContain(rule.id);
  });

  test("finds it in a long text", () => {
    const filler = "lorem ipsum ".repeat(PIECE / 4);
    for (const text of examples.slice(0, 3)) {
      const beside = rule.isLoose ? `${rule.keywords[0]!} ` : "";
      expect(idsIn(`${filler}${beside}${text} ${filler}`)).toContain(rule.id);
    }
  });

  test("has examples that are no longer than it says", () => {
    const most = longest(pattern);
    expect(rule.longest).toBe(Math.min(most, LONGEST_MATCH));
    for (const text of examples) expect(text.length).toBeLessThanOrEqual(most);
  });
});

describe("a value and its name", () => {
  const hex = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";

  test("a name that names a credential makes a rule of names sure, another does not", () => {
    expect(gitleaks.find(hex, "FACEBOOK_APP_SECRET")).toMatchObject([
      {
        start: 0,
        end: 32,
        kind: "provider-token",
        confidence: "likely",
        because: "matches gitleaks' rule facebook-secret",
      },
    ]);
    expect(gitleaks.find(hex, "FACEBOOK_PIXEL")).toMatchObject([{ confidence: "possible" }]);
    expect(gitleaks.find(hex, "PIXEL")).toEqual([]);
  });

  test("the name may also stand in the value", () => {
    const text = `x: 1\nfacebook_secret: "${hex}"\n`;
    const [found] = gitleaks.find(text, "app.yaml");
    expect(text.slice(found?.start, found?.end)).toBe(hex);
    expect(found?.confidence).toBe("likely");
  });

  test("what a match takes from the name is no part of it, and a name alone is none", () => {
    const token = made("github-pat");
    expect(gitleaks.find("debug", token)).toEqual([]);
    expect(gitleaks.find(token.slice(4), token.slice(0, 3))).toEqual([]);
    expect(gitleaks.find(token, "X")).toMatchObject([{ start: 0, end: token.length }]);
  });

  test("names of keys are only possible", () => {
    expect(gitleaks.find(made("aws-access-token"), "AWS_ACCESS_KEY_ID")).toMatchObject([
      { kind: "cloud-key", confidence: "possible" },
    ]);
    expect(gitleaks.find(hex, "ADOBE_CLIENT_ID")).toMatchObject([{ confidence: "possible" }]);
  });

  test("a token ends where a query string, a list or a log line goes on", () => {
    const token = made("digitalocean-pat");
    for (const after of ["&x=1", ", next", ")", "]", "}", '\\"', "<br>", "|", ""]) {
      expect(gitleaks.find(`q=${token}${after}`)).toMatchObject([{ start: 2, end: 2 + token.length }]);
    }
  });

  test("of overlapping finds, a possible one goes", () => {
    const text = `https://adobe:${hex},@h`;
    expect(gitleaks.find(text)).toMatchObject([{ confidence: "possible" }]);
    expect(findForms(text)).toMatchObject([{ kind: "basic-auth", end: text.length - 2 }]);
  });
});

describe("what speaks against a match", () => {
  const listed = RULES.flatMap(({ id, allow }) =>
    allow.flatMap(({ regexes }) => regexes.filter((regex) => /^[\w-]{20,}$/.test(regex)).map((text) => [id, text])),
  );

  test("published examples are listed, and are not found", () => {
    expect(listed.length).toBeGreaterThan(10);
    for (const [id, text] of listed) expect(idsIn(text!)).not.toContain(id);
  });

  test("an access key that says it is an example is none", () => {
    expect(idsIn(`AKIA${"Q3XMPL7B5".slice(0, 9)}EXAMPLE`)).toEqual([]);
  });

  test("entropy that is too low, and the alphabet in a row", () => {
    expect(idsIn(`npm_${"ab".repeat(18)}`)).toEqual([]);
    expect(idsIn(`npm_${"abcdefghijklmnopqrstuvwxyz0123456789"}`)).toEqual([]);
    expect(idsIn(made("npm-access-token"))).toEqual(["npm-access-token"]);
  });

  test("a boolean somewhere in a token is none", () => {
    const token = made("npm-access-token");
    expect(idsIn(`${token.slice(0, 20)}false${token.slice(25, 40)}`)).toEqual(["npm-access-token"]);
  });
});

test("a token in a long text is found wherever pieces of it begin and end", { timeout: 60_000 }, () => {
  const token = made("digitalocean-pat");
  fc.assert(
    fc.property(fc.nat(3 * PIECE), fc.constantFrom("dop_v1_ ", "DOP_V1_x", "a "), (before, filler) => {
      const text = `${filler.repeat(3 * PIECE).slice(0, before)} ${token}\n${filler.repeat(PIECE)}`;
      expect(gitleaks.find(text)).toMatchObject([{ start: before + 1, end: before + 1 + token.length }]);
    }),
    { numRuns: 100 },
  );
});

test("a token without a bound is read to its end", () => {
  const body = example(parsePattern("[a-zA-Z0-9]{9000}"), numbers(3));
  for (const before of [0, 10, PIECE - 40, 2 * PIECE]) {
    const text = `${"x ".repeat(before / 2)}ops_eyJ${body} tail ${"y ".repeat(PIECE)}`;
    expect(gitleaks.find(text)).toMatchObject([{ start: before, end: before + 7 + body.length }]);
  }
});

test("keywords are found as a search for each of them finds them", () => {
  const word = fc.string({ unit: fc.constantFrom(..."ab-_1"), minLength: 1, maxLength: 4 });
  const text = fc.string({ unit: fc.constantFrom(..."abAB-_1é ß"), maxLength: 60 });
  fc.assert(
    fc.property(fc.uniqueArray(word, { minLength: 1, maxLength: 12 }), text, text, (words, first, second) => {
      const found: string[] = [];
      const keywords = new Keywords(words);
      const state = keywords.read(first, 0, (index, end) => found.push(`${words[index]!} ${String(end)}`));
      keywords.read(second, state, (index, end) => found.push(`${words[index]!} ${String(end + first.length)}`));
      const all = (first + second).replace(/[A-Z]/g, (letter) => letter.toLowerCase());
      const wanted = words.flatMap((each) =>
        Array.from({ length: all.length }, (_, at) => at)
          .filter((at) => all.startsWith(each, at))
          .map((at) => `${each} ${String(at + each.length)}`),
      );
      expect(found.toSorted()).toEqual(wanted.toSorted());
    }),
  );
});

describe("groups of which only the last repetition is kept", () => {
  test("are in no rule", () => {
    expect(RULES.filter(({ regex }) => hasRepeatedGroup(regex)).map(({ id }) => id)).toEqual([]);
  });

  test.each<[string, number, string, number]>([
    ["a-([a-z]{4}-){3}(b)", 2, "a-(?:[a-z]{4}-){3}(b)", 1],
    ["(?P<x>a|(b)+)?c", 0, "(?:a|(?:b)+)?c", 0],
    ["[(](a)[)]{2}\\((b)\\)+", 2, "[(](a)[)]{2}\\((b)\\)+", 2],
    ["(?i)(?:a)+(b)", 1, "(?i)(?:a)+(b)", 1],
  ])("are taken out of %s", (regex, group, plain, remaining) => {
    expect(withoutRepeatedGroups(regex, group)).toEqual({ regex: plain, group: remaining });
    expect(hasRepeatedGroup(plain)).toBe(false);
  });

  test("may not be where the secret is", () => {
    expect(() => withoutRepeatedGroups("(a)+", 1)).toThrow("only the last repetition");
  });

  test("so that the whole address of a Teams webhook is the credential", () => {
    const uuid = "0a1b2c3d-1111-2222-8333-0123456789ab";
    const address = `https://acme.webhook.office.com/webhookb2/${uuid}@${uuid}/IncomingWebhook/${"0a1b2c3d".repeat(4)}/${uuid}`;
    expect(findForms(address).map(({ start, end }) => address.slice(start, end))).toEqual([address]);
  });
});
