import type { Json } from "../../../src/model/api.ts";
import { drawFrom, type Draw } from "../draw.ts";

/** Pods and Jobs that are asked together. */
export interface FinishCase {
  pods: Json[];
  jobs: Json[];
}

const TOGETHER = 50;

/** Until the cases have so many pods, with half as many Jobs; the same for the same seed. */
export function* randomFinishes(seed: number, pods: number): Generator<FinishCase> {
  const draw = drawFrom(seed);
  for (let done = 0; done < pods; done += TOGETHER) {
    const count = Math.min(TOGETHER, pods - done);
    yield { pods: draw.times(count, () => randomPod(draw)), jobs: draw.times(count >> 1, () => randomJob(draw)) };
  }
}

const NOW = Date.UTC(2026, 10, 26);

/** A time as the API server writes it; now and then none, or Go's zero time, which counts as none. */
function time(draw: Draw): string | null | undefined {
  if (draw.chance(0.08)) return draw.pick([null, undefined, "0001-01-01T00:00:00Z"]);
  // From a few seconds, so that many are equal.
  return new Date(NOW - 1000 * draw.pick([draw.below(5), draw.below(4000), draw.below(1e8)]))
    .toISOString()
    .replace(".000Z", "Z");
}

function randomPod(draw: Draw): Json {
  const main = draw.times(draw.below(4), (index) => `c${String(index)}`);
  const init = draw.times(draw.below(4), (index) => `i${String(index)}`);
  const isDeleting = draw.chance(0.3);
  return {
    kind: "Pod",
    apiVersion: "v1",
    metadata: {
      name: "p",
      namespace: "a",
      uid: "u",
      creationTimestamp: draw.chance(0.98) ? time(draw) : undefined,
      ...(isDeleting ? { deletionTimestamp: new Date(NOW - 1000 * draw.below(4000)).toISOString() } : {}),
      ...(isDeleting && draw.chance(0.8) ? { deletionGracePeriodSeconds: draw.pick([0, 1, 30, 3600]) } : {}),
    },
    spec: {
      containers: main.map((name) => ({ name, image: "i" })),
      initContainers: init.map((name) => ({
        name,
        image: "i",
        ...(draw.chance(0.5) ? { restartPolicy: draw.pick(["Always", "Always", "OnFailure", "Never"]) } : {}),
      })),
    },
    status: {
      phase: draw.pick(["Succeeded", "Failed", "Succeeded", "Failed", "Running", "Pending", "Unknown", undefined]),
      conditions: draw.times(draw.below(3), () =>
        randomCondition(draw, ["Ready", "Ready", "PodScheduled", "ContainersReady"]),
      ),
      // Statuses are missing, doubled or of nobody; an init container's may come among the containers'.
      containerStatuses: shuffled(draw, main).map((name) => randomStatus(draw, name)),
      initContainerStatuses: shuffled(draw, init).map((name) => randomStatus(draw, name)),
      ...(draw.chance(0.2) ? { ephemeralContainerStatuses: [randomStatus(draw, "e")] } : {}),
    },
  };
}

function shuffled(draw: Draw, names: string[]): string[] {
  if (draw.chance(0.6)) return names;
  return draw.times(draw.below(4), () => draw.pick([...names, "c0", "i0", "nobody"]));
}

function randomStatus(draw: Draw, name: string): Json {
  return { name, image: "i", imageID: "", ready: false, restartCount: 0, state: randomState(draw) };
}

function randomState(draw: Draw): Json | undefined {
  const terminated = { exitCode: draw.below(3), startedAt: time(draw), finishedAt: time(draw) };
  switch (draw.below(12)) {
    case 0:
      return { running: { startedAt: time(draw) } };
    case 1:
      return { waiting: { reason: "ContainerCreating" } };
    case 2:
      return draw.pick([undefined, {}, { terminated: { exitCode: 1 } }, { running: {}, terminated }]);
    default:
      return { terminated };
  }
}

function randomCondition(draw: Draw, types: string[]): Json {
  return {
    type: draw.pick(types),
    status: draw.pick(["True", "False", "False", "Unknown"]),
    lastTransitionTime: time(draw),
  };
}

function randomJob(draw: Draw): Json {
  const types = ["Complete", "Failed", "SuccessCriteriaMet", "FailureTarget", "Suspended"];
  return {
    kind: "Job",
    apiVersion: "batch/v1",
    metadata: { name: "j", namespace: "a", uid: "u", creationTimestamp: time(draw) },
    status: {
      startTime: time(draw),
      completionTime: time(draw),
      conditions: draw.times(draw.below(4), () => {
        const condition = randomCondition(draw, types);
        return draw.chance(0.5) ? { ...condition, status: "True" } : condition;
      }),
    },
  };
}
