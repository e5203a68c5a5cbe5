import { findInCommand } from "./command.ts";
import { findForms } from "./forms.ts";
import type { Found } from "./rule.ts";
import { speakingName } from "./speaking-name.ts";
import { findInValue } from "./values.ts";

/** A credential in what a program printed. `line` counts from 0. */
export interface FoundInOutput extends Found {
  line: number;
}

/** What `env`, `printenv`, `export -p` and `set` print. */
const VARIABLE = /^\s{0,8}(?:export |declare -x )?([A-Za-z_]\w{0,127})=(.*)$/;
/** A command as `sh -x` prints it before it runs, or as a program announces it. */
const TRACE = /^\++ (?=\S)|^(?:.{0,64}\s)?(?:running|executing|exec|run|command|cmd)(?: command)?: (?=\S)/i;

/**
 * Every credential in lines that a program printed: JSON leaf by leaf, variables by their names, traced commands as
 * commands, anything by its form, private keys over several lines. `name` is what a credential without a name of its own
 * is called. One credential may be found in many lines.
 */
export function findInOutput(lines: readonly string[], name: string): FoundInOutput[] {
  return [
    ...lines.flatMap((text, line) => findInLine(text, name).map((found) => ({ ...found, line }))),
    ...overLines(lines, name),
  ];
}

function findInLine(line: string, name: string): Found[] {
  const [, variable, written = ""] = VARIABLE.exec(line) ?? [];
  const value = unquoted(written);
  const spoken = variable === undefined ? name : (speakingName(variable) ?? name);
  // Unquoted and with spaces it may be a value of several words, or one word before a command: the form decides.
  if (variable !== undefined && (value !== written || !/\s/.test(value))) {
    return findInValue(variable, value).map((one) => ({ ...one, name: spoken, written: one.written ?? variable }));
  }
  const trace = TRACE.exec(line);
  const found = [
    ...(trace === null ? [] : findInCommand([line.slice(trace[0].length)], []).map((one) => nameless(one, name))),
    ...findInValue(name, line).map((one) =>
      value.startsWith(one.text) ? { ...one, name: spoken, written: variable ?? name } : one,
    ),
  ];
  if (found.length < 2) return found;
  // The first that finds it knows best what it is called.
  const kept = new Map<string, Found>();
  for (const one of found) if (!kept.has(one.text)) kept.set(one.text, one);
  return [...kept.values()];
}

/** `argument` says where a word stood in a command, which here is nothing that people know. */
function nameless({ name, written, verdict, text }: Found, otherwise: string): Found {
  return { name: name === "argument" ? otherwise : name, written, verdict, text };
}

function unquoted(value: string): string {
  const quote = value[0];
  const isQuoted = value.length > 1 && (quote === '"' || quote === "'") && value.endsWith(quote);
  return isQuoted ? value.slice(1, -1) : value;
}

function overLines(lines: readonly string[], name: string): FoundInOutput[] {
  if (!lines.some((line) => line.includes("-----BEGIN "))) return [];
  const text = lines.join("\n");
  const found: FoundInOutput[] = [];
  let [line, counted] = [0, 0];
  for (const { start, end, secret, kind, confidence, because } of findForms(text)) {
    for (; counted < start; counted++) if (text[counted] === "\n") line++;
    const credential = secret ?? text.slice(start, end);
    if (credential.includes("\n")) found.push({ name, verdict: { kind, confidence, because }, text: credential, line });
  }
  return found;
}
