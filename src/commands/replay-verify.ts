import type { Context } from "../cli/command.ts";
import type { AccessReview } from "../model/api.ts";
import type { ReplayReport, ReplayStep } from "../model/replay-report.ts";
import type { SubjectRef } from "../model/report.ts";
import { identityOf, normalise } from "../rbac/subjects.ts";
import { askable, withAnswers } from "../scenarios/answers.ts";
import { askServer } from "./reviews.ts";

/** Asks the API server about each step that is a request by a known identity, and writes its answer beside it. */
export async function verifyReplay(report: ReplayReport, context: Context): Promise<ReplayReport> {
  const { from } = report.summary;
  const steps = askable(report);
  const { answers, blind } = await askServer(
    context,
    steps.map((step) => reviewOf(step, from)),
    "whether the server confirms each step",
  );
  const byStep = new Map(steps.map((step, at) => [step, answers[at]!]));
  const told = withAnswers(report, (step) => byStep.get(step) ?? null);
  if (blind === null) return told;
  return { ...told, complete: false, blindSpots: [...told.blindSpots, blind] };
}

/** The position goes with all of its groups, another identity with those that the server gives it. */
function reviewOf({ as, request }: ReplayStep, from: readonly SubjectRef[]): AccessReview {
  const isPosition = from.some((one) => JSON.stringify(one) === JSON.stringify(as));
  const identities = (isPosition ? from : [as!]).map((one) => identityOf(normalise(one)));
  return {
    user: identities.find(({ name }) => name !== "")?.name ?? "",
    groups: [...new Set(identities.flatMap(({ groups }) => groups))],
    ...request!,
  };
}
