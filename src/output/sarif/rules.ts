import type { Severity } from "../../model/report.ts";
import type { Topic, TopicKind } from "../../model/topic.ts";
import type { Finding } from "./finding.ts";

/** Where the project is published. */
export const HOME = "https://github.com/kubectl-cronaudit/kubectl-cronaudit";

const pages: Partial<Record<TopicKind, string>> = {
  class: "classes",
  edge: "edges",
  check: "checks",
  adversary: "adversaries",
};

/** SARIF's levels, and the scores by which code-scanning viewers tell critical, high, medium and low apart. */
const levels: Record<Severity, { level: "error" | "warning" | "note"; score: string }> = {
  critical: { level: "error", score: "9.5" },
  high: { level: "error", score: "8.0" },
  medium: { level: "warning", score: "5.5" },
  low: { level: "note", score: "2.5" },
  info: { level: "note", score: "0.5" },
};

/** SARIF's level of a finding; what is not known to hold has none. */
export function levelOf({ severity, open }: Finding): string {
  return open === true ? "none" : levels[severity].level;
}

/**
 * The id of a finding's rule: `literal-env:critical`. Viewers take the severity from the rule, so that each severity needs a rule
 * of its own.
 */
export function ruleId({ topic, severity }: Finding): string {
  return `${topic}:${severity}`;
}

/** The rule of a finding, with what is known of it; without a topic only what its name says. */
export function ruleOf(finding: Finding, topic: Topic | null): object {
  const { severity } = finding;
  const title = topic?.title ?? "Exposed credential";
  const summary = topic?.summary ?? "A credential can be read in objects of batch workloads.";
  return {
    id: ruleId(finding),
    name: pascal(`${finding.topic}-${severity}`),
    shortDescription: { text: sentence(`${title}, ${severity}`) },
    fullDescription: { text: sentence(summary) },
    help: { text: helpText(topic, summary), markdown: helpMarkdown(topic, summary) },
    helpUri: topic === null ? `${HOME}/blob/main/docs/exposure.md` : pageOf(topic),
    defaultConfiguration: { level: levels[severity].level },
    properties: {
      "security-severity": levels[severity].score,
      severity,
      tags: ["security", "kubernetes", ...(topic === null ? [] : [topic.kind])],
    },
  };
}

function pageOf({ kind, id }: Topic): string {
  const page = pages[kind];
  return page === undefined ? HOME : `${HOME}/blob/main/docs/${page}.md#${id}`;
}

function helpText(topic: Topic | null, summary: string): string {
  if (topic === null) return sentence(summary);
  return [sentence(summary), ...topic.why, ...topic.fix.map((line) => `- ${line}`)].join("\n");
}

function helpMarkdown(topic: Topic | null, summary: string): string {
  if (topic === null) return sentence(summary);
  const points = (heading: string, lines: string[]): string[] =>
    lines.length === 0 ? [] : ["", `## ${heading}`, "", ...lines.map((line) => `- ${line}`)];
  return [sentence(summary), ...points("Why", topic.why), ...points("Fix", topic.fix)].join("\n");
}

function pascal(id: string): string {
  return id
    .split("-")
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join("");
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
