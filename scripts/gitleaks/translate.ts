import { parse } from "smol-toml";
import { LONGEST_MATCH } from "../../src/credentials/gitleaks/model.ts";
import type { Allowlist, JudgedRule, Rule } from "../../src/credentials/gitleaks/model.ts";
import { confidenceOf, goesByName, kindOf, LEFT_OUT } from "./judgement.ts";
import { example, longest, parsePattern } from "./regex.ts";
import type { Pattern } from "./regex.ts";
import { withoutRepeatedGroups } from "./groups.ts";

interface WrittenAllowlist {
  condition?: string;
  regexTarget?: string;
  regexes?: string[];
  stopwords?: string[];
  paths?: string[];
}

interface WrittenRule {
  id: string;
  keywords?: string[];
  regex?: string;
  secretGroup?: number;
  entropy?: number;
  allowlists?: WrittenAllowlist[];
}

interface Written {
  allowlist: WrittenAllowlist;
  rules: WrittenRule[];
}

/** gitleaks' rules that have a regex, as they are written, and what speaks against a match of any of them. */
export interface Translated {
  allow: Allowlist[];
  rules: Rule[];
}

/** Regexes that do not say what they mean; each must still be there, so that a correction goes when its cause does. */
const CORRECTIONS = new Map([
  // Without the parentheses every secret with "false" in it is allowed.
  ["(?i)^true|false|null$", "(?i)^(?:true|false|null)$"],
]);

function isCondition(text: string | undefined): boolean {
  if (text === undefined || /^(or|\|\|)$/i.test(text)) return false;
  if (/^(and|&&)$/i.test(text)) return true;
  throw new Error(`an allowlist's condition is neither AND nor OR: ${text}`);
}

function translateAllowlist(written: WrittenAllowlist): Allowlist[] {
  const both = isCondition(written.condition);
  const { regexes = [], stopwords = [], paths = [], regexTarget: target = "secret" } = written;
  if (target !== "secret" && target !== "match" && target !== "line") throw new Error(`unknown regexTarget ${target}`);
  // A value has no path: what must also have one allows nothing.
  if ((both && paths.length > 0) || regexes.length + stopwords.length === 0) return [];
  return [
    {
      target,
      both: both && regexes.length > 0 && stopwords.length > 0,
      regexes,
      stopwords: stopwords.map((word) => word.toLowerCase()),
    },
  ];
}

/** Reads gitleaks' configuration; throws an Error that names what this translation does not know. */
export function translate(toml: string): Translated {
  const { allowlist, rules } = parse(toml) as unknown as Written;
  return {
    allow: translateAllowlist(allowlist),
    rules: rules.flatMap(({ id, keywords = [], regex, secretGroup: group = 0, entropy = 0, allowlists = [] }) => {
      if (regex === undefined) return [];
      return [
        {
          id,
          keywords: keywords.map((word) => word.toLowerCase()),
          regex,
          group,
          entropy,
          allow: allowlists.flatMap(translateAllowlist),
        },
      ];
    }),
  };
}

/** What takes up to fifty characters before a name. It decides where a match begins, never where its secret does. */
const BEFORE_NAME = "[\\w.-]{0,50}?";
/** What ends most secrets, and what may: values also stand in query strings, lists and log lines. */
const END = "(?:[\\x60'\"\\s;]|\\\\[nr]|$)";
const WIDER_END = "(?:[\\x60'\"\\s;,&|<>(){}\\[\\]\\\\]|$)";
const AFTER_NAME = "(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)";

function judged(rule: Rule): JudgedRule {
  if (rule.allow.some(({ target }) => target === "line"))
    throw new Error(`${rule.id}: an allowlist goes by the line, which the engine does not read`);
  if (rule.keywords.length === 0) throw new Error(`${rule.id}: it has no keyword, and would be tried on every value`);
  const isNamed = rule.regex.includes(AFTER_NAME);
  const written = (isNamed ? rule.regex.replaceAll(BEFORE_NAME, "") : rule.regex).replaceAll(END, WIDER_END);
  const { regex, group } = withoutRepeatedGroups(written, rule.group);
  const pattern = parsePattern(regex);
  return {
    ...rule,
    regex,
    group,
    kind: kindOf(rule.id),
    confidence: confidenceOf(rule.id, isNamed),
    isNamed: goesByName(rule.id, isNamed),
    longest: Math.min(longest(pattern), LONGEST_MATCH),
    isLoose: isLoose(pattern, rule.keywords),
  };
}

const EXAMPLES = 60;

/** True when some match contains none of the keywords: they stand beside it, in its line or file. */
function isLoose(pattern: Pattern, keywords: readonly string[]): boolean {
  let seed = 1;
  const pick = (below: number): number => {
    seed = (seed * 48271) % 0x7fffffff;
    return seed % below;
  };
  const examples = Array.from({ length: EXAMPLES }, () => example(pattern, pick).toLowerCase());
  return examples.some((text) => !keywords.some((keyword) => text.includes(keyword)));
}

/** The rules that the program uses, judged, and the common allowlists, corrected. */
export function rulesInUse({ allow, rules }: Translated): { allow: Allowlist[]; rules: JudgedRule[] } {
  const written = new Set(allow.flatMap(({ regexes }) => regexes));
  for (const regex of CORRECTIONS.keys()) {
    if (!written.has(regex)) throw new Error(`a correction has nothing to correct: ${regex}`);
  }
  return {
    allow: allow.map((list) => ({ ...list, regexes: list.regexes.map((regex) => CORRECTIONS.get(regex) ?? regex) })),
    rules: rules.filter(({ id }) => !Object.hasOwn(LEFT_OUT, id)).map(judged),
  };
}
