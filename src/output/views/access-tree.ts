import type { AccessItem, Way } from "../../model/report.ts";
import { age } from "../age.ts";
import { objectName, someOf, subjectTitle } from "./names.ts";
import { chainText, knownReach, reachText } from "./reach.ts";

const verified: Record<string, string> = {
  true: "confirmed by the server",
  false: "NOT confirmed by the server",
};

/** One subject: what it reads, by which grants, since when; and the grants that do nothing. */
export function accessTree(item: AccessItem, now: string): string[] {
  const usedBy = item.usedBy.length === 0 ? "" : `   runs as it: ${someOf(item.usedBy.map(objectName), 5)}`;
  const branches = [...waysByScope(item.ways).map((ways) => branch(ways, now)), ...item.ineffective.map(ineffective)];
  if (branches.length === 0) branches.push([nothingFound(item)]);
  return [
    `${subjectTitle(item.subject)}${usedBy}   reads: ${knownReach(item)}`,
    ...branches.flatMap((lines, at) => indent(lines, at === branches.length - 1)),
  ];
}

function nothingFound({ reachIsBound }: AccessItem): string {
  if (!reachIsBound) return "no grant to read Secrets was found";
  return "what it reads is unknown: not every role and binding was seen, and none that was grants a Secret";
}

/** Ways to the same Secrets with the same effect stand together. */
function waysByScope(ways: Way[]): Way[][] {
  return [...Map.groupBy(ways, ({ effect, scope }) => JSON.stringify([effect, scope])).values()];
}

function branch(ways: Way[], now: string): string[] {
  const { effect, scope } = ways[0]!;
  const verb = effect === "read" ? "reads" : effect;
  const edges = [...new Set(ways.map(({ edge }) => edge))];
  // Several verbs of one rule make one line.
  const alike = Map.groupBy(ways, (way) => JSON.stringify([chainText(way.chain), way.provedSince, way.verified]));
  const leaves = [...alike.values()].map((group) => {
    const { chain, provedSince, verified: answer } = group[0]!;
    return [
      chainText(chain),
      ...(provedSince === null ? [] : [`granted ${age(provedSince, now)} ago or earlier`]),
      ...(answer === null ? [] : [verified[String(answer)]!]),
      ...notes(group),
    ].join("; ");
  });
  return [
    `${verb} ${reachText(scope)} (${edges.join(", ")})`,
    ...leaves.flatMap((leaf, at) => indent([leaf], at === leaves.length - 1)),
  ];
}

/** A note that is not about all verbs of a line says about which. */
function notes(ways: Way[]): string[] {
  const byNote = Map.groupBy(ways, ({ note }) => note ?? "");
  return [...byNote]
    .filter(([note]) => note !== "")
    .map(([note, about]) => (byNote.size === 1 ? note : `${about.map(({ edge }) => edge).join(", ")} ${note}`));
}

function ineffective({ state, chain, why }: AccessItem["ineffective"][number]): string[] {
  return [`${state}: ${chainText(chain)}: ${why}`];
}

function indent([first = "", ...rest]: string[], last: boolean): string[] {
  return [`${last ? "└─" : "├─"} ${first}`, ...rest.map((line) => `${last ? "  " : "│ "} ${line}`)];
}
