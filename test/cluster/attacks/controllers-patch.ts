import { pathOf } from "../../control-plane/act.ts";
import type { Attack } from "./attack.ts";
import { install, madeToRun, manifest, standing, type Controller } from "./controllers.ts";
import { harmless, podSpec } from "./kubelet.ts";
import type { Stage } from "./stage.ts";

const VICTIM = "victim";

/** Replicas are raised with the template: a ReplicaSet keeps the pods that it has. */
function changed(controller: Controller, stage: Stage, verb: string) {
  const whole = manifest(controller, stage, VICTIM, podSpec(stage));
  const { replicas, template } = whole["spec"];
  return verb === "update" ? whole : { spec: { ...(replicas === undefined ? {} : { replicas }), template } };
}

export const attacks: Attack[] = standing.flatMap((controller) =>
  ["patch", "update"].map((verb) => ({
    edge: "controllers-patch",
    how: `${verb} of a ${controller.kind} that somebody else made, named in the rule`,
    rights: (stage) => [stage.here(verb, controller.resource, VICTIM)],
    arrange: (stage) => install(stage, controller, manifest(controller, stage, VICTIM, harmless(stage), 0)),
    attack: async (stage) => {
      const method = verb === "patch" ? "PATCH" : "PUT";
      const contentType = verb === "patch" ? "application/merge-patch+json" : "application/json";
      const path = pathOf(controller.kind, stage.namespace, VICTIM);
      await stage.send(method, path, changed(controller, stage, verb), { contentType });
      return madeToRun(stage, controller, VICTIM);
    },
  })),
);
