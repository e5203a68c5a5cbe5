import { describe, expect, test } from "vitest";
import type { Pod } from "../../../src/model/workload.ts";
import { ago, DAY, HOUR, pod, running, template, terminated } from "../batch/objects.ts";
import { literal, manager, reference, report } from "./objects.ts";

const carriersOf = (of: Pod, id: string) =>
  report([of]).items.flatMap(({ carriers }) => carriers.filter((one) => one.class === id));

describe("a Secret that an ephemeral container alone names", () => {
  const field = "spec.ephemeralContainers[debug].env[LOOT]";
  const added = { ...manager([field], HOUR), subresource: "ephemeralcontainers" };
  const inspected = (containers: Pod["containers"], managedFields = [added]) =>
    pod("p", {
      template: template({
        nodeName: "node-1",
        secretReferences: [reference("vault", { field, containers: ["debug"] })],
      }),
      phase: "Running",
      startTime: ago(DAY),
      containers: [running("main"), ...containers],
      meta: { creationTimestamp: ago(DAY), managedFields },
    });
  const started = { ...running("debug", "ephemeral"), startedAt: ago(HOUR - 3) };

  test("is in a process since that container started", () => {
    const exact = { opens: ago(HOUR - 3), opensNotBefore: ago(HOUR - 3), opensIsBound: false };
    expect(carriersOf(inspected([started]), "secret-env")).toMatchObject([exact]);
    const ended = { ...started, state: "terminated", finishedAt: ago(60) } as const;
    expect(carriersOf(inspected([ended]), "secret-env")).toMatchObject([{ ...exact, closes: ago(60) }]);
  });

  test("is the node's since it was added, at the latest", () => {
    expect(carriersOf(inspected([started]), "node-grant")).toMatchObject([
      { opens: ago(HOUR), opensNotBefore: ago(DAY), opensIsBound: true },
    ]);
  });

  test("has a bound where nothing dates it", () => {
    const bound = [{ opens: ago(0), opensNotBefore: ago(DAY), opensIsBound: true }];
    for (const id of ["secret-env", "node-grant"]) expect(carriersOf(inspected([], []), id)).toMatchObject(bound);
  });
});

describe("the log of the run before a restart", () => {
  const logOf = (phase: "Running" | "Succeeded", field: string) =>
    pod("p", {
      phase,
      startTime: ago(DAY),
      containers: [phase === "Running" ? running("main") : terminated("main", ago(60))],
      logLiterals: [{ ...literal("a", { place: "log", field, path: `${field}:line 1` }), at: ago(HOUR) }],
    });

  test("goes when the container ends again, other logs with their rotation or their pod", () => {
    const why = (phase: "Running" | "Succeeded", field: string) => {
      const [one] = carriersOf(logOf(phase, field), "log");
      return [one!.closesIsBound, /(?:the container ends again|rotates the log)/.exec(one!.closesWhy)?.[0] ?? null];
    };
    const before = "log[main, before its restart]";
    expect(why("Running", before)).toEqual([true, "the container ends again"]);
    expect(why("Succeeded", before)).toEqual([true, "the container ends again"]);
    expect(why("Running", "log[main]")).toEqual([false, "rotates the log"]);
    expect(why("Succeeded", "log[main]")[1]).toBeNull();
  });
});
