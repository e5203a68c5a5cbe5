import type { AdversaryId } from "../../model/replay-report.ts";
import type { Lab } from "../lab/stage.ts";
import { completedPod } from "./completed-pod.ts";
import { concurrentRotation } from "./concurrent-rotation.ts";
import { imageSubstitution } from "./image-substitution.ts";
import { overPermissiveAccount } from "./over-permissive-account.ts";
import { staleAccumulation } from "./stale-accumulation.ts";

/** The lab of each adversary. */
export const labs = {
  "completed-pod": completedPod,
  "over-permissive-account": overPermissiveAccount,
  "concurrent-rotation": concurrentRotation,
  "image-substitution": imageSubstitution,
  "stale-accumulation": staleAccumulation,
} as const satisfies Record<AdversaryId, Lab>;
