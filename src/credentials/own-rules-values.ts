import type { Confidence } from "../model/credential.ts";
import type { FoundInCommand } from "./command.ts";
import { isNotACredential } from "./not-a-credential.ts";
import type { FoundInOutput } from "./output.ts";
import { use } from "./own-rules.ts";
import type { OwnName, OwnPattern, OwnRules } from "./own-rules.ts";
import { isPlaceholder, isProbablyTemplate } from "./placeholder.ts";
import type { Found } from "./rule.ts";
import { speakingName } from "./speaking-name.ts";
import { jsonLeaves } from "./json.ts";

const SURENESS: Record<Confidence, number> = { certain: 0, likely: 1, possible: 2 };
const MOST_MATCHES = 200;
const MOST_WORDS = 10_000;
const ARGUMENT = "argument";

/** The operator's names and patterns as they hold in one namespace, beside what the program itself finds. */
export class OwnValues {
  readonly #rules: OwnRules;
  readonly #names: OwnName[];
  readonly #patterns: OwnPattern[];

  constructor(rules: OwnRules, namespace: string | null) {
    const here = ({ inNamespace }: OwnName | OwnPattern): boolean => inNamespace(namespace ?? "");
    this.#rules = rules;
    this.#names = rules.names.filter(here);
    this.#patterns = rules.patterns.filter(here);
  }

