import { describe, expect, test } from "vitest";
import type { Json } from "../../../../src/model/api.ts";
import { concurrentRotation } from "../../../../src/scenarios/labs/concurrent-rotation.ts";
import { judgeAlone, judgeRace, type Race } from "../../../../src/scenarios/labs/rotation-facts.ts";
import { reportOf } from "../../../../src/scenarios/labs/rotation-script.ts";
import { fakeStage, jobOf, placeFor, podIn, twinOf, type Script } from "./fake-stage.ts";

const { objects, attack } = concurrentRotation;
const twin = (...hardenings: string[]) => twinOf("concurrent-rotation", "3-x", hardenings);
const ofKind = (all: readonly Json[], kind: string) => all.find((one) => one["kind"] === kind);

describe("the objects of a form", () => {
  test.each([
    [[], "Allow"],
    [["concurrency-policy"], "Forbid"],
    [["replace"], "Replace"],
    [["optimistic-lock"], "Allow"],
  ])("with %j the policy is %s, and nothing else differs", (hardenings, concurrencyPolicy) => {
    const made = objects(placeFor(), twin(...hardenings));
    const plain = objects(placeFor(), twin());
    expect(ofKind(made, "CronJob")).toEqual({
      ...ofKind(plain, "CronJob"),
      spec: { ...(ofKind(plain, "CronJob")!["spec"] as Json), concurrencyPolicy },
    });
    expect(ofKind(made, "CronJob")).toMatchObject({ spec: { schedule: "* * * * *", timeZone: "Etc/UTC" } });
  });

  test("the account may get and patch the one Secret, and a run by itself the barrier too", () => {
    const rules = (placement: "driver" | "container") =>
      (ofKind(objects(placeFor(placement), twin()), "Role")!["rules"] as Json[]).map(
        ({ resources, resourceNames, verbs }) => ({ resources, resourceNames, verbs }),
      );
    const own = { resources: ["secrets"], resourceNames: ["3-x-password"], verbs: ["get", "patch"] };
    const barrier = { resources: ["configmaps"], resourceNames: ["3-x-barrier"], verbs: ["get", "patch"] };
    expect(rules("driver")).toEqual([own]);
    expect(rules("container")).toEqual([own, barrier]);
  });

  test.each(["driver", "container"] as const)("the canary stands in the Secret alone (%s)", (placement) => {
    const given = twin();
    const holders = objects(placeFor(placement), given).filter((one) =>
      JSON.stringify(one).includes(given.canary.value),
    );
    expect(holders.map(({ kind }) => kind)).toEqual(["Secret"]);
  });
});

describe("what a race came to", () => {
  const stored = { status: 200, reason: null };
  const lost: Race = { sameOld: true, writes: [stored, stored], held: "second", ended: null };
  const conflict = { status: 409, reason: "Conflict" };
  const unauthorized = { status: 401, reason: "Unauthorized" };
  const broken = { status: null, reason: null };

  test.each<[Partial<Race>, string, string | null]>([
    [{}, "succeeded", null],
    [{ sameOld: false }, "inconclusive", null],
    [{ held: "first" }, "succeeded", null],
    [{ held: "old" }, "inconclusive", null],
    [{ held: "other" }, "inconclusive", null],
    [{ writes: [stored, conflict], held: "first" }, "blocked", "optimistic-lock"],
    [{ writes: [stored, conflict], held: "second" }, "inconclusive", null],
    [{ writes: [stored, { status: 403, reason: "Forbidden" }], held: "first" }, "inconclusive", null],
    [{ writes: [unauthorized, stored], ended: "concurrency-policy" }, "blocked", "concurrency-policy"],
    [{ writes: [unauthorized, stored], ended: "active-deadline" }, "blocked", "active-deadline"],
    [{ writes: [unauthorized, stored], ended: null }, "inconclusive", null],
    [{ writes: [stored, stored], ended: "concurrency-policy" }, "succeeded", null],
    [{ writes: [broken, stored], ended: "concurrency-policy" }, "inconclusive", null],
    [{ writes: [{ status: 401, reason: null }, stored], ended: "concurrency-policy" }, "inconclusive", null],
    [{ writes: [stored, { status: 409, reason: null }], held: "first" }, "inconclusive", null],
    [{ writes: [stored, broken] }, "inconclusive", null],
  ])("%j: %s by %s", (change, outcome, blockedBy) => {
    expect(judgeRace({ ...lost, ...change })).toMatchObject({ outcome, blockedBy });
  });

  test.each([
    [{ read: true, write: stored, held: "first" }, "blocked"],
    [{ read: false, write: stored, held: "first" }, "inconclusive"],
    [{ read: true, write: conflict, held: "first" }, "inconclusive"],
    [{ read: true, write: stored, held: "other" }, "inconclusive"],
  ] as const)("alone: %j: %s", (facts, outcome) => {
    expect(judgeAlone(facts)).toMatchObject({ outcome });
  });
});

