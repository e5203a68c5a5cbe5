import type { ControlId } from "../../model/replay-report.ts";
import type { Judgement } from "../lab/stage.ts";

/** The attack reached what it was after. */
export function succeeded(because: string): Judgement {
  return { outcome: "succeeded", blockedBy: null, because };
}

/** A control stopped it, as an answer itself told. */
export function blocked(blockedBy: ControlId, because: string): Judgement {
  return { outcome: "blocked", blockedBy, because };
}

/** It came to nothing, and no control is known to have stopped it. */
export function inconclusive(because: string): Judgement {
  return { outcome: "inconclusive", blockedBy: null, because };
}
