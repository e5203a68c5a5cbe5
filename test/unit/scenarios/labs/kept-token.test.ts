import { expect, test } from "vitest";
import type { Json } from "../../../../src/model/api.ts";
import type { Answer, Judgement, Stage } from "../../../../src/scenarios/lab/stage.ts";
import { keptToken } from "../../../../src/scenarios/labs/kept-token.ts";
import { stageOf, type There, twinOf } from "./stage.ts";

const POD = "/api/v1/namespaces/lab/pods/t-run-x";
const pod = (uid = "p", phase = "Succeeded"): Json => ({ metadata: { name: "t-run-x", uid }, status: { phase } });
const base: There = {
  "/apis/batch/v1/namespaces/lab/cronjobs/t": { metadata: { name: "t", uid: "c", namespace: "lab" }, spec: {} },
  "/apis/batch/v1/namespaces/lab/jobs/t-run": { status: { conditions: [{ type: "Complete", status: "True" }] } },
  "/api/v1/namespaces/lab/pods": { items: [pod()] },
  [POD]: pod(),
};
const withoutPod = Object.fromEntries(Object.entries(base).filter(([path]) => path !== POD));
const good = { status: 201 };
const bad = { status: 401, reason: "Unauthorized" };

/** A server that gives a token's first answer for ten seconds more, as its cache does, and then the other one. */
function attack(there: There, hardenings: string[], later: Partial<Answer>): Promise<Judgement> {
  let [seconds, first] = [0, null as number | null];
  const stage: Stage = stageOf(there, () => {
    first ??= seconds;
    return seconds - first <= 10 ? good : later;
  });
  const wait: Stage["wait"] = async (_what, most, probe) => {
    for (let tries = 0; tries <= most; tries++, seconds++) {
      const found = await probe();
      if (found !== null) return found;
    }
    return null;
  };
  return keptToken({ ...stage, wait }, twinOf(hardenings));
}

test("what the server remembers of a token does not count", async () => {
  expect(await attack(base, ["token-kept"], good)).toMatchObject({ outcome: "succeeded" });
  expect(await attack(base, ["token-kept"], bad)).toMatchObject({
    outcome: "inconclusive",
    because: "after the end of the run: 401 Unauthorized",
  });
});

test.each<[string, Json | null]>([
  ["is gone", null],
  ["is another one of its name", pod("q")],
  ["failed", pod("p", "Failed")],
])("nothing succeeded where the pod %s", async (_what, now) => {
  const there = now === null ? withoutPod : { ...base, [POD]: now };
  expect(await attack(there, ["token-kept"], good)).toMatchObject({ outcome: "inconclusive" });
});

test.each([
  [bad, "blocked", "pod-deletion"],
  [{ status: 401, reason: null }, "inconclusive", null],
  [{ status: 403, reason: "Forbidden" }, "inconclusive", null],
])("once the pod is deleted %j is %s by %s", async (later, outcome, blockedBy) => {
  expect(await attack(withoutPod, ["token-kept", "ttl"], later)).toMatchObject({ outcome, blockedBy });
});
