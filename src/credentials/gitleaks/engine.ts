import { judgeName } from "../name-rules.ts";
import { match } from "../rule.ts";
import type { FormRule, Match } from "../rule.ts";
import { isAccepted, regex } from "./accept.ts";
import { Keywords } from "./keywords.ts";
import { LONGEST_MATCH } from "./model.ts";
import type { JudgedRule, Rule } from "./model.ts";
import { COMMON_ALLOWLISTS, RULES } from "./rules.generated.ts";
import { addWindow, pieces } from "./windows.ts";
import type { Span } from "./windows.ts";

interface Prefilter {
  keywords: Keywords;
  /** Of each keyword: its length, and the rules that want it. */
  lengths: number[];
  rules: JudgedRule[][];
}

let prefilter: Prefilter | null = null;

/** Built when the first value is read: a verb that reads none does not pay for it. */
function prefilterOf(all: readonly JudgedRule[]): Prefilter {
  const wanting = new Map<string, JudgedRule[]>();
  for (const rule of all) {
    for (const word of rule.keywords) {
      const rules = wanting.get(word) ?? [];
      if (rules.length === 0) wanting.set(word, rules);
      rules.push(rule);
    }
  }
  const words = [...wanting.keys()];
  return { keywords: new Keywords(words), lengths: words.map(({ length }) => length), rules: [...wanting.values()] };
}

/** Where in `name=text` each rule has to look; null: nowhere. */
function windowsIn(name: string, text: string): Map<JudgedRule, Span[]> | null {
  prefilter ??= prefilterOf(RULES);
  const { keywords, lengths, rules } = prefilter;
  const offset = name === "" ? 0 : name.length + 1;
  const length = offset + text.length;
  let windows: Map<JudgedRule, Span[]> | null = null;
  const onKeyword = (index: number, end: number): void => {
    windows ??= new Map<JudgedRule, Span[]>();
    for (const rule of rules[index]!) {
      const spans = windows.get(rule) ?? [];
      if (spans.length === 0) windows.set(rule, spans);
      addWindow(spans, rule, [end - lengths[index]!, end], length);
    }
  };
  let state = 0;
  if (offset > 0) state = keywords.read("=", keywords.read(name, 0, onKeyword), onKeyword);
  keywords.read(text, state, (index, end) => {
    onKeyword(index, offset + end);
  });
  return windows;
}

/** A longer run than this is no token; what stands behind it is not read as part of one. */
const LONGEST_TOKEN = 1 << 16;

/** Where one match and its secret stand in the text that was searched. */
interface Hit {
  match: Span;
  secret: Span;
}

/** Every match of a rule in a text, in order, whether it is accepted or not. */
export function* hitsOf(rule: Rule, text: string): Generator<Hit> {
  const pattern = regex(rule.regex);
  // Without groups to keep, the answer that there is no match takes a fraction of the time.
  if (!pattern.test(text)) return;
  const matcher = pattern.matcher(text);
  while (matcher.find()) {
    let group = rule.group;
    if (group === 0) {
      const groups = Array.from({ length: matcher.groupCount() }, (_, i) => i + 1);
      group = groups.find((i) => matcher.end(i) > matcher.start(i)) ?? 0;
    }
    yield { match: [matcher.start(), matcher.end()], secret: [matcher.start(group), matcher.end(group)] };
  }
}

/** The matches in a piece of a line, at their places in the line. Cut-off ones belong to another piece, or are read to their end. */
function* hitsInPiece(rule: JudgedRule, line: string, [from, to]: Span): Generator<Hit> {
  const moved = ({ match, secret }: Hit, by: number): Hit => ({
    match: [match[0] + by, match[1] + by],
    secret: [secret[0] + by, secret[1] + by],
  });
  for (const hit of hitsOf(rule, line.slice(from, to))) {
    const isCutOff = to < line.length && hit.match[1] === to - from;
    if (from > 0 && hit.match[0] === 0) continue;
    if (!isCutOff) yield moved(hit, from);
    else if (rule.longest === LONGEST_MATCH) {
      const start = Math.max(0, from + hit.match[0] - 1);
      for (const whole of hitsOf(rule, line.slice(start, start + LONGEST_TOKEN))) {
        yield moved(whole, start);
        return;
      }
    }
  }
}

/** The name that a named rule went by: what its match begins with, and the characters of a name before that. */
function nameIn(line: string, { match, secret }: Hit): string {
  const before = line.slice(Math.max(0, match[0] - 50), secret[0]);
  return /([\w.-]{1,128})[^\w.-]{0,16}$/.exec(before)?.[1] ?? "";
}

function verdictOn(rule: JudgedRule, line: string, hit: Hit, offset: number): Match {
  const isDoubtful = rule.isNamed && judgeName(nameIn(line, hit)) === null;
  const about = rule.confidence === "possible" ? ", which finds names of keys and no secrets" : "";
  const [start, end] = hit.secret;
  return match(
    start - offset,
    end - offset,
    rule.kind,
    isDoubtful ? "possible" : rule.confidence,
    `matches gitleaks' rule ${rule.id}${about}`,
  );
}

function matchesOf(rule: JudgedRule, spans: Span[], line: string, offset: number): Match[] {
  const found: Match[] = [];
  let read = offset;
  for (const span of spans) {
    for (const piece of pieces(span, rule)) {
      for (const hit of hitsInPiece(rule, line, piece)) {
        // Pieces overlap; and what begins in the name is not a secret of the value.
        if (hit.secret[0] < read || hit.secret[1] <= hit.secret[0]) continue;
        read = hit.secret[1];
        const [match, secret] = [line.slice(...hit.match), line.slice(...hit.secret)];
        // No rule in use is allowed by its line; the generator sees to that.
        if (isAccepted(rule, COMMON_ALLOWLISTS, { secret, match, line: match })) {
          found.push(verdictOn(rule, line, hit, offset));
        }
      }
    }
  }
  return found;
}

/**
 * gitleaks' rules over a value and, where it has one, its name. Only rules whose keyword occurs are tried, and only near it; a value
 * without any costs one pass over its characters. Matches lie in the value.
 */
export const gitleaks: FormRule = {
  id: "gitleaks",
  find(text, name = "") {
    const windows = windowsIn(name, text);
    if (windows === null) return [];
    const line = name === "" ? text : `${name}=${text}`;
    const offset = line.length - text.length;
    return Array.from(windows, ([rule, spans]) => matchesOf(rule, spans, line, offset)).flat();
  },
};
