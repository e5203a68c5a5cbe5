import { ensure, pathOf } from "../../control-plane/act.ts";
import type { Stored } from "../../control-plane/story.ts";
import type { Attack, Right } from "./attack.ts";
import { cronJobs, jobs, manifest, standing } from "./controllers.ts";
import { firstEvent } from "./first-event.ts";
import { harmless } from "./kubelet.ts";
import type { Stage } from "./stage.ts";

const VICTIM = "outspoken";

/** A pod spec with the canary written out in it. */
function literal(stage: Stage): Stored {
  const env = [{ name: "PASSWORD", value: stage.canary }];
  return harmless(stage, { containers: [{ name: "main", image: "registry.example.com/app:1", env }] });
}

/** The canary is looked for in all that was answered: only that it is there matters. */
function found({ canary }: Stage, answer: Stored): string {
  return JSON.stringify(answer).includes(canary) ? canary : "not there";
}

interface Spoken {
  kind: string;
  resource: string;
  object(stage: Stage): Stored;
}

const pod: Spoken = {
  kind: "Pod",
  resource: "pods",
  object: (stage) => ({ kind: "Pod", metadata: { namespace: stage.namespace, name: VICTIM }, spec: literal(stage) }),
};
const configMap: Spoken = {
  kind: "ConfigMap",
  resource: "configmaps",
  object: ({ namespace, canary }) => ({ kind: "ConfigMap", metadata: { namespace, name: VICTIM }, data: { canary } }),
};
const controllers: Spoken[] = [cronJobs, jobs, ...standing].map((controller) => ({
  ...controller,
  object: (stage) => manifest(controller, stage, VICTIM, literal(stage), 0),
}));

export const attacks: Attack[] = [pod, configMap, ...controllers].flatMap(({ kind, resource, object }) =>
  ["get", "list", "watch"].map((verb) => ({
    edge: "specs-read",
    ...(["Pod", "Job", "CronJob"].includes(kind) ? { also: `${kind.toLowerCase()}s-${verb}` } : {}),
    elsewhere: true,
    how: `${verb} ${resource}, with the value written out in one`,
    rights: (stage): Right[] => [stage.here(verb, resource, ...(verb === "get" ? [VICTIM] : []))],
    arrange: async (stage) => void (await ensure(stage.plane, object(stage))),
    attack: async (stage) => {
      const path = pathOf(kind, stage.namespace, verb === "get" ? VICTIM : undefined);
      const watched = `${path}?watch=true&fieldSelector=metadata.name%3D${VICTIM}`;
      return found(stage, verb === "watch" ? await firstEvent(stage, watched) : await stage.send("GET", path));
    },
  })),
);
