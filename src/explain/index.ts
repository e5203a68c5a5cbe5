import type { Topic } from "../model/topic.ts";
import { adversaryTopics } from "./adversaries.ts";
import { checkTopics } from "./checks/index.ts";
import { classTopics } from "./classes.ts";
import { controlTopics } from "./controls.ts";
import { edgeTopics } from "./edges.ts";
import { severityTopics } from "./severities.ts";

let made: readonly Topic[] | null = null;
let byId: ReadonlyMap<string, Topic> | null = null;

/**
 * Everything that the judgement knows, by kind and in the order of its registries; the same array at every call. What the
 * commands themselves need is in commands/explain-topics.ts.
 */
export function topics(): readonly Topic[] {
  made ??= [
    ...classTopics(),
    ...checkTopics(),
    ...adversaryTopics(),
    ...controlTopics(),
    ...severityTopics(),
    ...edgeTopics(),
  ];
  return made;
}

/** The topic with exactly this id; null where there is none. */
export function topicOf(id: string): Topic | null {
  byId ??= new Map(topics().map((topic) => [topic.id, topic]));
  return byId.get(id) ?? null;
}
