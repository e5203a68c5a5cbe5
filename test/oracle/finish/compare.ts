import { jobFinishedAt, jobOutcome, podFinish } from "../../../src/batch/finish.ts";
import { createContext, type ProjectionContext } from "../../../src/evidence/context.ts";
import { jobs as jobsKind } from "../../../src/evidence/kinds/jobs.ts";
import { pods as podsKind } from "../../../src/evidence/kinds/pods.ts";
import type { Json } from "../../../src/model/api.ts";
import type { Job, Pod } from "../../../src/model/workload.ts";
import { inOrder, type Oracle } from "../../control-plane/oracle.ts";
import { randomFinishes } from "./cases.ts";

/** Seconds since the epoch, or null. */
type Second = number | null;

/** How finish times are judged; injected where a test wants a wrong answer. */
export interface FinishJudge {
  pod(pod: Pod): ReturnType<typeof podFinish>;
  job(job: Job): string | null;
}

const RIGHT: FinishJudge = { pod: podFinish, job: jobFinishedAt };

export interface FinishComparison {
  /** Pods that have finished by our account, by the source of the time. */
  pods: Record<string, number>;
  /** Pods of which the program says that they have not finished; the job controller asks for no time then. */
  unfinished: number;
  jobs: number;
  finishedJobs: number;
  seconds: number;
  /** The first object on which the two differ. */
  disagreement: { object: Json; ours: unknown; theirs: unknown } | null;
}

/** Raw objects through the projection that collect uses, then the program's finish times, against the controllers' own. */
export async function compareFinishes(
  oracle: Oracle,
  { seed, pods }: { seed: number; pods: number },
  judge: Partial<FinishJudge> = {},
): Promise<FinishComparison> {
  const { pod: judgePod, job: judgeJob } = { ...RIGHT, ...judge };
  const { context } = await createContext(null);
  const fresh: ProjectionContext = { ...context, intern: (value) => value };
  const begun = performance.now();
  const result: Omit<FinishComparison, "seconds"> = {
    pods: {},
    unfinished: 0,
    jobs: 0,
    finishedJobs: 0,
    disagreement: null,
  };
  const ended = () => ({ ...result, seconds: (performance.now() - begun) / 1000 });
  for await (const [asked, theirs] of inOrder(randomFinishes(seed, pods), (one) =>
    oracle.question("finish", { ...one }),
  )) {
    for (const [index, object] of asked.pods.entries()) {
      const pod = podsKind.project(object, fresh);
      const finish = judgePod(pod);
      const their = theirs.pods[index]!;
      if (finish === null && !mayHaveFinished(pod)) {
        result.unfinished++;
        continue;
      }
      result.pods[finish?.source ?? "none"] = (result.pods[finish?.source ?? "none"] ?? 0) + 1;
      if (second(finish?.at) === their) continue;
      result.disagreement = { object, ours: finish, theirs: told(their) };
      return ended();
    }
    for (const [index, object] of asked.jobs.entries()) {
      const job = jobsKind.project(object, fresh);
      const their = theirs.jobs[index]!;
      const [outcome, at] = [jobOutcome(job), judgeJob(job)];
      result.jobs++;
      if (outcome !== null) result.finishedJobs++;
      if ((outcome ?? "") === their.condition.toLowerCase() && second(at) === their.at) continue;
      result.disagreement = { object, ours: { outcome, at }, theirs: { ...their, at: told(their.at) } };
      return ended();
    }
  }
  return ended();
}

/** In phase Succeeded or Failed, or deleting without a container that runs: only then the program names a time. */
function mayHaveFinished({ phase, meta, containers }: Pod): boolean {
  if (phase === "Succeeded" || phase === "Failed") return true;
  return meta.deletionTimestamp !== null && !containers.some(({ state }) => state === "running");
}

function second(time: string | null | undefined): Second {
  return time == null ? null : Math.floor(Date.parse(time) / 1000);
}

function told(at: Second): string | null {
  return at === null ? null : new Date(at * 1000).toISOString();
}

/** One line on what was compared. */
export function summary(comparison: FinishComparison, seed: number): string {
  const sources = Object.entries(comparison.pods).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const finished = sources.reduce((sum, [, number]) => sum + number, 0);
  return (
    `seed ${String(seed)}: ${String(finished)} finished pods (${sources.map(([source, number]) => `${source} ${String(number)}`).join(", ")}), ` +
    `${String(comparison.unfinished)} unfinished, ${String(comparison.jobs)} Jobs (${String(comparison.finishedJobs)} finished), ` +
    `${comparison.disagreement === null ? "0 disagreements" : "1 DISAGREEMENT"} in ${comparison.seconds.toFixed(1)} s`
  );
}

/** A disagreement in words, with the object. */
export function describeDisagreement(disagreement: NonNullable<FinishComparison["disagreement"]>): string {
  const { object, ours, theirs } = disagreement;
  return [
    `Kubernetes says ${JSON.stringify(theirs)}, this program says ${JSON.stringify(ours)}, of`,
    JSON.stringify(object, null, 2),
  ].join("\n");
}