describe("the attack", () => {
  const [first, second] = [jobOf("3-x", 1), jobOf("3-x", 2)];
  const active = { status: { active: [{ uid: "job-1" }] } };
  const event: Json = { message: "Not starting job because prior execution is running" };

  /** A cluster with these Jobs, whose pods run, and with or without the controller's refusal. */
  function cluster(
    jobs: readonly Json[],
    { events = [] as Json[], cronJob = active as Json, phase = "Running" } = {},
  ): Script {
    return {
      lists: (path) => {
        if (path.includes("/events?")) return events;
        if (path.includes("/jobs")) return [...jobs];
        const name = /job-name%3D([\w.-]+)$/.exec(path)![1]!;
        return [podIn(name, phase, phase === "Running" ? {} : { state: { waiting: { reason: "ErrImagePull" } } })];
      },
      finds: (path) =>
        path.includes("/cronjobs/") ? cronJob : (jobs.find((one) => path.endsWith(nameOf(one))) ?? null),
    };
  }
  const nameOf = (object: Json) => (object["metadata"] as { name: string }).name;

  /** A Secret that takes each write, as the server keeps it. */
  function secret(value: string) {
    let held = Buffer.from(value).toString("base64");
    return (method: string, body?: Json) => {
      if (method === "PATCH") held = (body!["data"] as { value: string }).value;
      return { body: { metadata: { resourceVersion: "1" }, data: { value: held } } };
    };
  }

  async function attacked(script: Script, form = twin()) {
    const stage = fakeStage(placeFor(), { answers: secret(form.canary.value), ...script });
    const judged = await attack(stage, form);
    expect(JSON.stringify([judged, stage.steps])).not.toMatch(/[0-9a-f]{48}/);
    return { ...judged, steps: stage.steps };
  }

  test("two runs: the first write is lost", async () => {
    expect(await attacked(cluster([first, second]))).toMatchObject({ outcome: "succeeded" });
  });

  test.each([
    ["replace", "blocked", "concurrency-policy"],
    ["optimistic-lock", "inconclusive", null],
    ["active-deadline", "inconclusive", null],
  ])("a first run that is deleted, with %s: %s by %s", async (hardening, outcome, blockedBy) => {
    const form = twin(hardening);
    const answers = secret(form.canary.value);
    let writes = 0;
    const both = cluster([first, second]);
    const gone: Script = {
      ...both,
      finds: (path) => (/\/(jobs|pods)\/3-x-1$/.test(path) ? null : both.finds!(path)),
      answers: (method, body) =>
        method === "PATCH" && ++writes === 1 ? { status: 401, reason: "Unauthorized" } : answers(method, body),
    };
    // The first wait is for run 1 alone.
    let looked = 0;
    const lists: Script["lists"] = (path) => (path.includes("/jobs") && ++looked === 1 ? [first] : both.lists!(path));
    expect(await attacked({ ...gone, lists }, form)).toMatchObject({ outcome, blockedBy });
  });

  test("a second run that is refused", async () => {
    const seen = await attacked(cluster([first], { events: [event] }), twin("concurrency-policy"));
    expect(seen).toMatchObject({ outcome: "blocked", blockedBy: "concurrency-policy" });
  });

  test.each([
    ["no run at all", cluster([]), "the controller started no run of cronjob/3-x"],
    ["no second run, and no word of the controller", cluster([first]), "does not run"],
    [
      "a refusal, but nothing is active",
      cluster([first], { events: [event], cronJob: {} }),
      "status.active of cronjob/3-x",
    ],
    ["no CronJob any more", cluster([first], { events: [event], cronJob: {} }), "does not name the first run alone"],
    [
      "an image that does not come",
      cluster([first], { phase: "Pending" }),
      "the pod of job/3-x-1 does not run: ErrImagePull",
    ],
  ])("%s is inconclusive", async (_name, script, because) => {
    const seen = await attacked(script);
    expect(seen).toMatchObject({
      outcome: "inconclusive",
      blockedBy: null,
      because: expect.stringContaining(because) as string,
    });
  });

  test.each([403, 500, null])("a write that is answered with %s blocks nothing", async (status) => {
    const form = twin();
    const answers = secret(form.canary.value);
    const script = {
      ...cluster([first, second]),
      answers: (method: string, body?: Json) => (method === "PATCH" ? { status } : answers(method, body)),
    };
    expect(await attacked(script, form)).toMatchObject({ outcome: "inconclusive", blockedBy: null });
  });
});

describe("the last words of a run", () => {
  const [a, b, c] = ["a", "b", "c"].map((digit) => digit.repeat(32));
  const report = `{"first":"3-x-1-abc","runs":2,"read":"${a!}","own":"${b!}","refused":"Conflict","found":"${c!}"}`;

  test("are a report, or nothing", () => {
    expect(reportOf(report)).toEqual({ first: "3-x-1-abc", runs: 2, read: a, own: b, refused: "Conflict", found: c });
    expect(reportOf(report.replace("Conflict", ""))).toMatchObject({ refused: "" });
  });

  test.each([null, "", "sh: kubectl: not found", report.slice(1), report.replace(a!, "x"), `${report}\n{}`])(
    "%j are none",
    (words) => {
      expect(reportOf(words)).toBeNull();
    },
  );
});
