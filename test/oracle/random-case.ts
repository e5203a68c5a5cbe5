import type { Request } from "../../src/rbac/rules.ts";
import type { Identity } from "../../src/rbac/subjects.ts";
import type { OracleCase } from "../control-plane/oracle.ts";
import { drawFrom } from "./draw.ts";
import { randomObjects } from "./random-objects.ts";
import { randomKubeletRequest, randomPods } from "./random-pods.ts";
import { nearRequest, randomIdentity, randomRequest } from "./random-requests.ts";

/** A case that can be made again from its seed. */
export interface SeededCase extends OracleCase {
  seed: number;
}

const ASKED = 40;
const ASKED_BY_KUBELETS = 12;

/** One random set of objects with the requests to ask of it, the same for the same seed. Two cases of five have pods. */
export function randomCase(seed: number): SeededCase {
  const draw = drawFrom(seed);
  const objects: object[] = [];
  const users: Identity[] = [];
  const requests: { user: number; request: Request }[] = [];
  const deleted: [string, string][] = [];
  const ask = (user: Identity, request: Request) => requests.push({ user: users.push(user) - 1, request });

  if (draw.chance(0.4)) {
    const pods = randomPods(draw);
    objects.push(...pods);
    if (draw.chance(0.2)) deleted.push([draw.pick(["a", "b"]), `p${String(draw.below(pods.length))}`]);
    for (let count = ASKED_BY_KUBELETS; count > 0; count--) {
      const { user, request } = randomKubeletRequest(draw, pods);
      ask(user, request);
    }
  }
  const rbac = randomObjects(draw);
  objects.push(...rbac);
  while (requests.length < ASKED) {
    const near = draw.chance(0.75) ? nearRequest(draw, rbac) : null;
    if (near === null) ask(randomIdentity(draw), randomRequest(draw));
    else ask(near.user, near.request);
  }
  return { seed, objects, deleted, users, requests };
}

/** Cases until they hold this many requests, the last one cut; their seeds count up from the given one. */
export function* randomCases(seed: number, decisions: number): Generator<SeededCase> {
  for (let next = seed, left = decisions; left > 0; next++) {
    const made = randomCase(next);
    yield left < made.requests.length ? { ...made, requests: made.requests.slice(0, left) } : made;
    left -= made.requests.length;
  }
}
