import { safe } from "../text.ts";

/** Words that no dialect of Markdown takes for more than words: no markup, link, mention, reference, emoji or formula. */
const word = /^[("']{0,2}[A-Za-z0-9]+(?:[.,'/+-][A-Za-z0-9]+)*%?(?:[)"'%]|…){0,2}[,.;:]?$/;
/** What looks like one and is none: a web address, an issue, a commit, a number that would begin a list. */
const telling = /^\d+[.)]$|www\.|GH-\d|\b[0-9a-f]{7,}\b/i;
const stop = /^[-–—,;:.&/+]$/;

/**
 * Text as a piece of Markdown that shows it and nothing else: plain words as they are, everything else as code, in which no
 * markup, no link, no mention of a person and no number of an issue is looked for. Runs of spaces become one.
 */
export function markdownText(text: string): string {
  const parts: string[] = [];
  let code: string[] = [];
  const flush = (): void => {
    if (code.length > 0) parts.push(markdownCode(code.join(" ")));
    code = [];
  };
  for (const [at, token] of safe(text)
    .split(/ +/)
    .filter((part) => part !== "")
    .entries()) {
    const isPlain =
      (word.test(token) && !telling.test(token)) || (stop.test(token) && at > 0 && !/^[-+&]$/.test(token));
    if (!isPlain) code.push(token);
    else {
      flush();
      parts.push(token);
    }
  }
  flush();
  return parts.join(" ");
}

/** Text as code within a line, also within a cell of a table. */
export function markdownCode(text: string): string {
  const shown = safe(text);
  if (/^[^`|\\]+$/.test(shown) && !/^ | $/.test(shown)) return `\`${shown}\``;
  const characters = shown.replaceAll(/[^A-Za-z0-9 ]/g, (character) => `&#${character.codePointAt(0)!};`);
  return `<code>${characters === "" ? " " : characters}</code>`;
}

/** Lines as a block of code, each as it is, but for what would steer a terminal. */
export function markdownBlock(lines: readonly string[], language: "sh" | "text"): string[] {
  const shown = lines.map((line) => safe(line).trimEnd());
  const longest = shown.join("\n").match(/`+/g) ?? [];
  const fence = "`".repeat(Math.max(3, ...longest.map((run) => run.length + 1)));
  return [`${fence}${language}`, ...shown, fence];
}

/** The lines of a table; its cells are Markdown already. */
export function* markdownTable(headers: readonly string[], rows: Iterable<readonly string[]>): Generator<string> {
  yield `| ${headers.join(" | ")} |`;
  yield `|${headers.map(() => " --- |").join("")}`;
  for (const row of rows) yield `| ${row.join(" | ")} |`;
}
