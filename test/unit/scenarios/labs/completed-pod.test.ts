import { expect, test } from "vitest";
import type { Json } from "../../../../src/model/api.ts";
import type { Answer, Judgement, Twin } from "../../../../src/scenarios/lab/stage.ts";
import { completedPod } from "../../../../src/scenarios/labs/completed-pod.ts";
import { place, type Says, stageOf, type There, twinOf } from "./stage.ts";

const ended = { metadata: { name: "t-run-x", uid: "u" }, status: { phase: "Succeeded" } };
const there: There = {
  "/api/v1/namespaces/lab/secrets/t-reader": { metadata: { uid: "s" } },
  "/apis/batch/v1/namespaces/lab/cronjobs/t": { metadata: { name: "t", uid: "c", namespace: "lab" }, spec: {} },
  "/api/v1/namespaces/lab/pods": { items: [ended] },
};

const pod = (env: Json[]): Json => ({ kind: "Pod", spec: { containers: [{ env }] } });
const literal = (twin: Twin): Json => ({ name: "DB_PASSWORD", value: twin.canary.value });
const isList = (path: string): boolean => path.endsWith("/pods");

function attack(twin: Twin, says: Says, objects = there): Promise<Judgement> {
  return completedPod.attack(stageOf(objects, says), twin);
}

test("a value in the pod is found, in the list as in the pod itself", async () => {
  const twin = twinOf();
  const inPod: Says = ({ path }) => ({ body: isList(path) ? { items: [pod([])] } : pod([literal(twin)]) });
  const inList: Says = ({ path }) => ({ body: isList(path) ? { items: [pod([literal(twin)])] } : pod([]) });
  expect(await attack(twin, inPod)).toMatchObject({
    outcome: "succeeded",
    because: "value in spec.containers[0].env[0].value of the finished pod, by pods get and list",
  });
  expect(await attack(twin, inList)).toMatchObject({ outcome: "succeeded" });
});

test("a pod that was read and holds no value is blocked, whatever becomes of it afterwards", async () => {
  const holdsNone: Says = () => ({ body: pod([{ name: "DB_PASSWORD", value: "something else" }]) });
  const blocked = { outcome: "blocked", blockedBy: "no-value-in-object" };
  expect(await attack(twinOf(["value-in-file"]), holdsNone)).toMatchObject(blocked);
  const late = await attack(twinOf(["value-in-file", "ttl"]), holdsNone);
  expect(late).toMatchObject({
    ...blocked,
    because: expect.stringMatching(/TTL did not delete it in time \(200\)$/) as string,
  });
  let asked = 0;
  const goes: Says = ({ path }) =>
    isList(path) || ++asked === 1 ? { body: pod([]) } : { status: 404, reason: "NotFound" };
  const gone = await attack(twinOf(["value-in-file", "ttl"]), goes);
  expect(gone).toMatchObject({ ...blocked, because: expect.stringMatching(/it is gone \(404 NotFound\)$/) as string });
});

test.each([
  ["the list is refused", ({ path }) => (isList(path) ? { status: 403, reason: "Forbidden" } : {})],
  ["the pod is refused", ({ path }) => (isList(path) ? {} : { status: 403, reason: "Forbidden" })],
  ["the pod is gone before it was read", ({ path }) => (isList(path) ? {} : { status: 404, reason: "NotFound" })],
  ["no answer comes", () => ({ status: null, message: "the connection broke" })],
  ["the token is not taken", () => ({ status: 401, reason: "Unauthorized" })],
] satisfies [string, Says][])("nothing is blocked where %s", async (_what, says) => {
  for (const hardenings of [[], ["value-in-file", "ttl"]]) {
    expect(await attack(twinOf(hardenings), says)).toMatchObject({ outcome: "inconclusive", blockedBy: null });
  }
});

test.each<[Partial<Answer>, string]>([
  [{ status: 401, reason: "Unauthorized" }, "401 Unauthorized"],
  [{ status: 403, reason: "Forbidden" }, "403 Forbidden"],
  [{ status: 404, reason: null }, "404"],
  [{ status: null, message: "the connection broke" }, "the connection broke"],
])("after the TTL %j does not tell whether the pod is gone", async (last, said) => {
  let asked = 0;
  const says: Says = ({ path }) => (isList(path) || ++asked === 1 ? { body: pod([]) } : last);
  expect(await attack(twinOf(["value-in-file", "ttl"]), says)).toMatchObject({
    outcome: "inconclusive",
    because: expect.stringContaining(`whether the TTL deleted it is unknown: ${said}`) as string,
  });
});

test.each([{ reason: "OutOfcpu" }, { containerStatuses: [{ state: { terminated: { reason: "StartError" } } }] }])(
  "a pod that never started proves nothing: %j",
  async (status) => {
    const items = [{ ...ended, status: { phase: "Failed", ...status } }];
    const failed = { ...there, "/api/v1/namespaces/lab/pods": { items } };
    expect(await attack(twinOf(["value-in-file"]), () => ({}), failed)).toMatchObject({
      outcome: "inconclusive",
      because: expect.stringMatching(/^the run did not succeed: Failed: (OutOfcpu|StartError)$/) as string,
    });
  },
);

test.each(Object.keys(there))("nothing is blocked where %s is not there", async (path) => {
  const left = Object.fromEntries(Object.entries(there).filter(([other]) => other !== path));
  expect(await attack(twinOf(["value-in-file"]), () => ({}), left)).toMatchObject({ outcome: "inconclusive" });
});

test("a process that did not have its password proves nothing", async () => {
  const twin = twinOf(["value-in-file"]);
  const said = (message: string): There => {
    const containerStatuses = [{ state: { terminated: { exitCode: 1, message } } }];
    const items = [{ ...ended, status: { phase: "Failed", containerStatuses } }];
    return { ...there, "/api/v1/namespaces/lab/pods": { items } };
  };
  const inContainer = { ...place, placement: "container" } as const;
  const run = (message: string) =>
    completedPod.attack(
      stageOf(said(message), () => ({}), inContainer),
      twin,
    );
  expect(await run("no such file")).toMatchObject({ outcome: "inconclusive" });
  expect(await run(twin.canary.fingerprint)).toMatchObject({ outcome: "blocked" });
});

test("the value stands in the CronJob of the default form, and in the Secret of the hardened one", () => {
  const holders = (hardenings: string[]) => {
    const twin = twinOf(hardenings);
    const objects = completedPod.objects(place, twin);
    return objects.filter((one) => JSON.stringify(one).includes(twin.canary.value)).map(({ kind }) => kind);
  };
  expect(holders([])).toEqual(["CronJob"]);
  expect(holders(["ttl"])).toEqual(["CronJob"]);
  expect(holders(["value-in-file", "ttl"])).toEqual(["Secret"]);
  expect(holders(["value-by-reference"])).toEqual(["Secret"]);
});
