import type { AdversaryId, CredentialHistory, ReplayStep, WorkloadReplay } from "../../../src/model/replay-report.ts";
import type { Answer } from "../../control-plane/provider.ts";
import type { Stored } from "../../control-plane/story.ts";
import { carryOut, fingerprintsIn, objectsOf, valueAt } from "./done.ts";
import type { Position, Replayed } from "./positions.ts";
import { replaysOf, titleOf } from "./verdicts.ts";

/** What was found when a report's claims were carried out, in words and without a value. */
export interface Found {
  wrong: string[];
  /** Requests that were sent, and those of them that were refused. */
  sent: number;
  refused: number;
}

export const nothing = (): Found => ({ wrong: [], sent: 0, refused: 0 });

/** The steps of a path that are requests by somebody known. */
export function requestsIn({ path }: Pick<WorkloadReplay, "path">): ReplayStep[] {
  return path.filter(({ as, request }) => as !== null && request !== null);
}

/** Sends every request of a path with its actor's token: what is said to be allowed is, and all else is refused. */
export async function walk(stage: Replayed, one: WorkloadReplay, found: Found): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const { as, act, request, allowed, verified } of requestsIn(one)) {
    const answer = await carryOut(stage.plane, await stage.tokenOf(as!), request!);
    answers.push(answer);
    found.sent++;
    if (answer.status === 403) found.refused++;
    const fits = allowed === true ? answer.status < 300 : allowed === false && answer.status === 403;
    if (!fits) found.wrong.push(`${titleOf(one)}: ${act}: ${String(answer.status)}, said ${String(allowed)}`);
    if (verified !== allowed) found.wrong.push(`${titleOf(one)}: ${act}: the server says ${String(verified)}`);
  }
  return answers;
}

/** Adversary 1: each credential stands where it is said to, in what the path's requests return, and none besides. */
export async function readsAgree(stage: Replayed, position: Position): Promise<Found> {
  const found = nothing();
  for (const one of replaysOf(await stage.report(position), "completed-pod")) {
    const objects = ofWorkload(stage, one, objectsOf(await walk(stage, one, found)));
    if (one.facts.kind !== "completed-pod") continue;
    for (const { name, object, path, fingerprint } of one.facts.reads) {
      const got = objects.find(({ metadata }) => metadata.uid === object.uid);
      const isThere = fingerprintsIn(stage.mask, valueAt(got, path)).has(fingerprint ?? "");
      if (!isThere) found.wrong.push(`${titleOf(one)}: ${name} is not in ${object.name} ${path}`);
    }
    const claimed = one.facts.reads.map(({ fingerprint }) => fingerprint ?? "");
    found.wrong.push(...differences(titleOf(one), new Set(claimed), stage.valuesIn(objects)));
  }
  return found;
}

/** Adversary 5: the history as the lists tell it, rebuilt without the program. */
export async function historiesAgree(stage: Replayed, position: Position): Promise<Found> {
  const found = nothing();
  const replays = replaysOf(await stage.report(position), "stale-accumulation");
  const answers: Answer[] = [];
  for (const one of replays) answers.push(...(await walk(stage, one, found)));
  const all = objectsOf(answers);
  for (const one of replays) {
    if (one.facts.kind !== "stale-accumulation") continue;
    const objects = ofWorkload(stage, one, all);
    for (const history of one.facts.histories) {
      found.wrong.push(...historyDiffers(stage, history, objects).map((what) => `${titleOf(one)}: ${what}`));
    }
    const claimed = one.facts.histories.flatMap(({ values }) => values.map(({ fingerprint }) => fingerprint));
    found.wrong.push(...differences(titleOf(one), new Set(claimed), stage.valuesIn(objects)));
  }
  return found;
}

function historyDiffers({ mask }: Replayed, history: CredentialHistory, objects: readonly Stored[]): string[] {
  const { name, field, values, runs, rotations } = history;
  const held = objects.map((object) => {
    const { metadata, spec, status } = object;
    const place: unknown = field.startsWith("metadata.") ? metadata.annotations : [spec, status];
    return { object, prints: fingerprintsIn(mask, place) };
  });
  const wrong: string[] = [];
  for (const { fingerprint, runs: count, firstRun, lastRun } of values) {
    const holders = held.filter(({ prints }) => prints.has(fingerprint)).map(({ object }) => object["metadata"].uid);
    if (holders.length !== count) wrong.push(`${name} is in ${String(holders.length)}, said ${String(count)}`);
    if (![firstRun.uid, lastRun.uid].every((uid) => holders.includes(uid))) wrong.push(`${name}: first or last run`);
  }
  // One entry for each run: the Job where it is seen, which starts before its pod.
  const ofRun = Map.groupBy(held, ({ object }) => runOf(object));
  const order = [...ofRun.values()]
    .map((its) => ({ at: its.map(({ object }) => object["status"].startTime as string).sort()[0]!, its }))
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  const told = order.flatMap(({ its }) =>
    values.flatMap(({ fingerprint }, at) => (its.some(({ prints }) => prints.has(fingerprint)) ? [at] : [])),
  );
  if (told.join() !== runs.map(({ value }) => value).join()) wrong.push(`${name}: the order of its values`);
  const changes = told.filter((value, at) => at > 0 && value !== told[at - 1]).length;
  if (changes !== rotations) wrong.push(`${name}: ${String(changes)} rotations, said ${String(rotations)}`);
  return wrong;
}

/** The uid of the Job that a pod is of, or its own. */
function runOf({ metadata }: Stored): string {
  const owner = metadata.ownerReferences?.find(({ kind }: Stored) => kind === "Job");
  return owner?.uid ?? metadata.uid;
}

function ofWorkload(stage: Replayed, { workload }: WorkloadReplay, objects: readonly Stored[]): Stored[] {
  return objects.filter((object) => stage.rootOf(object) === workload.uid);
}

function differences(title: string, claimed: ReadonlySet<string>, held: ReadonlySet<string>): string[] {
  const missed = [...held].filter((one) => !claimed.has(one)).length;
  const invented = [...claimed].filter((one) => !held.has(one)).length;
  return missed + invented === 0 ? [] : [`${title}: ${String(missed)} missed, ${String(invented)} invented`];
}

/**
 * Every request of these adversaries' paths, with the token of somebody else: how many, by status. What one may do oneself
 * everybody may ask.
 */
export async function tryAs(
  stage: Replayed,
  position: Position,
  adversaries: readonly AdversaryId[],
  token: string,
): Promise<Record<number, number>> {
  const statuses: Record<number, number> = {};
  const report = await stage.report(position);
  const steps = adversaries.flatMap((id) => replaysOf(report, id).flatMap(requestsIn));
  const requests = new Map(steps.map(({ act, request }) => [act, request!]));
  for (const request of requests.values()) {
    if (request.resource === "selfsubjectrulesreviews") continue;
    const { status } = await carryOut(stage.plane, token, request);
    statuses[status] = (statuses[status] ?? 0) + 1;
  }
  return statuses;
}
