import { templateOf } from "../../exposure/literals.ts";
import type { Resource } from "../../model/snapshot.ts";
import type { AssessContext, ReplayWorkload } from "../context.ts";

const RUNS: readonly Resource[] = ["pods", "jobs", "cronjobs"];

/** What hides objects of batch work in a namespace, in words; empty where what is not in the evidence did not exist. */
export function unseenRuns({ judgement }: AssessContext, namespace: string): string[] {
  const { whole } = judgement.context;
  return RUNS.map((resource) => whole(resource, namespace))
    .filter((hidden) => hidden !== null)
    .map((hidden) => `${hidden} (${namespace})`);
}

/** The ConfigMaps that the workload's templates name and that were not seen, in words: whether they hold a credential is unknown. */
export function unseenConfigMaps({ judgement, snapshot }: AssessContext, workload: ReplayWorkload): string[] {
  const namespace = workload.ref.namespace ?? "";
  const hidden = judgement.context.whole("configmaps", namespace);
  if (hidden === null) return [];
  const here = snapshot.configmaps.filter(({ meta }) => meta.namespace === namespace);
  const seen = new Set(here.map(({ meta }) => meta.name));
  const templates = [workload.object, ...workload.jobs, ...workload.pods].map(templateOf);
  const named = new Set(
    templates.flatMap((template) => template.configMapReferences.map(({ configMap }) => configMap)),
  );
  return [...named]
    .filter((name) => !seen.has(name))
    .sort()
    .map((name) => `what configmap/${name} holds: ${hidden} (${namespace})`);
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
