import { setTimeout as sleep } from "node:timers/promises";
import { connectActor, connectWriter } from "../../../src/cluster/index.ts";
import type { Json } from "../../../src/model/api.ts";
import type { LabTwin, Placement } from "../../../src/model/lab.ts";
import type { AdversaryId } from "../../../src/model/replay-report.ts";
import { openCanaries, type Canaries } from "../../../src/scenarios/lab/canary.ts";
import { labelled } from "../../../src/scenarios/lab/names.ts";
import { openStage } from "../../../src/scenarios/lab/open-stage.ts";
import type { Lab, Place } from "../../../src/scenarios/lab/stage.ts";
import { must, pathOf } from "../../control-plane/act.ts";
import type { Cluster } from "../../control-plane/test.ts";
import { connectOptions } from "../../faults/options.ts";

/** What actors say of themselves. */
export const USER_AGENT = "kubectl-cronaudit/0.0.0-test (lab r0badcafe)";

/** One form of a workload to attack. */
export interface Form {
  name: string;
  form: "default" | "hardened";
  hardenings: readonly string[];
}

/** A lab in the test's namespace, without the run loop: what is made is labelled, and goes with the namespace. */
export interface Ground {
  cluster: Cluster;
  adversary: AdversaryId;
  lab: Lab;
  place: Place;
  canaries: Canaries;
  /** What this cluster needs of an object beside what the lab says. */
  adapt(object: Json): Json;
  /** What the lab says to the person at the terminal. */
  said: string[];
}

export function groundFor(
  cluster: Cluster,
  adversary: AdversaryId,
  lab: Lab,
  on: { placement: Placement; image: string; node: string; adapt?: (object: Json) => Json },
): Ground {
  const { adapt = (object) => object, ...where } = on;
  const place: Place = { run: "r0badcafe", namespace: cluster.namespace, other: cluster.namespace, ...where };
  return { cluster, adversary, lab, place, canaries: openCanaries(), adapt, said: [] };
}

/** The fields that pods need to reach the API server from the real node. */
export function onRealNode({ node }: Cluster): (object: Json) => Json {
  return (object) => JSON.parse(JSON.stringify(object), (_key, value: unknown) => adapted(value)) as Json;

  function adapted(value: unknown): unknown {
    if (typeof value !== "object" || value === null || !("containers" in value)) return value;
    const containers = (value.containers as Json[]).map((one) => ({
      ...one,
      env: [...((one["env"] as Json[] | undefined) ?? []), ...node.apiServer],
    }));
    return { ...value, containers, hostNetwork: true };
  }
}

/** Makes the objects of a form and attacks it. Everything that was done and said is in the answer. */
export async function perform(ground: Ground, { name, form, hardenings }: Form): Promise<LabTwin> {
  const { cluster, adversary, lab, place, canaries, adapt, said } = ground;
  const options = connectOptions({ kubeconfig: cluster.plane.adminKubeconfig, requestTimeoutMs: 30_000 });
  const operator = await connectWriter(options);
  const make = (object: Json): Promise<Json> => {
    const { metadata } = object as { metadata: { namespace: string } };
    return must(
      cluster.plane,
      "POST",
      pathOf(String(object["kind"]), metadata.namespace),
      labelled(adapt(object), place.run),
    );
  };
  const twin = { adversary, form, name, hardenings, canary: canaries.mint() };
  const stage = openStage({
    ...{ place, twin, canaries, operator, make },
    connect: (token) => connectActor({ ...options, userAgent: USER_AGENT }, token),
    now: () => new Date(),
    sleep: (ms) => sleep(ms),
    signal: new AbortController().signal,
    say: (text) => void said.push(text),
  });
  try {
    for (const object of lab.objects(place, twin)) await make(object);
    const judged = await lab.attack(stage, twin);
    return { ...judged, steps: [...stage.steps] };
  } finally {
    await Promise.all([stage.close(), operator.close()]);
  }
}
