import type { LabPair, LabTwin } from "../../model/lab.ts";
import type { ControlId } from "../../model/replay-report.ts";

/** Whether a pair proves the defence: the default form fell, and the hardened one was blocked by what was predicted. Nothing else does. */
export function judgePair(
  of: { default: LabTwin; hardened: LabTwin },
  predicted: ControlId,
): Pick<LabPair, "proof" | "because"> {
  const { hardened } = of;
  if (of.default.outcome !== "succeeded")
    return no(`the default form did not fall (${told(of.default)}), so that the hardened one proves nothing`);
  if (hardened.outcome === "succeeded") return no(`the hardened form fell as well: ${hardened.because}`);
  if (hardened.outcome !== "blocked") return no(`of the hardened form nothing can be told (${told(hardened)})`);
  if (hardened.blockedBy !== predicted)
    return no(
      `the hardened form was blocked by ${hardened.blockedBy ?? "nothing that is known"}, and not by ${predicted}`,
    );
  return { proof: true, because: `the default form fell, and ${predicted} blocked the hardened one` };
}

function no(because: string): Pick<LabPair, "proof" | "because"> {
  return { proof: false, because };
}

function told({ outcome, because }: LabTwin): string {
  return `${outcome === "not-run" ? "not run" : outcome}: ${because}`;
}
