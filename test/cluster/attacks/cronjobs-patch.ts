import { pathOf } from "../../control-plane/act.ts";
import type { Attack } from "./attack.ts";
import { cronJobs, install, madeToRun, manifest } from "./controllers.ts";
import { harmless, podSpec } from "./kubelet.ts";

const VICTIM = "nightly";

export const attacks: Attack[] = ["patch", "update"].map((verb) => ({
  edge: "cronjobs-patch",
  how: `${verb} of a CronJob that somebody else made, named in the rule, before its next run`,
  rights: (stage) => [stage.here(verb, cronJobs.resource, VICTIM)],
  arrange: (stage) => install(stage, cronJobs, manifest(cronJobs, stage, VICTIM, harmless(stage))),
  attack: async (stage) => {
    const whole = manifest(cronJobs, stage, VICTIM, podSpec(stage));
    const path = pathOf(cronJobs.kind, stage.namespace, VICTIM);
    if (verb === "update") await stage.send("PUT", path, whole);
    else {
      const contentType = "application/merge-patch+json";
      await stage.send("PATCH", path, { spec: { jobTemplate: whole["spec"].jobTemplate } }, { contentType });
    }
    return madeToRun(stage, cronJobs, VICTIM);
  },
}));
