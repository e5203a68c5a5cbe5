import type { Resource } from "../../model/snapshot.ts";
import type { AssessContext } from "../context.ts";

const RUNS: readonly Resource[] = ["pods", "jobs", "cronjobs"];

/** What hides objects of batch work in a namespace, in words; empty where what is not in the evidence did not exist. */
export function unseenRuns({ judgement }: AssessContext, namespace: string): string[] {
  const { whole } = judgement.context;
  return RUNS.map((resource) => whole(resource, namespace))
    .filter((hidden) => hidden !== null)
    .map((hidden) => `${hidden} (${namespace})`);
}

/** What hides grants to the position there, in words; empty where all were seen, or there is no position. */
export function unseenGrants({ from, judgement, snapshot }: AssessContext, namespace: string): string[] {
  if (from.length === 0) return [];
  const grants = judgement.world.rbac.whole(namespace) ? [] : [`roles and bindings were not all seen (${namespace})`];
  const others = snapshot.otherAuthorizers === true ? ["the server asks authorizers besides RBAC"] : [];
  return [...grants, ...others];
}

/** `fingerprint 3f2a91c0…`, as far as people compare it. */
export function shortFingerprint(fingerprint: string | null): string {
  return fingerprint === null || fingerprint === "" ? "no fingerprint" : `fingerprint ${fingerprint.slice(0, 8)}…`;
}
