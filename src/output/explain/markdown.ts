import type { Topic } from "../../model/topic.ts";
import { SEE_ALSO, sectionsOf } from "./sections.ts";

/** How ids are linked to in a page: the page that explains the id, or null where it is of this page. */
export type Linked = (id: string) => string | null;

/** A topic as a section of a Markdown page, its heading on the level that is given; `linked` null: ids are no links. */
export function topicMarkdown(topic: Topic, level: number, linked: Linked | null): string {
  const head = "#".repeat(level);
  const sections = sectionsOf(topic).map(({ heading, lines, verbatim }) => {
    if (heading === SEE_ALSO) return `**${heading}:** ${topic.related.map((id) => link(id, linked)).join(", ")}`;
    if (verbatim === true) return `**${heading}:**\n\n\`\`\`yaml\n${lines.join("\n")}\n\`\`\``;
    if (lines.length === 1) return `**${heading}:** ${inline(lines[0]!)}`;
    return `**${heading}:**\n\n${lines.map((line) => `- ${inline(line)}`).join("\n")}`;
  });
  // Of an edge the sentence says no more than what follows.
  const about = topic.kind === "edge" ? "" : ` ${inline(topic.summary)}`;
  return [`${head} ${topic.id}`, `**${inline(topic.title)}.**${about}`, ...sections].join("\n\n") + "\n";
}

function link(id: string, linked: Linked | null): string {
  if (linked === null) return `\`${id}\``;
  return `[${id}](${linked(id) ?? ""}#${id})`;
}

/** Text with what Markdown would take for markup, outside of code, written out. */
export function inline(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith("`") ? part : part.replaceAll(/[\\*_[\]<>|]/g, "\\$&")))
    .join("");
}
