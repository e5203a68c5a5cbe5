import { readFileSync } from "node:fs";
import { join } from "node:path";
import { lexer, type Token, type Tokens } from "marked";
import { expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { topicPages } from "../../../scripts/docs/topic-pages.ts";
import { allTopics } from "../../../src/commands/explain-topics.ts";
import type { Topic } from "../../../src/model/topic.ts";
import { topicText } from "../../../src/output/explain/text.ts";

const all = allTopics();
const pages = topicPages();
const docs = join(import.meta.dirname, "../../../docs");

/** What a reader of the page sees: text without markup, in one line. */
function seen(tokens: readonly Token[]): string {
  return tokens.map(textOf).join(" ").replaceAll(/\s+/g, " ");
}

function textOf(token: Token): string {
  if (token.type === "space") return "";
  if (token.type === "list") return (token as Tokens.List).items.map((item) => seen(item.tokens)).join(" ");
  if ("tokens" in token && token.tokens !== undefined) return token.tokens.map(textOf).join("");
  if (token.type === "html") throw new Error(`markup that nobody wrote: ${token.raw}`);
  return unescaped((token as Tokens.Text).text);
}

const unescaped = (text: string): string =>
  text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");

/** The sections of all pages by their headings. */
const sections = new Map<string, string>();
const links: { page: string; href: string }[] = [];
for (const [page, text] of pages) {
  let heading = "";
  const parts = new Map<string, Token[]>();
  for (const token of lexer(text)) {
    if (token.type === "heading" && (token as Tokens.Heading).depth === 2) heading = (token as Tokens.Heading).text;
    else if (heading !== "") parts.set(heading, [...(parts.get(heading) ?? []), token]);
    for (const [, href] of token.raw.matchAll(/\]\(([^)]*)\)/g)) links.push({ page, href: href! });
  }
  for (const [id, tokens] of parts) sections.set(id, seen(tokens));
}

const plain = (text: string): string => text.replaceAll("`", "").replaceAll(/\s+/g, " ");
const linesOf = ({ title, why, fix, needs, source, more }: Topic): string[] => [
  title,
  ...why,
  ...fix,
  ...needs,
  source,
  ...more.flatMap(({ heading, lines }) => [heading, ...lines]),
];

test("every topic is on one page, and the pages have nothing else", () => {
  expect([...sections.keys()].sort()).toEqual(all.map(({ id }) => id).sort());
});

test("a Markdown parser sees on its page all that a topic says", () => {
  expect(lacking((topic) => sections.get(topic.id)!)).toEqual([]);
});

test("a reader of a terminal sees it as well", () => {
  const shown = (topic: Topic): string => {
    const text = topicText([topic], { columns: 80, color: false, program: "kubectl cronaudit" });
    // Points of a list and lines of a manifest begin alike.
    return plain(text) + plain(text.replaceAll("\n  - ", "\n"));
  };
  expect(lacking(shown)).toEqual([]);
});

function lacking(shown: (topic: Topic) => string): string[] {
  return all.flatMap((topic) => {
    const text = shown(topic);
    const lines = linesOf(topic).map(plain);
    return lines.filter((line) => !text.includes(line)).map((line) => `${topic.id}: ${line}`);
  });
}

test("links lead to topics and files that are there", () => {
  expect(links.length).toBeGreaterThan(500);
  const wrong = links.filter(({ page, href }) => {
    const [file = "", anchor] = href.split("#");
    const target = file === "" ? page : join("docs", file);
    if (anchor === undefined) return !readable(target);
    return !(pages.get(target) ?? "").includes(`\n## ${anchor}\n`);
  });
  expect(wrong).toEqual([]);
});

function readable(path: string): boolean {
  try {
    return readFileSync(join(docs, "..", path)).length > 0;
  } catch {
    return false;
  }
}

test("explain prints each ClusterRole of docs/rbac.yaml and docs/replay-rbac.yaml as it stands there", () => {
  const published = ["rbac.yaml", "replay-rbac.yaml"].flatMap((file) =>
    parseAllDocuments(readFileSync(join(docs, file), "utf8")).map((document) => document.toJS() as unknown),
  );
  const explained = all
    .filter(({ kind, id }) => kind === "rights" && id !== "rights")
    .map(({ more }) => parse(more.find(({ verbatim }) => verbatim === true)!.lines.join("\n")) as unknown);
  expect(published.length).toBeGreaterThan(15);
  expect(explained).toEqual(published);
});
