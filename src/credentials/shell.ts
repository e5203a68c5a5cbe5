/** One word of a shell command. `isDynamic`: an unquoted or double-quoted $ or backtick makes part of it something else at run time. */
export interface ShellWord {
  text: string;
  isDynamic: boolean;
}

const LONGEST_SCRIPT = 256 * 1024;
const OPERATORS = ";|&<>()\n";

/**
 * Splits a POSIX shell script into simple commands of words, well enough to see arguments: quotes, escapes, operators and
 * comments are read; nothing is expanded. One pass, so hostile input costs no more than its length.
 */
export function shellCommands(script: string): ShellWord[][] {
  const commands: ShellWord[][] = [];
  let command: ShellWord[] = [];
  let text = "";
  let isDynamic = false;
  let hasWord = false;
  const endWord = (): void => {
    if (hasWord) command.push({ text, isDynamic });
    text = "";
    isDynamic = hasWord = false;
  };
  const endCommand = (): void => {
    endWord();
    if (command.length > 0) commands.push(command);
    command = [];
  };
  const source = script.slice(0, LONGEST_SCRIPT);
  let quote = "";
  for (let i = 0; i < source.length; i++) {
    const character = source[i] ?? "";
    if (quote === "'") {
      if (character === "'") quote = "";
      else text += character;
    } else if (character === "\\") {
      const next = source[++i] ?? "";
      hasWord ||= next !== "\n";
      if (next !== "\n") text += quote === '"' && !'$`"\\'.includes(next) ? `\\${next}` : next;
    } else if (character === quote) {
      quote = "";
    } else if (quote === "" && (character === "'" || character === '"')) {
      quote = character;
      hasWord = true;
    } else if (quote === "" && (character === " " || character === "\t" || character === "\r")) {
      endWord();
    } else if (quote === "" && OPERATORS.includes(character)) {
      endCommand();
    } else if (quote === "" && character === "#" && !hasWord) {
      while (i + 1 < source.length && source[i + 1] !== "\n") i++;
    } else {
      isDynamic ||= character === "$" || character === "`";
      hasWord = true;
      text += character;
    }
  }
  endCommand();
  return commands;
}
