import { podStartedAt } from "../../batch/finish.ts";
import { instant } from "../../batch/time.ts";
import type { Time } from "../../model/object.ts";
import type { Job, Literal, Pod } from "../../model/workload.ts";
import type { AssessContext, ReplayWorkload } from "../context.ts";
import { may } from "../position.ts";
import { mayList, requestFor } from "./credential-path.ts";

/** One run: a Job with its pods, or a pod whose Job was not seen; of it the objects that are retained, earliest first. */
export interface Run {
  key: string;
  at: Time;
  started: number;
  objects: readonly { object: Job | Pod; at: Time; started: number }[];
}

/** The retained runs, in the order in which they started; what has no time at all was never on a server. */
export function runsOf({ judgement }: AssessContext, objects: readonly (Job | Pod)[]): Run[] {
  const { owners } = judgement.context;
  const dated = objects.flatMap((object) => {
    const at = startOf(object);
    const started = instant(at);
    return at === null || started === null ? [] : [{ object, at, started }];
  });
  const keyOf = ({ object }: (typeof dated)[number]): string =>
    (object.kind === "Pod" ? (owners.jobOf(object) ?? object) : object).meta.uid;
  const runs = [...Map.groupBy(dated, keyOf)].map(([key, unordered]): Run => {
    const its = unordered.toSorted((a, b) => a.started - b.started || compare(nameOf(a.object), nameOf(b.object)));
    return { key, at: its[0]!.at, started: its[0]!.started, objects: its };
  });
  return runs.sort(
    (a, b) => a.started - b.started || compare(nameOf(a.objects[0]!.object), nameOf(b.objects[0]!.object)),
  );
}

/** When the object's run began: its own start, else its creation. */
function startOf(object: Job | Pod): Time | null {
  const start = object.kind === "Pod" ? podStartedAt(object) : object.startTime;
  return instant(start) === null ? object.meta.creationTimestamp : start;
}

function nameOf({ kind, meta }: Job | Pod): string {
  return `${meta.name} ${kind} ${meta.uid}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Everything that could be read of the workload's runs. */
export function retainedOf({ jobs, pods }: ReplayWorkload): (Job | Pod)[] {
  return [...jobs, ...pods];
}

/** What the adversary reads of them: all of a kind that it may list, else those that it may get by name. */
export function visibleRuns(context: AssessContext, workload: ReplayWorkload): (Job | Pod)[] {
  const lists = { Job: listsOf(context, workload, "Job"), Pod: listsOf(context, workload, "Pod") };
  return retainedOf(workload).filter((one) => lists[one.kind] || may(context, requestFor(one, "get")) === true);
}

function listsOf(context: AssessContext, { ref }: ReplayWorkload, kind: "Job" | "Pod"): boolean {
  return mayList(context, kind, ref.namespace ?? "") === true;
}

/** The literals that count of one object: ignored ones do not where the operator's rules file says so. */
export function literalsIn(object: Job | Pod): Literal[] {
  const template = object.kind === "Pod" ? object.template : object.spec.template;
  const words = object.kind === "Pod" ? object.messageLiterals : [];
  return [...template.literals, ...object.annotationLiterals, ...words].filter(
    ({ ignored }) => ignored?.confirmed !== true,
  );
}
