import type { Topic } from "../../model/topic.ts";
import { asCalled } from "../as-called.ts";
import { width } from "../width.ts";
import { byKind, sectionsOf } from "./sections.ts";

/** How text for people is laid out. */
export interface TextLayout {
  /** Columns of the terminal. */
  columns: number;
  color: boolean;
  /** How the program is called here; texts say `kubectl cronaudit`. */
  program: string;
}

/** Lines beyond this are hard to read. */
const MOST = 100;

/** Topics one after the other, each with its sections. */
export function topicText(topics: readonly Topic[], layout: TextLayout): string {
  return topics.map((topic) => lines(topic, layout).join("\n")).join("\n\n\n") + "\n";
}

function lines(topic: Topic, layout: TextLayout): string[] {
  const head = `${topic.id} (${topic.kind}): ${topic.title}`;
  return [
    ...fold(head, "", layout).map((line) => bold(line, layout)),
    // Of an edge it says no more than what follows.
    ...(topic.kind === "edge" ? [] : ["", ...fold(topic.summary, "", layout)]),
    ...sectionsOf(topic).flatMap(({ heading, lines: points, verbatim }) => {
      const shown = verbatim
        ? points.map((line) => `  ${line}`.trimEnd())
        : points.flatMap((point) => fold(point, points.length > 1 ? "  - " : "  ", layout));
      return ["", ...fold(`${heading}:`, "", layout).map((line) => bold(line, layout)), ...shown];
    }),
  ];
}

/** Every topic with its summary, by kind. */
export function listText(topics: readonly Topic[], layout: TextLayout): string {
  const blocks = byKind(topics).map(({ title, topics: found }) => {
    const longest = Math.max(...found.map(({ id }) => id.length)) + 4;
    return [
      ...fold(title, "", layout).map((line) => bold(line, layout)),
      ...found.flatMap((topic) => entry(topic, longest, layout)),
      "",
    ].join("\n");
  });
  return `${blocks.join("\n")}\n${bold("Next:", layout)} ${layout.program} explain ID\n`;
}

/** A narrow terminal has the summary under the id. */
function entry({ id, summary }: Topic, longest: number, layout: TextLayout): string[] {
  const columns = Math.min(layout.columns, 140);
  if (columns - longest < 30) return [`  ${id}`, ...fold(summary, "      ", layout)];
  const [first = "", ...others] = fold(summary, " ".repeat(longest), { ...layout, columns }, 140);
  return [`  ${id.padEnd(longest - 2)}${first.trimStart()}`, ...others];
}

/** Text in lines of so many columns; the first begins with `lead`, the others are as far set in. Words are never broken, commands only where they fit in no line. */
function fold(text: string, lead: string, { columns, program }: TextLayout, most = MOST): string[] {
  const room = Math.min(columns, most) - lead.length;
  const made: string[] = [];
  const words = asCalled(text, program).match(/`[^`]*`[^ `]*|[^ ]+/g) ?? [];
  for (const word of words.flatMap((one) => (width(one) > room ? one.split(" ") : [one]))) {
    const line = made.at(-1);
    if (line === undefined || width(line) + 1 + width(word) > room) made.push(word);
    else made[made.length - 1] = `${line} ${word}`;
  }
  return made.map((line, at) => `${at === 0 ? lead : " ".repeat(lead.length)}${line}`);
}

function bold(text: string, { color }: TextLayout): string {
  return color ? `\u001b[1m${text}\u001b[0m` : text;
}
