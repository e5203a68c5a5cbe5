import type { WorkloadReplay } from "../../model/replay-report.ts";
import { templateOf } from "../../scope/match.ts";
import type { AssessContext } from "../context.ts";
import { imagesIn } from "./mutable-images.ts";
import { plural } from "./reach-words.ts";
import { pinning, substitutionPath } from "./substitution-path.ts";
import { substitutionFrom } from "./substitution-position.ts";
import { substitutionOf, substitutionVerdict, type Substitution } from "./substitution.ts";

/** Whether a name that a template uses has meant several images, or can come to mean another. */
export function assessSubstitution(context: AssessContext): WorkloadReplay[] {
  const images = imagesIn(context);
  return context.workloads.map((workload) =>
    replayOf(context, substitutionOf(context, workload, images(templateOf(workload.object)))),
  );
}

function replayOf(context: AssessContext, found: Substitution): WorkloadReplay {
  const alone = substitutionVerdict(found);
  const verdict = context.from.length === 0 ? alone : substitutionFrom(context, found, alone);
  const { changes, mutable, pinned } = found;
  return {
    workload: found.workload.ref,
    ...verdict,
    path: substitutionPath(context, found, verdict),
    wouldBlock: pinning(found, verdict.outcome),
    facts: { kind: "image-substitution", changes, mutable, pinned },
  };
}

/** `happened: worker:latest meant 2 digests, and 3 more workloads`; worst workloads first. */
export function summariseSubstitution(workloads: readonly WorkloadReplay[]): string {
  const [first] = workloads;
  if (first === undefined) return "no workload";
  const alike = workloads.filter(({ outcome }) => outcome === first.outcome);
  // What has happened says more than what may.
  const worst = alike.find(({ facts }) => facts.kind === "image-substitution" && facts.changes.length > 0) ?? first;
  return alike.length === 1 ? worst.because : `${worst.because}, and ${plural(alike.length - 1, "more workload")}`;
}
