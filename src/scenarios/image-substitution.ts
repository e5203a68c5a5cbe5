import { assessSubstitution, summariseSubstitution } from "./assess/image-substitution.ts";
import type { Scenario } from "./scenario.ts";

/** The same name means another image for a later run. */
export const imageSubstitution: Scenario = {
  number: 4,
  id: "image-substitution",
  name: "image substitution",
  summary: "Changes what an image name means, and runs in the next run with its Secrets and token.",
  start: "the registry that a tag is kept in, or the right to change what a template names",
  objective: "code of one's own in the next run, with the Secrets and the token that the run gets",
  defence: "images named by digest, so that every run gets the same",
  why: [
    "A tag is a name that the registry resolves anew: whoever may push decides what the next run executes.",
    "A push changes nothing in the cluster, so no audit log of it shows one; only the digests that retained pods ran do.",
    "With `imagePullPolicy: IfNotPresent` each node keeps what it has, so that runs may differ from node to node.",
  ],
  prevent: [
    "Name images by digest (`NAME@sha256:…`), and change the digest by a reviewed change.",
    "Have admission verify signatures, and restrict the registries that images may come from.",
    "Give push rights to the build alone, and make tags immutable where the registry can.",
    "Keep some finished runs, or a snapshot of them: they alone show when an image changed.",
  ],
  controls: ["digest", "pull-policy", "rbac"],
  related: ["image-change", "pull-secret", "cronjobs-patch"],
  attack: [
    { id: "T1525", name: "Implant Internal Image" },
    { id: "T1195.002", name: "Supply Chain Compromise: Compromise Software Supply Chain" },
  ],
  matrix: [{ id: "MS-TA9002", name: "Compromised image in registry" }],
  source: "pkg/apis/core/v1/defaults.go: SetDefaults_Container; pkg/kubelet/images/image_manager.go",
  assess: assessSubstitution,
  summarise: summariseSubstitution,
};
