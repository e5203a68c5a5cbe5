import { completedPod } from "./completed-pod.ts";
import { concurrentRotation } from "./concurrent-rotation.ts";
import { imageSubstitution } from "./image-substitution.ts";
import { overPermissiveAccount } from "./over-permissive-account.ts";
import type { Scenario } from "./scenario.ts";
import { staleAccumulation } from "./stale-accumulation.ts";

/** The five adversaries, in the threat model's order. */
export const scenarios = [
  completedPod,
  overPermissiveAccount,
  concurrentRotation,
  imageSubstitution,
  staleAccumulation,
] as const satisfies readonly Scenario[];
