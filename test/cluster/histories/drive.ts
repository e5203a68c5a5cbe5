import { setTimeout as sleep } from "node:timers/promises";
import { list, pathOf, waitFor } from "../../control-plane/act.ts";
import { podAnnotations } from "../../control-plane/pod-annotations.ts";
import type { ControlPlane } from "../../control-plane/provider.ts";
import { stamp, type Stored } from "../../control-plane/story.ts";
import { etcdOf, jobNameAt, secondsAfter, storageKey } from "../../control-plane/time.ts";
import type { Ending, History } from "./draw.ts";
import { endIn } from "./write.ts";

/** Changes many stored objects of a kind, past the API server. */
export async function rewriteMany(
  plane: ControlPlane,
  kind: string,
  namespace: string,
  edits: ReadonlyMap<string, (object: Stored) => void>,
): Promise<void> {
  const entries = await Promise.all(
    [...edits].map(async ([name, edit]) => {
      const key = storageKey(kind, namespace, name);
      const value = (await etcdOf(plane).get(key)) as Stored | null;
      if (value === null) return [];
      edit(value);
      return [{ key, value }];
    }),
  );
  await etcdOf(plane).putMany(entries.flat());
}

/** Lets the controller meet one slot of each CronJob now, with runs that end as the round has it. */
export async function meetSlot(
  plane: ControlPlane,
  namespace: string,
  histories: readonly History[],
  slot: Date,
  endingOf: (history: History) => Ending,
  resume: (history: History) => boolean,
): Promise<void> {
  const before = new Date();
  const only = [slot.getUTCMinutes(), slot.getUTCHours(), slot.getUTCDate(), slot.getUTCMonth() + 1, "*"].join(" ");
  // A change of the schedule alone makes the controller look again at its next slot, not now.
  const prepare = (history: History) => (cronJob: Stored) => {
    const { spec } = cronJob;
    if (history.flaw !== "schedule" && history.flaw !== "no-date") spec.schedule = only;
    if (resume(history)) spec.suspend = false;
    const exitCode = endingOf(history) === "Complete" ? "0" : "1";
    spec.jobTemplate.spec.template.metadata.annotations = { [podAnnotations.exitCode]: exitCode };
    cronJob["status"].lastScheduleTime = stamp(before);
  };
  await rewriteMany(plane, "CronJob", namespace, new Map(histories.map((one) => [one.name, prepare(one)])));
  await sleep(1000);
  const justBefore = (cronJob: Stored) => {
    cronJob["status"].lastScheduleTime = stamp(secondsAfter(slot, -60));
  };
  await rewriteMany(plane, "CronJob", namespace, new Map(histories.map(({ name }) => [name, justBefore])));
}

/**
 * The CronJobs whose last run is that of the slot, once those that should have started one have, all of these runs have ended,
 * and nobody starts another.
 */
export async function started(
  plane: ControlPlane,
  namespace: string,
  slot: Date,
  expected: ReadonlySet<string>,
): Promise<Set<string>> {
  let last = "";
  let since = Date.now();
  return waitFor(
    "the runs to end",
    async (note) => {
      const cronJobs = await list(plane, "CronJob", namespace);
      const names = new Set(
        cronJobs
          .filter(({ status }) => status?.lastScheduleTime === stamp(slot))
          .map(({ metadata }) => metadata.name as string),
      );
      const runs = new Set([...names].map((name) => jobNameAt(name, slot)));
      const open = (await list(plane, "Job", namespace)).filter(
        ({ metadata, status }) =>
          runs.has(metadata.name) &&
          !status?.conditions?.some((one: Stored) => /^(Complete|Failed)$/.test(one["type"])),
      );
      note(`${String(names.size)} of ${String(expected.size)} started, ${String(open.length)} of them run`);
      const state = [...names].join();
      if (state !== last) [last, since] = [state, Date.now()];
      // A busy machine starts one a second, and may rest for longer.
      const patience = expected.isSubsetOf(names) ? 1500 : 60_000;
      return open.length === 0 && Date.now() - since > patience ? names : null;
    },
    { seconds: 240, everyMs: 300 },
  );
}

/** Ends Jobs that nobody works on, now. */
export async function endJobs(
  plane: ControlPlane,
  namespace: string,
  ends: ReadonlyMap<string, Ending>,
): Promise<void> {
  const edits = [...ends].map(([name, ended]) => [name, (job: Stored) => endIn(job, ended, new Date())] as const);
  await rewriteMany(plane, "Job", namespace, new Map(edits));
}

/** The uids of all Jobs and pods that are there. */
export async function presentUids(plane: ControlPlane, namespace: string): Promise<Set<string>> {
  const kinds = await Promise.all(["Job", "Pod"].map((kind) => list(plane, kind, namespace)));
  return new Set(kinds.flat().map(({ metadata }) => String(metadata.uid)));
}

/** Patches through the API, as a person does; what has gone in the meantime is left alone. */
export async function patch(
  plane: ControlPlane,
  kind: string,
  namespace: string,
  name: string,
  body: Stored,
): Promise<void> {
  const path = pathOf(kind, namespace, name);
  const answer = await plane.request("PATCH", path, body, { contentType: "application/merge-patch+json" });
  if (answer.status !== 200 && answer.status !== 404)
    throw new Error(`PATCH ${path}: ${String(answer.status)} ${String(answer.body?.message)}`);
}
