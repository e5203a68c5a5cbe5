import type { Lab } from "../lab/stage.ts";
import { DEADLINE_SECONDS, rotationObjects } from "./rotation-objects.ts";
import { ownRace, REPORT_SECONDS } from "./rotation-own.ts";
import { race } from "./rotation-race.ts";
import { scheduleSeconds } from "./rotation-schedule.ts";

/** Adversary 3: two runs of a rotation that read the same value and both write. */
export const concurrentRotation: Lab = {
  predicted: "concurrency-policy",
  hardenings: [{ id: "concurrency-policy", field: "spec.concurrencyPolicy", control: "concurrency-policy" }],
  differs: [
    "the rotation runs each minute, and each run waits until the next has read as well: the race that is luck elsewhere is certain here",
    "which of two runs of a rotation writes first is fixed, so that the same write is lost each time",
  ],
  // A schedule has no seconds: a minute at most to the first slot, and one to the next. What the runs take by themselves is added.
  seconds: scheduleSeconds() + 2 * REPORT_SECONDS,
  objects: rotationObjects,
  attack: (stage, twin) => (stage.place.placement === "container" ? ownRace : race)(stage, twin),
  variants: [
    {
      id: "replace",
      what: "concurrencyPolicy Replace, and a second's grace: within its grace a replaced run could still write",
      hardenings: ["replace"],
      predicted: "blocked",
    },
    {
      id: "active-deadline",
      what: `concurrencyPolicy Allow, and activeDeadlineSeconds ${String(DEADLINE_SECONDS)}, which is over before the next slot`,
      hardenings: ["active-deadline"],
      predicted: "blocked",
    },
    {
      id: "optimistic-lock",
      what: "concurrencyPolicy Allow, and each write on condition that the Secret is as it was read (metadata.resourceVersion)",
      hardenings: ["optimistic-lock"],
      predicted: "blocked",
    },
  ],
};
