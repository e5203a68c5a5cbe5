import { assessSubstitution, summariseSubstitution } from "./assess/image-substitution.ts";
import type { Scenario } from "./scenario.ts";

/** The same name means another image for a later run. */
export const imageSubstitution: Scenario = {
  number: 4,
  id: "image-substitution",
  name: "image substitution",
  start: "the registry that a tag is kept in, or the right to change what a template names",
  objective: "code of one's own in the next run, with the Secrets and the token that the run gets",
  defence: "images named by digest, so that every run gets the same",
  attack: [
    { id: "T1525", name: "Implant Internal Image" },
    { id: "T1195.002", name: "Supply Chain Compromise: Compromise Software Supply Chain" },
  ],
  matrix: [{ id: "MS-TA9002", name: "Compromised image in registry" }],
  source: "pkg/apis/core/v1/defaults.go: SetDefaults_Container; pkg/kubelet/images/image_manager.go",
  assess: assessSubstitution,
  summarise: summariseSubstitution,
};
