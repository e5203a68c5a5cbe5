import { findInScript } from "./command.ts";
import type { Found } from "./rule.ts";
import { findInText } from "./text.ts";

const SHEBANG = /^#!\s{0,8}\/[^\n]{0,64}\b(sh|bash|ash|dash|zsh|ksh|env -S)\b/;
const SCRIPT_NAME = /\.(sh|bash|ksh|zsh)$/i;

/**
 * Every credential in a named value: a variable, an annotation, a message, a file of a ConfigMap. Shell scripts are read as a shell
 * would read them; everything else as findInText does. The texts are for fingerprinting and nothing else.
 */
export function findInValue(name: string, value: string): Found[] {
  const isScript = value.startsWith("#!")
    ? SHEBANG.test(value.slice(0, 128))
    : name.includes(".") && SCRIPT_NAME.test(name.slice(-8));
  return isScript ? findInScript(name, value) : findInText(name, value);
}
