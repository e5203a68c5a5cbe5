import type { Topic, TopicKind } from "../model/topic.ts";
import { adversaryByNumber, adversariesByTechnique } from "./adversaries.ts";
import { checkOfLine } from "./checks/index.ts";

/** Words for all topics of a kind. */
const KINDS: Readonly<Record<string, TopicKind>> = {
  class: "class",
  classes: "class",
  edge: "edge",
  edges: "edge",
  check: "check",
  checks: "check",
  adversary: "adversary",
  adversaries: "adversary",
  scenario: "adversary",
  scenarios: "adversary",
  control: "control",
  controls: "control",
  severity: "severity",
  severities: "severity",
};

/** The kind that a word asks to list, `edges`; null where it is no such word. */
export function kindOf(word: string): TopicKind | null {
  return Object.hasOwn(KINDS, word.toLowerCase()) ? KINDS[word.toLowerCase()]! : null;
}

/**
 * The topics that a word means: an id in any case, an adversary's number, the id of a line of the triage, a technique of
 * ATT&CK or of the threat matrix, or the request of an edge (`get pods/exec`). Empty where it means none. A beginning of
 * an id means none: what is unique today may not be tomorrow.
 */
export function findTopics(word: string, all: readonly Topic[]): Topic[] {
  const typed = word.trim().toLowerCase().replaceAll("_", "-");
  const ids = [typed, adversaryByNumber(typed), checkOfLine(word)].filter((id) => id !== null);
  const exact = all.find((topic) => ids.includes(topic.id));
  if (exact !== undefined) return [exact];
  const byTechnique = adversariesByTechnique(typed);
  return all.filter(
    ({ id, kind, title }) => byTechnique.includes(id) || (kind === "edge" && requestIn(title) === typed),
  );
}

function requestIn(title: string): string {
  return title.toLowerCase().replace(/, by websocket$/, "");
}

/** Ids that hold the word, those that begin with it first; at most so many. */
export function idsWith(word: string, all: readonly Topic[], most: number): string[] {
  const typed = word.toLowerCase();
  if (typed.length < 2) return [];
  const holding = all.map(({ id }) => id).filter((id) => id.includes(typed));
  return holding.sort((a, b) => Number(b.startsWith(typed)) - Number(a.startsWith(typed))).slice(0, most);
}
