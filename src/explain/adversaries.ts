import type { Topic, TopicSection } from "../model/topic.ts";
import { scenarios } from "../scenarios/index.ts";
import { ADVERSARIES, needsOf } from "../scenarios/needs.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import { sentence } from "./words.ts";

/** One topic for each adversary of the threat model. */
export function adversaryTopics(): Topic[] {
  return (scenarios as readonly Scenario[]).map((scenario) => ({
    id: scenario.id,
    kind: "adversary",
    title: `Adversary ${String(scenario.number)}: ${scenario.name}`,
    summary: scenario.summary,
    why: [...scenario.why],
    fix: [...scenario.prevent],
    needs: [`\`list\` on ${needsOf([scenario.id], false).join(", ")}`],
    source: scenario.source,
    more: moreOf(scenario),
    related: [...scenario.controls, ...scenario.related],
  }));
}

/** `1` to `5` as the threat model counts; null for anything else. */
export function adversaryByNumber(word: string): string | null {
  return ADVERSARIES.find((_, index) => String(index + 1) === word) ?? null;
}

/** The ids of the adversaries that use a technique of ATT&CK, or one of its sub-techniques, or of the threat matrix; in lower case. */
export function adversariesByTechnique(technique: string): string[] {
  const isIt = (id: string): boolean => id === technique || id.startsWith(`${technique}.`);
  return (scenarios as readonly Scenario[])
    .filter(({ attack, matrix }) => [...attack, ...matrix].some(({ id }) => isIt(id.toLowerCase())))
    .map(({ id }) => id);
}

function moreOf(scenario: Scenario): TopicSection[] {
  const ids = (all: Scenario["attack"]): string[] => all.map(({ id, name }) => `${id} ${name}`);
  return [
    { heading: "Starts from", lines: [sentence(scenario.start)] },
    { heading: "Is after", lines: [sentence(scenario.objective)] },
    { heading: "The hardened workload", lines: [sentence(scenario.defence)] },
    { heading: "ATT&CK", lines: ids(scenario.attack) },
    { heading: "Threat matrix for Kubernetes", lines: ids(scenario.matrix) },
    {
      heading: "On this cluster",
      lines: [
        `\`kubectl cronaudit replay ${String(scenario.number)}\` judges what is there and only reads.`,
        `\`kubectl cronaudit replay --lab ${String(scenario.number)} --context NAME --dry-run=server\` shows what carrying it out in a lab would make.`,
      ],
    },
  ];
}
