import { heldBy, holders } from "../batch/deletion.ts";
import { jobOutcome, podFinished } from "../batch/finish.ts";
import type { Job } from "../model/workload.ts";
import type { Source } from "./class.ts";
import type { ExposureContext } from "./context.ts";
import { inNamespace, named, objectWord, quote, saveFirst, target, type Step } from "./steps.ts";

/**
 * How the runs among these objects go without harm: finished Jobs with their pods, finished pods without a Job, hung
 * Jobs, running Jobs when they end; what is being deleted already, by whatever holds it. Pods that run without a Job are
 * left out: see strandedPods.
 */
export function removals(sources: readonly Source[], context: ExposureContext): Step[] {
  const tops = topsOf(sources, context);
  const going = tops.filter(isGoing);
  const staying = tops.filter((one) => !isGoing(one));
  const jobs = staying.filter((one) => one.kind === "Job");
  const unfinished = jobs.filter((job) => jobOutcome(job) === null);
  const hung = unfinished.filter((job) => context.hungBecause(job) !== null);
  return [
    ...deletion(jobs.filter((job) => jobOutcome(job) !== null)),
    ...deletion(staying.filter((one) => one.kind === "Pod" && podFinished(one))),
    ...deletionOfHung(hung, context),
    ...deletionAtEnd(unfinished.filter((job) => !hung.includes(job))),
    ...releases(going, context),
  ];
}

/** Pods that no Job owns and that have not finished: nothing takes them away without ending their work. */
export function strandedPods(sources: readonly Source[], context: ExposureContext): Source[] {
  return topsOf(sources, context).filter((one) => one.kind === "Pod" && !podFinished(one) && !isGoing(one));
}

function topsOf(sources: readonly Source[], context: ExposureContext): Source[] {
  const runs = sources.filter((one) => one.kind !== "CronJob");
  return [...new Set(runs.map((one) => (one.kind === "Pod" ? (context.owners.jobOf(one) ?? one) : one)))];
}

/** True where its deletion has been asked for. */
export function isGoing({ meta }: Source): boolean {
  return meta.deletionTimestamp !== null;
}

/** In the foreground a Job's pods go first, so that none is left behind. */
function deletion(objects: readonly Source[], most?: number): Step[] {
  const [first] = objects;
  if (first === undefined) return [];
  const { here, more } = named(objects, first.kind.toLowerCase(), most);
  const { namespace } = first.meta;
  const names = here.map((one) => quote(one.meta.name)).join(" ");
  const cascade = first.kind === "Job" ? " --cascade=foreground" : "";
  const command = `kubectl delete ${first.kind.toLowerCase()} ${names}${inNamespace(namespace)}${cascade}`;
  const held = here.filter((one) => holders(one).length > 0);
  const waits = held.map((one) => `${objectWord(one)} then waits for its finalizer ${holders(one).join(", ")}`);
  return [{ command, before: saveFirst(namespace), remarks: [...waits, more] }];
}

/** A Job that seems to hang never finishes by itself, so somebody has to end it; whether it hangs is theirs to confirm. */
function deletionOfHung(jobs: readonly Job[], context: ExposureContext): Step[] {
  const [first] = jobs;
  if (first === undefined) return [];
  const why = `${objectWord(first)} seems to hang: ${context.hungBecause(first) ?? ""}`;
  return deletion(jobs, 1).map((step) => ({
    ...step,
    remarks: [why, "make sure that it does nothing any more", ...step.remarks],
  }));
}

/** A TTL of 0 takes the Job and its pods as soon as it has ended, so the evidence must be there before. */
function deletionAtEnd(jobs: readonly Job[]): Step[] {
  const [first] = jobs;
  if (first === undefined) return [];
  const { more } = named(jobs, "running job", 1);
  const command = `kubectl patch ${target(first)} --type=merge -p '{"spec":{"ttlSecondsAfterFinished":0}}'`;
  const remarks = ["deletes it with its pods when it finishes", more];
  return [{ command, before: saveFirst(first.meta.namespace), remarks }];
}

/** Another deletion changes nothing: what holds the first has to be taken off, or there is only to wait. */
function releases(going: readonly Source[], context: ExposureContext): Step[] {
  const held = [...new Set(going.flatMap((one) => heldBy(one, context.owners)))];
  const waiting = going.filter((one) => heldBy(one, context.owners).length === 0);
  const remarks = waiting.map((one) => `${objectWord(one)} ${context.retentionOf(one).why}`);
  return [...release(held), ...(remarks.length === 0 ? [] : [{ command: null, remarks }])];
}

function release(held: readonly Source[]): Step[] {
  const [first] = held;
  if (first === undefined) return [];
  const { more } = named(held, "held object", 1);
  const finalizers = holders(first);
  const which = finalizers.length === 1 ? "the finalizer" : "the finalizers";
  return [
    {
      command: `kubectl patch ${target(first)} --type=json -p ${quote(JSON.stringify(withoutHolders(first)))}`,
      before: saveFirst(first.meta.namespace),
      remarks: [
        `takes off ${which} ${finalizers.join(", ")}, which hold${finalizers.length === 1 ? "s" : ""} its deletion`,
        "whoever set that wanted something done first: see that it is done",
        more,
      ],
    },
  ];
}

/** A JSON patch by index, last first; each removal is tested, so that a list that has changed makes the patch fail. */
function withoutHolders(object: Source): object[] {
  const all = object.meta.finalizers;
  return holders(object)
    .map((finalizer) => ({ path: `/metadata/finalizers/${String(all.indexOf(finalizer))}`, value: finalizer }))
    .reverse()
    .flatMap(({ path, value }) => [
      { op: "test", path, value },
      { op: "remove", path },
    ]);
}
