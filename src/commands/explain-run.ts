import type { Context } from "../cli/command.ts";
import { UsageError } from "../cli/errors.ts";
import { nearest } from "../cli/nearest.ts";
import { openSink } from "../cli/streams.ts";
import { findTopics, idsWith, kindOf } from "../explain/find.ts";
import type { ExplainReport, Topic } from "../model/topic.ts";
import { wantsColor } from "../output/color.ts";
import { topicMarkdown } from "../output/explain/markdown.ts";
import { listText, topicText } from "../output/explain/text.ts";
import { allTopics } from "./explain-topics.ts";

const DEFAULT_WIDTH = 100;
/** Ids that a word which means none is answered with. */
const SUGGESTED = 6;

/** Prints the topics that were asked for, or a list of all; 0. Nothing is printed where one of the words means none. */
export async function explainTopics(context: Context): Promise<number> {
  const all = allTopics();
  const asked = context.words.map((word) => ({ word, found: topicsFor(word, all) }));
  const found = [...new Set(asked.flatMap((one) => one.found))];
  const isList = context.words.length === 0 || asked.every(({ word, found: [first] }) => isOfKind(word, first));
  await openSink(context.io.stdout).write(await written(context.words.length === 0 ? all : found, isList, context));
  return 0;
}

function topicsFor(word: string, all: readonly Topic[]): Topic[] {
  const found = findTopics(word, all);
  if (found.length > 0) return found;
  const kind = kindOf(word);
  if (kind !== null) return all.filter((topic) => topic.kind === kind);
  const holding = idsWith(word, all, SUGGESTED + 1);
  const near =
    holding.length > 0
      ? holding
      : [
          nearest(
            word,
            all.map(({ id }) => id),
          ),
        ].filter((id) => id !== null);
  const more = near.length > SUGGESTED ? [`${near.slice(0, SUGGESTED).join(", ")} and others`] : [near.join(", ")];
  throw new UsageError(`nothing is called "${word}"`, [
    ...(near.length === 0 ? [] : ["Did you mean this?", `\t${more.join("")}`]),
    "Without an id explain lists what there is.",
  ]);
}

/** True for the word of a kind that is no id itself: its topics are listed. */
function isOfKind(word: string, first: Topic | undefined): boolean {
  return kindOf(word) !== null && first?.id !== word.toLowerCase();
}

async function written(topics: readonly Topic[], isList: boolean, { options, io, program }: Context): Promise<string> {
  switch (options.output) {
    case "json":
      return `${JSON.stringify(reportOf(topics), null, 4)}\n`;
    case "yaml":
      return (await import("yaml")).stringify(reportOf(topics), { lineWidth: 0 });
    case "name":
      return topics.map(({ id }) => `${id}\n`).join("");
    case "markdown":
      return topics.map((topic) => topicMarkdown(topic, 2, null)).join("\n");
    case "manifest":
      return topics.map(manifestOf).join("---\n");
    default: {
      const columns = (io.stdout.columns ?? 0) > 0 ? io.stdout.columns! : DEFAULT_WIDTH;
      const color = wantsColor(options.color as "auto", io.stdout.isTTY === true, io.env);
      return (isList ? listText : topicText)(topics, { columns, color, program });
    }
  }
}

/** Only a ClusterRole has one. */
function manifestOf({ id, more }: Topic): string {
  const manifest = more.find(({ verbatim }) => verbatim === true);
  if (manifest !== undefined) return manifest.lines.map((line) => `${line}\n`).join("");
  throw new UsageError(`${id} has no manifest`, ["ClusterRoles have: explain rights lists them."]);
}

function reportOf(topics: readonly Topic[]): ExplainReport {
  return { apiVersion: "cronaudit/v1", kind: "ExplainReport", items: [...topics] };
}
