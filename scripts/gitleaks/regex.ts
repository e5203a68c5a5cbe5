/** What a regular expression is made of, as far as its lengths and examples go; flags and groups' numbers are left out. */
export type Pattern =
  | { is: "characters"; of: string }
  | { is: "nothing" }
  | { is: "sequence"; parts: Pattern[] }
  | { is: "choice"; of: Pattern[] }
  | { is: "repeated"; what: Pattern; least: number; most: number };

const range = (from: string, to: string): string =>
  String.fromCharCode(
    ...Array.from({ length: to.charCodeAt(0) - from.charCodeAt(0) + 1 }, (_, i) => from.charCodeAt(0) + i),
  );
const DIGITS = range("0", "9");
const ALPHANUMERIC = DIGITS + range("A", "Z") + range("a", "z");
const ANY = range(" ", "~");
const ESCAPES: Record<string, string> = {
  w: `${ALPHANUMERIC}_`,
  d: DIGITS,
  s: " \t\n",
  S: ANY.replaceAll(" ", ""),
  n: "\n",
  r: "\r",
  t: "\t",
};
const POSIX: Record<string, string> = { "[:alnum:]": ALPHANUMERIC };

/** Reads the syntax that gitleaks' rules are written in (RE2's). Throws an Error that quotes what it does not know. */
export function parsePattern(source: string): Pattern {
  let at = 0;
  const peek = (text: string): boolean => source.startsWith(text, at);
  const take = (pattern: RegExp): string | null => {
    const sticky = new RegExp(pattern.source, "y");
    sticky.lastIndex = at;
    const found = sticky.exec(source)?.[0] ?? null;
    if (found !== null) at += found.length;
    return found;
  };

  function choice(): Pattern {
    const of = [sequence()];
    while (take(/\|/) !== null) of.push(sequence());
    return of.length === 1 ? of[0]! : { is: "choice", of };
  }

  function sequence(): Pattern {
    const parts: Pattern[] = [];
    while (at < source.length && !peek("|") && !peek(")")) parts.push(quantified(atom()));
    return { is: "sequence", parts };
  }

  function quantified(what: Pattern): Pattern {
    const sign = take(/[*+?]|\{\d+(,\d*)?\}/);
    if (sign === null) return what;
    take(/\?/);
    const numbers = /^\{(\d+)(,(\d*))?\}$/.exec(sign);
    if (numbers !== null) {
      const least = Number(numbers[1]);
      const most = numbers[2] === undefined ? least : numbers[3] === "" ? Infinity : Number(numbers[3]);
      return { is: "repeated", what, least, most };
    }
    return { is: "repeated", what, least: sign === "+" ? 1 : 0, most: sign === "?" ? 1 : Infinity };
  }

  function atom(): Pattern {
    if (take(/\(\?[a-z-]+\)|\\[bz]|[$^]/) !== null) return { is: "nothing" };
    if (take(/\((\?(P?<\w+>|[a-z-]*:))?/) !== null) {
      const inner = choice();
      if (take(/\)/) === null) throw new Error(`no closing parenthesis at ${String(at)} in ${source}`);
      return inner;
    }
    if (peek("[")) return { is: "characters", of: characterClass() };
    if (take(/\./) !== null) return { is: "characters", of: ANY };
    return { is: "characters", of: oneOf() };
  }

  function oneOf(): string {
    const escaped = take(/\\x[0-9a-f]{2}/i);
    if (escaped !== null) return String.fromCharCode(Number.parseInt(escaped.slice(2), 16));
    const letter = take(/\\./)?.[1];
    if (letter === undefined) return take(/[^]/) ?? "";
    const known = ESCAPES[letter];
    if (known === undefined && /[A-Za-z0-9]/.test(letter)) throw new Error(`unknown \\${letter} in ${source}`);
    return known ?? letter;
  }

  function characterClass(): string {
    const isNegated = take(/\[\^?/)?.length === 2;
    let of = "";
    do {
      const posix = take(/\[:\w+:\]/);
      if (posix !== null) of += POSIX[posix] ?? "";
      else {
        const first = oneOf();
        const isRange = first.length === 1 && /^-[^\]]/.test(source.slice(at, at + 2));
        if (isRange) at++;
        of += isRange ? range(first, oneOf()) : first;
      }
    } while (!peek("]"));
    at++;
    return isNegated ? Array.from(ANY, (character) => (of.includes(character) ? "" : character)).join("") : of;
  }

  const parsed = choice();
  if (at < source.length) throw new Error(`unread from ${String(at)} in ${source}`);
  return parsed;
}

/** Characters of the longest text that a pattern matches; Infinity where there is none. */
export function longest(pattern: Pattern): number {
  switch (pattern.is) {
    case "nothing":
      return 0;
    case "characters":
      return 1;
    case "sequence":
      return pattern.parts.reduce((sum, part) => sum + longest(part), 0);
    case "choice":
      return Math.max(...pattern.of.map(longest));
    case "repeated":
      return pattern.most === 0 ? 0 : longest(pattern.what) * pattern.most;
  }
}

/** A text that the pattern matches, wherever its assertions hold. `pick` gives whole numbers in [0, below). */
export function example(pattern: Pattern, pick: (below: number) => number): string {
  switch (pattern.is) {
    case "nothing":
      return "";
    case "characters":
      return pattern.of[pick(pattern.of.length)] ?? "";
    case "sequence":
      return pattern.parts.map((part) => example(part, pick)).join("");
    case "choice":
      return example(pattern.of[pick(pattern.of.length)]!, pick);
    case "repeated": {
      const most = Math.min(pattern.most, pattern.least + 24);
      const times = pattern.least + pick(most - pattern.least + 1);
      return Array.from({ length: times }, () => example(pattern.what, pick)).join("");
    }
  }
}
