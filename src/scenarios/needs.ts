import type { AdversaryId } from "../model/replay-report.ts";
import type { Resource } from "../model/snapshot.ts";

/** The adversaries as the threat model counts them, from 1. */
export const ADVERSARIES = [
  "completed-pod",
  "over-permissive-account",
  "concurrent-rotation",
  "image-substitution",
  "stale-accumulation",
] as const satisfies readonly AdversaryId[];

const RUNS = ["cronjobs", "jobs", "pods"] as const;
const RIGHTS = ["serviceaccounts", "roles", "rolebindings", "clusterroles", "clusterrolebindings"] as const;

/** What each is judged from besides runs; whoever holds a position, by rights as well. */
const MORE: Record<AdversaryId, readonly Resource[]> = {
  "completed-pod": ["configmaps", "nodes"],
  "over-permissive-account": ["namespaces", ...RIGHTS],
  "concurrent-rotation": ["namespaces", ...RIGHTS],
  "image-substitution": ["nodes"],
  "stale-accumulation": ["nodes"],
};

/** The kinds that these adversaries are judged from, each once; `positioned`: replayed from somebody's rights. */
export function needsOf(adversaries: readonly AdversaryId[], positioned: boolean): Resource[] {
  const rights = positioned ? RIGHTS : [];
  return [...new Set<Resource>([...RUNS, ...adversaries.flatMap((id) => MORE[id]), ...rights])];
}

/** True where what an account may do in other namespaces counts, and what runs there. */
export function looksBeyond(adversaries: readonly AdversaryId[], positioned: boolean): boolean {
  return positioned || adversaries.some((id) => MORE[id].includes("rolebindings"));
}
