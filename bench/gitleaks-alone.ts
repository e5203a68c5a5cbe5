import { readFileSync } from "node:fs";
import { isAccepted } from "../src/credentials/gitleaks/accept.ts";
import { hitsOf } from "../src/credentials/gitleaks/engine.ts";
import type { Rule } from "../src/credentials/gitleaks/model.ts";
import { translate } from "../scripts/gitleaks/translate.ts";

const TOML = new URL("../src/credentials/gitleaks/vendor/gitleaks.toml", import.meta.url);
const { allow, rules } = translate(readFileSync(TOML, "utf8"));

/** What one of gitleaks' rules found: the rule, and the secret as the rule cuts it out. */
export interface Finding {
  rule: string;
  text: string;
}

/** How many rules `gitleaksAlone` runs. */
export const GITLEAKS_RULES = rules.length;

/** The lines of the text that [from, to) touches. */
function linesAround(text: string, [from, to]: readonly [number, number]): string {
  const end = text.indexOf("\n", to);
  return text.slice(text.lastIndexOf("\n", from) + 1, end < 0 ? text.length : end);
}

function* findingsOf(rule: Rule, text: string): Generator<Finding> {
  for (const hit of hitsOf(rule, text)) {
    const secret = text.slice(...hit.secret);
    const candidate = { secret, match: text.slice(...hit.match), line: linesAround(text, hit.match) };
    if (isAccepted(rule, allow, candidate)) yield { rule: rule.id, text: secret };
  }
}

/**
 * Every rule of gitleaks' own file, as it is written, over `NAME=value`: one by one, whether their keywords occur or not. For the
 * time that it takes. Rules that ask for a file's path are asked as if it fitted, which only gives gitleaks more findings.
 */
export function gitleaksOneByOne(name: string, value: string): Finding[] {
  const text = `${name}=${value}`;
  return rules.flatMap((rule) => [...findingsOf(rule, text)]);
}

/** What gitleaks finds in `NAME=value` by itself, with its keywords asked first; without what it finds in the name. */
export function gitleaksAlone(name: string, value: string): Finding[] {
  const text = `${name}=${value}`;
  const lower = text.toLowerCase();
  return rules
    .filter(({ keywords }) => keywords.some((keyword) => lower.includes(keyword)))
    .flatMap((rule) => [...findingsOf(rule, text)])
    .filter((finding) => value.includes(finding.text));
}
