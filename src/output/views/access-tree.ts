import type { AccessItem, Way } from "../../model/report.ts";
import { age } from "../age.ts";
import { objectName, someOf, subjectTitle } from "./names.ts";
import { chainText, reachText } from "./reach.ts";

const verified: Record<string, string> = {
  true: "confirmed by the server",
  false: "NOT confirmed by the server",
};

/** One subject: what it reads, by which grants, since when; and the grants that do nothing. */
export function accessTree(item: AccessItem, now: string): string[] {
  const usedBy = item.usedBy.length === 0 ? "" : `   runs as it: ${someOf(item.usedBy.map(objectName), 5)}`;
  const branches = [...waysByScope(item.ways).map((ways) => branch(ways, now)), ...item.ineffective.map(ineffective)];
  if (branches.length === 0) branches.push(["no grant to read Secrets was found"]);
  return [
    `${subjectTitle(item.subject)}${usedBy}   reads: ${reachText(item.reach)}`,
    ...branches.flatMap((lines, at) => indent(lines, at === branches.length - 1)),
  ];
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
  const byChain = [...Map.groupBy(ways, ({ chain }) => chainText(chain))];
  const leaves = byChain.map(([chain, [first, ...rest]]) => {
    const notes = [first!, ...rest].flatMap(({ note }) => (note === null ? [] : [note]));
    return [
      chain,
      ...(first!.provedSince === null ? [] : [`granted ${age(first!.provedSince, now)} ago or earlier`]),
      ...(first!.verified === null ? [] : [verified[String(first!.verified)]!]),
      ...new Set(notes),
    ].join("; ");
  });
  return [
    `${verb} ${reachText(scope)} (${edges.join(", ")})`,
    ...leaves.flatMap((leaf, at) => indent([leaf], at === leaves.length - 1)),
  ];
}

function ineffective({ state, chain, why }: AccessItem["ineffective"][number]): string[] {
  return [`${state}: ${chainText(chain)}: ${why}`];
}

function indent([first = "", ...rest]: string[], last: boolean): string[] {
  return [`${last ? "└─" : "├─"} ${first}`, ...rest.map((line) => `${last ? "  " : "│ "} ${line}`)];
}