  /** `found` is what the program finds in this value by itself; nothing of it is lost. */
  inValue(name: string, value: string, found: Found[]): Found[] {
    return merged(found, [...this.#byPattern(name, value), ...this.#byName(name, value, found)]);
  }

  /** The same for an argument list. */
  inCommand(line: readonly string[], found: FoundInCommand[]): FoundInCommand[] {
    const own = [
      ...line.flatMap((text, index) => this.#byPattern(ARGUMENT, text).map((one) => ({ ...one, index }))),
      ...this.#namedArguments(line, (index) => index),
      ...line.flatMap((text, index) => (/\s/.test(text) ? this.#namedArguments(wordsOf(text), () => index) : [])),
    ];
    return merged(found, own, ({ index }) => index).sort((a, b) => a.index - b.index);
  }

  /** The same for lines that a program printed; `name` is what a credential without a name of its own is called. */
  inOutput(lines: readonly string[], name: string, found: FoundInOutput[]): FoundInOutput[] {
    const own = lines.flatMap((text, line) => {
      const [, variable = name, written = text] = VARIABLE.exec(text) ?? [];
      const value = unquoted(written);
      const shown = variable === name ? name : (speakingName(variable) ?? this.spoken(variable) ?? name);
      const named = this.#byName(variable, value, []).map((one) =>
        one.name === variable ? { ...one, name: shown, written: variable } : one,
      );
      return [...this.#byPattern(shown, text), ...named].map((one) => ({ ...one, line }));
    });
    return merged(found, own, ({ line }) => line);
  }

  /** Names in a value are shown as far as the program, or the operator's file, has the words. */
  spoken(name: string): string | null {
    return this.#names.find(({ matches }) => matches(name))?.spoken(name) ?? null;
  }

  /** True for a named text that the rules take for a credential, or for one that holds one; it counts as no use of them. */
  takes(name: string, value: string): boolean {
    return (
      this.#patterns.some(({ pattern }) => pattern.test(value)) || this.#names.some(({ matches }) => matches(name))
    );
  }

  #byPattern(name: string, value: string): Found[] {
    return this.#patterns.flatMap(({ id, pattern, group, verdict }) => {
      // Whether there is a match is told several times faster than where.
      if (!pattern.test(value)) return [];
      const found: Found[] = [];
      const matcher = pattern.matcher(value);
      while (found.length < MOST_MATCHES && matcher.find()) {
        const text = matcher.group(group)?.trim() ?? "";
        if (text !== "") found.push({ name, verdict, text });
      }
      if (found.length > 0) use(this.#rules, id, found.length);
      return found;
    });
  }

  /** Where the program sees of what a value is made, the name says nothing of the whole. */
  #byName(name: string, value: string, found: readonly Found[]): Found[] {
    if (this.#names.length === 0) return [];
    const leaves = jsonLeaves(value);
    if (leaves !== null) {
      return leaves.flatMap((leaf) => {
        const shown = leaf.name === null ? name : (speakingName(leaf.name) ?? this.spoken(leaf.name) ?? name);
        const written = leaf.name ?? name;
        return this.#whole(written, leaf.text).map((one) => ({ ...one, name: shown, written }));
      });
    }
    const text = value.trim();
    if (found.some((one) => one.verdict.confidence !== "possible" && one.text !== text)) return [];
    return this.#whole(name, value);
  }

  #whole(name: string, value: string): Found[] {
    const rules = this.#names.filter(({ matches }) => matches(name));
    const text = value.trim();
    if (rules.length === 0 || isPlaceholder(value) || isNotACredential(value, true) || isProbablyTemplate(text))
      return [];
    for (const { id } of rules) use(this.#rules, id);
    const [{ verdict }] = rules.toSorted((a, b) => SURENESS[a.verdict.confidence] - SURENESS[b.verdict.confidence]) as [
      OwnName,
    ];
    return [{ name, verdict, text }];
  }

  /** `--name=value`, `--name value`, `name=value`. */
  #namedArguments(words: readonly string[], indexOf: (at: number) => number): FoundInCommand[] {
    if (this.#names.length === 0) return [];
    return words.flatMap((word, at) => {
      const [, dashes = "", name = "", value] = OPTION.exec(word) ?? [];
      if (name === "") return [];
      const next = words[at + 1];
      const taken = value !== undefined ? at : dashes !== "" && next?.startsWith("-") === false ? at + 1 : null;
      if (taken === null) return [];
      const shown = speakingName(`${dashes}${name}`) ?? this.spoken(name) ?? ARGUMENT;
      // NAME=value and a command after it: a script, whose words are looked at by themselves.
      if (dashes === "" && taken === at && /\s/.test(value!) && unquoted(value!) === value) return [];
      const held = unquoted(taken === at ? value! : next!);
      return this.#whole(name, held).map((one) => ({ ...one, name: shown, written: name, index: indexOf(taken) }));
    });
  }
}

const OPTION = /^(-D|-{0,2})([A-Za-z_][\w.-]{0,127})(?:=([^]*))?$/;
/** What `env` and `export -p` print. */
const VARIABLE = /^\s{0,8}(?:export |declare -x )?([A-Za-z_]\w{0,127})=(.*)$/;

function unquoted(value: string): string {
  const [quote] = value;
  const isQuoted = value.length > 1 && (quote === '"' || quote === "'") && value.endsWith(quote);
  return isQuoted ? value.slice(1, -1) : value;
}

/** Words of a script, quotes and all. */
function wordsOf(script: string): string[] {
  const words: string[] = [];
  for (const [word] of script.matchAll(/(?:[^\s"';|&]|"[^"]{0,4096}"|'[^']{0,4096}')+/g)) {
    if (words.push(word) >= MOST_WORDS) break;
  }
  return words;
}

/** Of one text in one place the surest verdict; of equally sure ones the operator's, under the name that it has already. */
function merged<F extends Found>(found: F[], own: F[], placeOf: (one: F) => number = () => 0): F[] {
  if (own.length === 0) return found;
  const keyOf = (one: F): string => `${String(placeOf(one))} ${one.text}`;
  const kept = new Map(found.map((one) => [keyOf(one), one]));
  for (const one of own) {
    const known = kept.get(keyOf(one));
    if (known === undefined) kept.set(keyOf(one), one);
    else if (SURENESS[one.verdict.confidence] <= SURENESS[known.verdict.confidence])
      kept.set(keyOf(one), { ...one, ...known, verdict: one.verdict });
  }
  return [...kept.values()];
}

/** True for a text that one of the patterns means, in whatever namespace, and that is therefore not kept. */
export function masksOwn({ patterns }: OwnRules, text: string): boolean {
  return patterns.some(({ pattern, verdict }) => verdict.confidence !== "possible" && pattern.test(text));
}
