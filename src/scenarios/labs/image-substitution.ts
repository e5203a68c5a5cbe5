import type { Lab } from "../lab/stage.ts";
import { OTHERS_SECONDS, substitute } from "./image-attack.ts";
import { byTag, isTag } from "./image-objects.ts";
import { RUN_SECONDS } from "./image-runs.ts";

/** The longest that a person is given to push another image. */
const PUSH_SECONDS = 240;

/** Adversary 4: one tag that means another image from one run to the next. Gives a person so many seconds to push it. */
export function imageSubstitutionLab(pushSeconds = PUSH_SECONDS): Lab {
  return {
    predicted: "digest",
    hardenings: [{ id: "digest", field: "spec.jobTemplate.spec.template.spec.containers[0].image", control: "digest" }],
    differs: [
      "the lab pushes to no registry: a person moves the tag",
      "runs of one image are made from a suspended CronJob, as kubectl create job --from makes them, on the node of the first",
      "the digest is the one that the tag meant before, as its first run shows it",
    ],
    person: {
      act: (image) => (isTag(image) ? `push another image under ${image}` : null),
      seconds: pushSeconds,
    },
    seconds: OTHERS_SECONDS + pushSeconds + 4 * RUN_SECONDS,
    objects: (place, twin) => [byTag(place, twin)],
    attack: (stage, twin) => substitute(stage, twin, pushSeconds),
    variants: [
      {
        id: "always",
        what: "imagePullPolicy Always: each run asks the registry, which has to answer",
        hardenings: ["always"],
        predicted: "succeeded",
      },
      {
        id: "if-not-present",
        what: "imagePullPolicy IfNotPresent: a node that has the tag sees a change only where its own copy is moved",
        hardenings: ["if-not-present"],
        predicted: "succeeded",
      },
    ],
  };
}

/** With the time that a person takes. */
export const imageSubstitution: Lab = imageSubstitutionLab();
