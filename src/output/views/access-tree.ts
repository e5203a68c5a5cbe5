import type { AccessItem, Way } from "../../model/report.ts";
import { age } from "../age.ts";
import { objectName, someOf, subjectTitle } from "./names.ts";
import { chainText, isNothing, knownReach, reachText, wayText } from "./reach.ts";

const verified: Record<string, string> = {
  true: "✓ confirmed by the server",
  false: "NOT confirmed by the server",
};

/** Lines of a tree: a title and what hangs below it. */
interface Branch {
  title: string;
  below: Branch[];
}

/** One subject: what it reads, by which chains, since when; and the grants that do nothing. */
export function accessTree(item: AccessItem, now: string): string[] {
  const usedBy = item.usedBy.length === 0 ? "" : `   runs as it: ${someOf(item.usedBy.map(objectName), 5)}`;
  const maybe = isNothing(item.maybe) ? "" : `; maybe ${reachText(item.maybe)}`;
  const title = `${subjectTitle(item.subject)}${usedBy}   reads: ${knownReach(item)}${maybe}`;
  const below = [...branchesOf(item.ways, now), ...item.ineffective.map(ineffective)];
  if (item.ways.every(({ scope }) => isNothing(scope))) below.unshift({ title: nothingFound(item), below: [] });
  return linesOf({ title, below });
}

function nothingFound({ reachIsBound }: AccessItem): string {
  if (!reachIsBound) return "no way to a Secret was found";
  return "what it reads is unknown: not every role and binding was seen, and none that was leads to a Secret";
}

/** Ways that do the same stand together; longer ones below the first step that they begin with. */
function branchesOf(ways: readonly Way[], now: string): Branch[] {
  const first = ways.filter(({ edges }) => edges.length === 1);
  const longer = ways.filter(({ edges }) => edges.length > 1);
  const groups = Map.groupBy(first, ({ effect, scope, leadsTo }) => JSON.stringify([effect, scope, leadsTo]));
  const placed = new Set<Way>();
  const branches = [...groups.values()].map((group): Branch => {
    const edges = [...new Set(group.map(({ edge }) => edge))];
    const onward = longer.filter((way) => !placed.has(way) && group.some((step) => begins(way, step)));
    for (const way of onward) placed.add(way);
    return {
      title: `${wayText(group[0]!)} (${edges.join(", ")})`,
      below: [...leaves(group, now), ...onward.map((way) => addition(way, group))],
    };
  });
  const rest = longer.filter((way) => !placed.has(way));
  return [...branches, ...rest.map((way) => ({ title: wayText(way), below: leaves([way], now) }))];
}

function begins(way: Way, step: Way): boolean {
  return (
    way.edge === step.edge && step.chain.every((link, at) => JSON.stringify(way.chain[at]) === JSON.stringify(link))
  );
}

/** What a longer way adds, and by which further links. */
function addition(way: Way, group: readonly Way[]): Branch {
  const step = group.find((one) => begins(way, one))!;
  const rest = chainText(way.chain.slice(step.chain.length));
  const adds = isNothing(way.scope)
    ? wayText(way)
    : `${way.effect === "maybe" ? "maybe adds" : "adds"} ${reachText(way.scope)}`;
  return {
    title: `${adds} (${way.edges.slice(1).join(" → ")}): ${rest}${way.note === null ? "" : `; ${way.note}`}`,
    below: [],
  };
}

/** Several verbs of one rule make one line. */
function leaves(ways: readonly Way[], now: string): Branch[] {
  const alike = Map.groupBy(ways, (way) => JSON.stringify([chainText(way.chain), way.provedSince, way.verified]));
  return [...alike.values()].map((group) => {
    const { chain, provedSince, verified: answer } = group[0]!;
    const title = [
      chainText(chain),
      ...(provedSince === null ? [] : [`granted ${age(provedSince, now)} ago or earlier`]),
      ...(answer === null ? [] : [verified[String(answer)]!]),
      ...notes(group),
    ].join("; ");
    return { title, below: [] };
  });
}

/** A note that is not about all verbs of a line says about which. */
function notes(ways: readonly Way[]): string[] {
  const byNote = Map.groupBy(ways, ({ note }) => note ?? "");
  return [...byNote]
    .filter(([note]) => note !== "")
    .map(([note, about]) => (byNote.size === 1 ? note : `${about.map(({ edge }) => edge).join(", ")} ${note}`));
}

function ineffective({ state, chain, why }: AccessItem["ineffective"][number]): Branch {
  return { title: `${state}: ${chainText(chain)}: ${why}`, below: [] };
}

function linesOf({ title, below }: Branch): string[] {
  return [
    title,
    ...below.flatMap((branch, at) => {
      const last = at === below.length - 1;
      const [first = "", ...rest] = linesOf(branch);
      return [`${last ? "└─" : "├─"} ${first}`, ...rest.map((line) => `${last ? "  " : "│ "} ${line}`)];
    }),
  ];
}
