import { expect, test } from "vitest";
import type { Json } from "../../../../src/model/api.ts";
import { runAndRotate } from "../../../../src/scenarios/labs/stale-runs.ts";
import { stageOf, type There, twinOf } from "./stage.ts";

const base: There = {
  "/api/v1/namespaces/lab/secrets/t-rotator": { metadata: { uid: "s" } },
  "/apis/batch/v1/namespaces/lab/cronjobs/t": { metadata: { name: "t", uid: "c", namespace: "lab" }, spec: {} },
};
const inPhase = (phase: string): There => ({
  "/api/v1/namespaces/lab/pods": { items: [{ metadata: { name: "t-run-1-x" }, status: { phase } }] },
});
const finished: Json = { status: { conditions: [{ type: "Complete", status: "True" }] } };
const job = { "/apis/batch/v1/namespaces/lab/jobs/t-run-1": finished };

test.each<[string, string[], There, boolean]>([
  ["a run that succeeded", [], { ...inPhase("Succeeded"), ...job }, true],
  ["a run that succeeded and is deleted already", ["ttl"], inPhase("Succeeded"), true],
  ["a pod that never started", [], { ...inPhase("Failed"), ...job }, false],
  ["a pod that never started", ["history-limits"], inPhase("Failed"), false],
  ["a run that is gone and whose pod was never seen", ["ttl"], {}, false],
  ["a run that is over and whose pod was never seen", ["ttl"], job, false],
  ["a run that the history limits deleted at once", ["history-limits"], {}, true],
])("%s, with %j, counts as a run: %s", async (_what, hardenings, there, counts) => {
  const twin = twinOf(hardenings);
  const done = await runAndRotate(
    stageOf({ ...base, ...there }, () => ({})),
    twin,
    [twin.canary],
  );
  if (counts) expect(done).toEqual([{ job: "t-run-1", fingerprint: twin.canary.fingerprint }]);
  else expect(done).toHaveProperty("missing");
});
