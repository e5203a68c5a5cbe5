import { isPlaceholder } from "./placeholder.ts";
import { shellCommands } from "./shell.ts";
import type { ShellCommand, ShellWord } from "./shell.ts";

const LONGEST = 1 << 16;
const LONGEST_COMMAND = 4096;
const MOST_ROUNDS = 64;

const ESCAPES: Record<string, string> = { n: "\n", t: "\t", r: "\r", "\\": "\\", '"': '"', "'": "'", "0": "", c: "" };

/** Backslashes as printf(1) and `echo -e` read them, as far as they stand in texts. */
function unescaped(text: string): string {
  return text.replace(/\\([^])/g, (whole, sign: string) => ESCAPES[sign] ?? whole);
}

/** `%s`, `%q`, `%b`, `%5d`, and `%%`. */
const CONVERSION = /%(?:%|[-+ #0]{0,4}\d{0,4}(?:\.\d{1,4})?[a-zA-Z])/g;

/** A format with its words in place of what stands for them; it is used again until no word is left. */
function formatted(format: string, words: readonly string[]): string {
  let next = 0;
  let text = "";
  for (let round = 0; round < MOST_ROUNDS && text.length < LONGEST && (round === 0 || next < words.length); round++) {
    const before = next;
    text += unescaped(format).replace(CONVERSION, (sign) => (sign === "%%" ? "%" : (words[next++] ?? "")));
    if (next === before) break;
  }
  return text;
}

/** What a command prints; `isMade`: escapes and a format made something else of its words. */
export interface Printed extends ShellWord {
  isMade: boolean;
}

/** What `echo` and `printf` print, as one text; null for every other command. `isDynamic` as in the words that it is made of. */
export function printed({ words }: Pick<ShellCommand, "words">): Printed | null {
  const [program, ...rest] = words;
  if (program?.text !== "echo" && program?.text !== "printf") return null;
  const option = program.text === "echo" ? /^-[neE]{1,3}$/ : /^--$/;
  const start = rest.findIndex(({ text }) => !option.test(text));
  const texts = start < 0 ? [] : rest.slice(start);
  const isDynamic = texts.some((word) => word.isDynamic);
  const [format = "", ...others] = texts.map(({ text }) => text);
  if (program.text === "printf") return { text: formatted(format, others), isDynamic, isMade: true };
  const text = [format, ...others].join(" ");
  const isMade = rest.slice(0, Math.max(0, start)).some((word) => word.text.includes("e"));
  return { text: isMade ? unescaped(text) : text, isDynamic, isMade };
}

/** The password that a command such as `echo X` prints for a program which asks it for one; null where that is not told. */
export function passwordPrinted(script: string): string | null {
  const [command, ...more] = shellCommands(script.slice(0, LONGEST_COMMAND));
  const text = command === undefined || more.length > 0 ? null : printed(command);
  const password = text?.text.trim() ?? "";
  return text === null || isPlaceholder(password) || (text.isDynamic && /[$`]/.test(password)) ? null : password;
}
