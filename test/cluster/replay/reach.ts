import type { Reach } from "../../../src/model/access-report.ts";
import type { WorkloadReplay } from "../../../src/model/replay-report.ts";
import { pathOf } from "../../control-plane/act.ts";
import type { Stored } from "../../control-plane/story.ts";
import { nothing, walk, type Found } from "./agree.ts";
import type { Position, Replayed } from "./positions.ts";
import { idsOf, replaysOf, titleOf } from "./verdicts.ts";

/**
 * Adversary 2: with a token of each workload's account, bound to a pod of it that is there, every Secret of the cluster is
 * asked for, by name and by lists, and answered where the reach covers it and nowhere else. The path's requests are sent too.
 */
export async function reachAgrees(stage: Replayed, position: Position): Promise<Found> {
  const found = nothing();
  const secrets = (await stage.all("Secret")).map(({ metadata }) => metadata as { namespace: string; name: string });
  const namespaces = (await stage.all("Namespace")).map(({ metadata }) => metadata.name as string);
  const pods = await stage.all("Pod");
  for (const one of replaysOf(await stage.report(position), "over-permissive-account")) {
    await walk(stage, one, found);
    const { facts } = one;
    if (facts.kind !== "over-permissive-account" || one.outcome === "not-applicable") continue;
    const subject = { kind: "ServiceAccount" as const, ...facts.account };
    const paths = [
      ...secrets.map(({ namespace, name }) => pathOf("Secret", namespace, name)),
      ...namespaces.map((namespace) => pathOf("Secret", namespace)),
      pathOf("Secret", null),
    ];
    const own = pods.find((pod) => stage.rootOf(pod) === one.workload.uid && isOf(pod, facts.account.name));
    const token = await stage.tokenOf(subject, own?.["metadata"].name as string | undefined);
    const statuses = await statusesOf(stage, token, paths);
    found.sent += paths.length;
    const covered = coveredBy(facts.reach, secrets, namespaces);
    for (const path of paths) {
      if (statuses[path] !== (covered.has(path) ? 200 : 403))
        found.wrong.push(`${titleOf(one)}: GET ${path}: ${String(statuses[path])}`);
      if (statuses[path] === 403) found.refused++;
    }
  }
  return found;
}

function isOf({ spec }: Stored, account: string): boolean {
  return spec.serviceAccountName === account;
}

async function statusesOf({ plane }: Replayed, token: string, paths: readonly string[]) {
  const statuses: Record<string, number> = {};
  for (const path of paths) statuses[path] = (await plane.request("GET", path, undefined, { token })).status;
  return statuses;
}

/** The requests that return no more than the reach says. */
function coveredBy(
  reach: Reach,
  secrets: readonly { namespace: string; name: string }[],
  namespaces: readonly string[],
): Set<string> {
  const whole = namespaces.filter((one) => reach.cluster || reach.namespaces.includes(one));
  const named = secrets.filter(
    ({ namespace, name }) =>
      whole.includes(namespace) || reach.secrets.some((one) => one.namespace === namespace && one.name === name),
  );
  return new Set([
    ...named.map(({ namespace, name }) => pathOf("Secret", namespace, name)),
    ...whole.map((namespace) => pathOf("Secret", namespace)),
    ...(reach.cluster ? [pathOf("Secret", null)] : []),
  ]);
}

/** Workloads whose pods show a token although they are said to get none, or none although they are said to get one. */
export async function tokensDiffer(stage: Replayed): Promise<string[]> {
  const pods = await stage.all("Pod");
  const replays = replaysOf(await stage.report("model"), "over-permissive-account");
  return replays
    .filter(({ outcome }) => outcome !== "not-applicable")
    .filter((one: WorkloadReplay) => {
      const own = pods.filter((pod) => stage.rootOf(pod) === one.workload.uid);
      return own.length === 0 || own.some((pod) => hasToken(pod) === idsOf(one).includes("no-token"));
    })
    .map(titleOf);
}

function hasToken({ spec }: Stored): boolean {
  const sources = (spec.volumes ?? []).flatMap((volume: Stored) => (volume["projected"]?.sources ?? []) as Stored[]);
  return (sources as Stored[]).some((source) => source["serviceAccountToken"] !== undefined);
}
