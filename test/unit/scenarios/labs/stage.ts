import type { Json } from "../../../../src/model/api.ts";
import type { LabStep } from "../../../../src/model/lab.ts";
import { openCanaries } from "../../../../src/scenarios/lab/canary.ts";
import { itemsOf } from "../../../../src/scenarios/lab/json.ts";
import type { Answer, Place, Stage, Twin } from "../../../../src/scenarios/lab/stage.ts";

export const place: Place = {
  run: "r00000001",
  namespace: "lab",
  other: "lab-other",
  placement: "driver",
  image: "registry.test/backup:1",
  node: null,
};

export function twinOf(hardenings: readonly string[] = []): Twin {
  const form = hardenings.length === 0 ? "default" : "hardened";
  return { adversary: "completed-pod", form, name: "t", hardenings, canary: openCanaries().mint() };
}

/** What the played server says to an actor's request; statuses of refusals are enough. */
export type Says = (request: { method: string; path: string }) => Partial<Answer>;

/** Objects that are there, by path; a list has its items. */
export type There = Record<string, Json>;

/** A stage on which every wait is one try, and whose server is played. */
export function stageOf(there: There, says: Says, on: Place = place): Stage & { steps: LabStep[] } {
  const steps: LabStep[] = [];
  const canaries = openCanaries();
  const record = (step: Omit<LabStep, "at">): void => void steps.push({ at: "", ...step });
  return {
    place: on,
    steps,
    record,
    make: (object) => Promise.resolve(object),
    find: (path) => Promise.resolve(there[path] ?? null),
    list: (path) => Promise.resolve(itemsOf(there[path.replace(/\?.*/, "")] ?? {})),
    canary: () => canaries.mint(),
    wait: async (_what, _seconds, probe) => (await probe()) ?? (await probe()),
    say: () => undefined,
    actAs: ({ namespace, name }) =>
      Promise.resolve({
        user: `system:serviceaccount:${namespace}:${name}`,
        request: (request, shows) => {
          const nothing = { reason: null, message: null, body: {}, auditId: "a" };
          const answer: Answer = { status: 200, ...nothing, ...says(request) };
          const { status, reason, auditId } = answer;
          record({ as: name, by: "driver", act: request.path, auditId, status, reason, shows: shows(answer) });
          return Promise.resolve(answer);
        },
        close: () => Promise.resolve(),
      }),
  };
}
