import type { Oracle, OracleCase } from "../control-plane/oracle.ts";
import { isModelled, type Judge } from "./ours.ts";
import { randomCases } from "./random-case.ts";
import { shrink } from "./shrink.ts";

/** The smallest case found on which the two differ; it has one request. */
export interface Disagreement {
  /** Makes the whole case again: `--seed SEED --cases 40`. */
  seed: number;
  minimal: OracleCase;
  ours: string;
  theirs: string;
}

export interface Comparison {
  decisions: number;
  /** How many of them the oracle allowed, by RBAC or as a node. */
  allowed: number;
  allowedByNode: number;
  seconds: number;
  /** The first disagreement; the comparison ends with it. */
  disagreement: Disagreement | null;
}

/** Asks the oracle and a judge the same random requests, the same for the same seed, until they differ. */
export async function compare(
  oracle: Oracle,
  judge: Judge,
  { seed, decisions, progress }: { seed: number; decisions: number; progress?: (done: number) => void },
): Promise<Comparison> {
  const begun = performance.now();
  const result = { decisions: 0, allowed: 0, allowedByNode: 0 };
  let disagreement: Disagreement | null = null;
  for await (const [asked, theirs] of oracle.answers(randomCases(seed, decisions))) {
    result.decisions += theirs.length;
    for (const digit of theirs) {
      if (digit !== "0") result.allowed++;
      if (digit === "2" || digit === "3") result.allowedByNode++;
    }
    const wrong = differing(asked, judge(asked), theirs);
    if (wrong !== null) {
      disagreement = { seed: asked.seed, ...(await smallest(oracle, judge, only(asked, wrong))) };
      break;
    }
    progress?.(result.decisions);
  }
  return { ...result, seconds: (performance.now() - begun) / 1000, disagreement };
}

/** Index of the first request on which the answers differ, or null. */
export function differing(asked: OracleCase, ours: string, theirs: string): number | null {
  if (ours === theirs) return null;
  for (const [index, { user, request }] of asked.requests.entries()) {
    const [we, they] = [Number(ours[index]), Number(theirs[index])];
    const counts = isModelled(asked.users[user]!, request) ? 3 : 1;
    if ((we & counts) !== (they & counts)) return index;
  }
  return null;
}

/** The case with one of its requests alone. */
function only(asked: OracleCase, index: number): OracleCase {
  const { user, request } = asked.requests[index]!;
  const { objects, deleted = [] } = asked;
  return { objects, deleted, users: [asked.users[user]!], requests: [{ user: 0, request }] };
}

async function smallest(oracle: Oracle, judge: Judge, asked: OracleCase): Promise<Omit<Disagreement, "seed">> {
  const differs = async (smaller: OracleCase) => differing(smaller, judge(smaller), await oracle.ask(smaller)) !== null;
  const minimal = await shrink(asked, differs);
  return { minimal, ours: judge(minimal), theirs: await oracle.ask(minimal) };
}

/** One line on what was compared. */
export function summary(
  { decisions, allowed, allowedByNode, seconds, disagreement }: Comparison,
  seed: number,
): string {
  const share = ((100 * allowed) / decisions).toFixed(1);
  return (
    `seed ${String(seed)}: ${String(decisions)} decisions, ${String(allowed)} allowed (${share} %; ${String(allowedByNode)} to nodes), ` +
    `${disagreement === null ? "0 disagreements" : "1 DISAGREEMENT"}, ${(decisions / seconds).toFixed(0)} decisions/s`
  );
}

/** Whether the random requests prove anything: where all or none were allowed, they would not. */
export function isTelling({ decisions, allowed }: Comparison): boolean {
  return allowed > 0.05 * decisions && allowed < 0.6 * decisions;
}
