import { expect, test } from "vitest";
import type { Context } from "../../../src/cli/command.ts";
import { defaults } from "../../../src/cli/parse.ts";
import { LAB_EFFECTS } from "../../../src/commands/replay-lab-effects.ts";
import { planLab } from "../../../src/commands/replay-lab-plan.ts";
import type { Writer } from "../../../src/model/api.ts";

const api = {
  ...{ server: "https://x", clusterName: "kind", context: "staging" },
  version: () => Promise.resolve("v1.36.4"),
  get: () => Promise.resolve({ metadata: { uid: "u-1" } }),
  list: async function* () {},
  mayI: () => Promise.resolve(true),
} as unknown as Writer;

async function choiceOf(given: { image?: string; placement?: "driver" | "container"; plan?: string }) {
  const io = { now: () => new Date(0), version: "1", cwd: "/" } as unknown as Context["io"];
  const options = { ...defaults(), ...given };
  const context: Context = { options, io, words: [], program: "kubectl cronaudit" };
  return (await planLab(context, api, "staging", LAB_EFFECTS)).plan;
}

test("who acts is the image's containers, or the program where it is told to or there is none", async () => {
  const image = "registry.test/tools:1";
  expect(await choiceOf({})).toMatchObject({ placement: "driver", image: "busybox:1.37" });
  expect(await choiceOf({ placement: "driver" })).toMatchObject({ placement: "driver", image: "busybox:1.37" });
  expect(await choiceOf({ image })).toMatchObject({ placement: "container", image });
  expect(await choiceOf({ image, placement: "driver" })).toMatchObject({ placement: "driver", image });
  await expect(choiceOf({ placement: "container" })).rejects.toThrow("needs --image");
  await expect(choiceOf({ placement: "driver", plan: "p.json" })).rejects.toThrow("--plan brings");
});
