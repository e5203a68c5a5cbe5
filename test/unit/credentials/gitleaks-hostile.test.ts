import { describe, expect, test } from "vitest";
import { example, parsePattern } from "../../../scripts/gitleaks/regex.ts";
import { gitleaks } from "../../../src/credentials/gitleaks/engine.ts";
import { RULES } from "../../../src/credentials/gitleaks/rules.generated.ts";

const MEGABYTE = 1 << 20;
const SMALL = MEGABYTE / 8;
/** Linear work takes eight times as long, quadratic work sixty-four times. */
const MOST_TIMES_LONGER = 24;
/** Below this the clock says more about the machine than about the work. Microseconds. */
const NOISE = 20_000;

let state = 5;
function pick(below: number): number {
  state = (state * 48271) % 0x7fffffff;
  return state % below;
}

const keywords = [...new Set(RULES.flatMap((rule) => rule.keywords))];
const examples = RULES.map(({ regex }) => example(parsePattern(regex), pick));
const random = (length: number): string => Array.from({ length }, () => String.fromCharCode(33 + pick(94))).join("");

/** Texts that keep as many rules as possible busy, or one rule for as long as possible. */
const PROBES: Record<string, (length: number) => string> = {
  "every keyword, nothing else": (length) => repeat(keywords.join(" "), length),
  "every keyword as a name with a value": (length) =>
    repeat(keywords.map((word) => `${word}=aaaa0000`).join("\n"), length),
  "something that every rule finds": (length) => repeat(examples.join("\n"), length),
  "keywords before random text": (length) => {
    let text = "";
    while (text.length < length) text += `${keywords[pick(keywords.length)]!}=${random(pick(60))}`;
    return text.slice(0, length);
  },
  "names in a row": (length) => repeat("twitter=", length),
  "the most common keyword": (length) => repeat("s.", length),
  "a token without an end": (length) => `ops_eyJ${repeat("A", length)}`,
  "beginnings of a token without an end": (length) => repeat("ops_eyJ", length),
  "runs that may end anywhere": (length) => repeat("xapp-1-1-1-", length),
  "a host without an end": (length) => `https://${repeat("a", length)}.webhook.office.com/webhookb2/`,
  "an attribute without an end": (length) => `<add key="Password" value="${repeat("a", length)}`,
  "attributes that begin": (length) => repeat('<add key="Password" value="', length),
  "hex beside a keyword": (length) => `sourcegraph ${repeat("a1", length)}`,
  "digits beside a keyword": (length) => `facebook ${repeat("1234567890123456|", length)}`,
  "characters that are none": (length) => `ghp_${repeat("\ud800\u0000é\u001b[2J", length)}`,
};

function repeat(text: string, length: number): string {
  return text.repeat(Math.ceil(length / text.length)).slice(0, length);
}

/** Time of the processor, which other work on the machine does not lengthen. Microseconds. */
function costOf(text: string): number {
  const { user } = process.cpuUsage();
  gitleaks.find(text, "NAME");
  return process.cpuUsage().user - user;
}

describe("a megabyte takes eight times as long as an eighth of it", { timeout: 60_000 }, () => {
  test.each(Object.entries(PROBES))("of %s", (_name, make) => {
    gitleaks.find(make(SMALL), "NAME");
    const small = Math.max(costOf(make(SMALL)), NOISE);
    expect(costOf(make(MEGABYTE)) / small).toBeLessThan(MOST_TIMES_LONGER);
  });
});

test("what is found lies in the value, one secret after the other, and is never empty", () => {
  for (const make of Object.values(PROBES)) {
    const text = make(20_000);
    for (const name of ["", "TWITTER_TOKEN", "x".repeat(5000)]) {
      for (const { start, end, because } of gitleaks.find(text, name)) {
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeGreaterThan(start);
        expect(end).toBeLessThanOrEqual(text.length);
        expect(because).not.toContain(text.slice(start, end));
      }
    }
  }
});
