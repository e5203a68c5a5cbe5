/** `name: value` or `name = value` on a line of its own; [start, end) is where the value stands, without quotes and comments. */
export interface Pair {
  name: string;
  value: string;
  start: number;
  end: number;
  isQuoted: boolean;
}

const LONGEST_LINE = 8192;
const PAIR =
  /^[ \t]{0,64}(?:- {1,8}){0,4}(?:(?:export|set|declare -x|ENV|ARG)[ \t]{1,4})?(["']?)([A-Za-z_.$][\w./:$-]{0,127}?)\1[ \t]{0,64}(=>|:=|=|:(?=[ \t]))[ \t]{0,64}(?=\S)/;
/** Beginnings of values that stand on the lines below, or elsewhere. */
const ELSEWHERE = /^([|>][+-]?\d?|[*&][\w-]{1,64}|!{1,2}[\w!<>:.-]{1,64}|[{[])(\s|$)/;

/** Every line of a text that gives a name a value: properties, env files, INI, TOML, YAML. `- name: X` names the `value:` below it. */
export function pairsIn(text: string): Pair[] {
  const pairs: Pair[] = [];
  let named: { name: string; line: number } | null = null;
  let start = 0;
  for (let line = 0; start < text.length; line++) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    const pair = pairAt(text, start, end);
    if (pair !== null) {
      const key = pair.name.toLowerCase();
      const isValue = key === "value" && named !== null && line - named.line <= 2;
      pairs.push(isValue && named !== null ? { ...pair, name: named.name } : pair);
      named = key === "name" || key === "key" ? { name: pair.value.slice(0, 128), line } : named;
    }
    start = end + 1;
  }
  return pairs;
}

function pairAt(text: string, start: number, end: number): Pair | null {
  if (end - start < 3 || end - start > LONGEST_LINE) return null;
  const line = text.slice(start, end).trimEnd();
  const found = PAIR.exec(line);
  if (found === null) return null;
  const [head, , name = "", separator = ""] = found;
  const written = line.slice(head.length);
  if (ELSEWHERE.test(written)) return null;
  const quote = written[0] ?? "";
  if (quote === '"' || quote === "'") {
    const close = closingQuote(written, quote);
    if (close > 0) return pair(name, written.slice(1, close), start + head.length + 1, true);
  }
  const comment = /\s[#;](\s|$)/.exec(written)?.index ?? written.length;
  const bare = written.slice(0, comment).trimEnd();
  return pair(name, separator === "=" ? bare : bare.replace(/,$/, ""), start + head.length, false);
}

function pair(name: string, value: string, start: number, isQuoted: boolean): Pair | null {
  return value === "" ? null : { name, value, start, end: start + value.length, isQuoted };
}

function closingQuote(written: string, quote: string): number {
  for (let at = written.indexOf(quote, 1); at > 0; at = written.indexOf(quote, at + 1)) {
    if (written[at - 1] !== "\\") return at;
  }
  return -1;
}
