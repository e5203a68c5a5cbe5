import { pathOf } from "../../control-plane/act.ts";
import type { Attack } from "./attack.ts";
import { cronJobs, jobs, madeToRun, manifest, standing } from "./controllers.ts";
import { podSpec } from "./kubelet.ts";
import { fresh } from "./stage.ts";

export const attacks: Attack[] = [cronJobs, jobs, ...standing].map((controller) => ({
  edge: "controllers-create",
  how: `a ${controller.kind} whose pods have the Secret in their environment`,
  rights: (stage) => [stage.here("create", controller.resource)],
  attack: async (stage) => {
    const name = fresh("made");
    await stage.send(
      "POST",
      pathOf(controller.kind, stage.namespace),
      manifest(controller, stage, name, podSpec(stage)),
    );
    return madeToRun(stage, controller, name);
  },
}));
