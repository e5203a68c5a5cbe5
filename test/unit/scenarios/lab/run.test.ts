import { expect, test } from "vitest";
import { ApiError } from "../../../../src/cluster/errors.ts";
import type { Json, Writer } from "../../../../src/model/api.ts";
import { openCanaries } from "../../../../src/scenarios/lab/canary.ts";
import type { Maker } from "../../../../src/scenarios/lab/make.ts";
import { DRIVER_IMAGE } from "../../../../src/scenarios/lab/person.ts";
import { runLab, type LabSetup } from "../../../../src/scenarios/lab/run.ts";
import { LabNotReady } from "../../../../src/scenarios/lab/stopped.ts";
import { runTwin } from "../../../../src/scenarios/lab/twin.ts";
import { labs } from "../../../../src/scenarios/labs/index.ts";
import { place } from "../labs/stage.ts";

/** A server that makes and deletes whatever it is told to, and whose controllers do nothing. */
function idle(): Writer {
  const objects = new Map<string, Json>();
  const api: Pick<Writer, "get" | "create" | "remove" | "list"> = {
    get: async (path) => {
      const found = objects.get(path);
      if (found === undefined) throw new ApiError({ status: 404, reason: "NotFound", message: "no", next: "" });
      return found;
    },
    create: async (path, object) => {
      const metadata = { ...(object["metadata"] as Json), uid: `u-${String(objects.size)}` };
      objects.set(`${path}/${String((metadata as Json)["name"])}`, { ...object, metadata });
      return { ...object, metadata };
    },
    remove: async (path) => {
      objects.delete(path);
      return {};
    },
    list: async function* () {},
  };
  return api as Writer;
}

function setupOf(write: (step: string) => Promise<void>): LabSetup {
  let now = 0;
  return {
    ...{ place, api: idle(), entries: [], variants: false, podSecurity: "baseline", server: [], journalName: null },
    journal: { write: (step: { step: string }) => write(step.step) } as unknown as LabSetup["journal"],
    begin: { step: "begin" } as LabSetup["begin"],
    ...{ patience: 10, canaries: openCanaries(), signal: new AbortController().signal },
    connect: () => Promise.reject(new Error("nobody acts")),
    now: () => new Date(now),
    sleep: async (ms) => void (now += ms),
    say: () => undefined,
    reached: () => Promise.resolve(),
  };
}

test("namespaces that do not become ready are no fault of the program, and go again", async () => {
  const { failure, unended, run } = await runLab(setupOf(() => Promise.resolve()));
  expect(failure).toBeInstanceOf(LabNotReady);
  expect((failure as Error).message).toContain("did not become ready in 30 seconds");
  expect([unended, run.remains]).toEqual([null, []]);
});

test("an end that cannot be journalled is told beside what the run came to", async () => {
  const full = new Error("no space left on device");
  const done = await runLab(setupOf((step) => (step === "end" ? Promise.reject(full) : Promise.resolve())));
  expect(done.unended).toBe(full);
  expect(done.failure).toBeInstanceOf(LabNotReady);
});

test("without an image of one's own, whoever pushes is not run, and nothing is made for them", async () => {
  const made: unknown[] = [];
  const maker = { make: (object: unknown) => void made.push(object) } as unknown as Maker;
  const entry = { number: 4, id: "image-substitution", lab: labs["image-substitution"] } as const;
  const form = { entry, form: "default", name: "4-default", hardenings: [] } as const;
  const setup = { ...setupOf(() => Promise.resolve()), maker, place: { ...place, image: DRIVER_IMAGE } };
  expect(await runTwin(form, setup)).toMatchObject({
    ...{ outcome: "not-run", because: "needs --image with a name that you can push to", steps: [] },
  });
  expect(made).toEqual([]);
});
