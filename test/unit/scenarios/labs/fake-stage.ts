import type { Json } from "../../../../src/model/api.ts";
import type { LabStep, Placement } from "../../../../src/model/lab.ts";
import { openCanaries } from "../../../../src/scenarios/lab/canary.ts";
import type { Answer, Place, Stage, Twin } from "../../../../src/scenarios/lab/stage.ts";

/** What the operator's reads find, by what their path contains; and what the server answers each request of an actor. */
export interface Script {
  lists?: (path: string) => Json[];
  finds?: (path: string) => Json | null;
  answers?: (method: string, body: Json | undefined) => Partial<Answer>;
  made?: (object: Json) => Json;
}

export const canaries = openCanaries(Buffer.alloc(32, 7));

export function placeFor(placement: Placement = "driver", image = "registry.test/app:1"): Place {
  return { run: "r00000000", namespace: "lab", other: "lab-other", placement, image, node: null };
}

export function twinOf(adversary: Twin["adversary"], name: string, hardenings: readonly string[] = []): Twin {
  const form = hardenings.length === 0 ? "default" : "hardened";
  return { adversary, form, name, hardenings, canary: canaries.mint() };
}

/** A stage without a cluster and without a clock: each wait asks three times. */
export function fakeStage(place: Place, script: Script): Stage & { steps: Omit<LabStep, "at">[]; said: string[] } {
  const steps: Omit<LabStep, "at">[] = [];
  const said: string[] = [];
  return {
    place,
    steps,
    said,
    make: async (object) => script.made?.(object) ?? object,
    find: async (path) => script.finds?.(path) ?? null,
    list: async (path) => script.lists?.(path) ?? [],
    canary: () => canaries.mint(),
    actAs: async ({ namespace, name }) => ({
      user: `system:serviceaccount:${namespace}:${name}`,
      request: async ({ method, path, body }, shows) => {
        const given = { status: 200, reason: null, message: null, body: {}, auditId: "id" };
        const answer: Answer = { ...given, ...script.answers?.(method, body) };
        const { status, reason, auditId } = answer;
        const act = `${method} ${path}`;
        steps.push({ as: name, by: "driver", act, auditId, status, reason, shows: shows(answer) });
        return answer;
      },
      close: async () => undefined,
    }),
    record: (step) => void steps.push(step),
    wait: async (_what, _seconds, probe) => {
      for (let tries = 0; tries < 3; tries++) {
        const found = await probe();
        if (found !== null) return found;
      }
      return null;
    },
    say: (text) => void said.push(text),
  };
}

/** A Job of a CronJob, numbered by its second of creation. */
export function jobOf(cronJob: string, number: number): Json {
  return {
    kind: "Job",
    metadata: {
      name: `${cronJob}-${String(number)}`,
      uid: `job-${String(number)}`,
      creationTimestamp: `2026-01-01T00:00:0${String(number)}Z`,
      ownerReferences: [{ kind: "CronJob", name: cronJob, controller: true }],
    },
  };
}

/** A pod in a phase, with the state of its container. */
export function podIn(name: string, phase: string, container: Json = {}): Json {
  return { kind: "Pod", metadata: { name, uid: `pod-${name}` }, status: { phase, containerStatuses: [container] } };
}
