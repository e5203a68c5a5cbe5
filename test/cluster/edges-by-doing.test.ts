import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { must, pathOf } from "../control-plane/act.ts";
import "../control-plane/global-setup.ts";
import { carryOut, refused } from "./attacks/carry-out.ts";
import { jobs, manifest } from "./attacks/controllers.ts";
import { attacks } from "./attacks/index.ts";
import { harmless, podSpec } from "./attacks/kubelet.ts";
import { grant } from "./attacks/rights.ts";
import { openStage } from "./attacks/stage.ts";
import { says, waysOf } from "./attacks/tool.ts";
import { openWorld, type World } from "./attacks/world.ts";

const missing = "missing" in inject("controlPlane");

/** Of its own: the attackers are given rights to the whole cluster, and the tool looks at all of it. */
let world: World;
beforeAll(async () => {
  if (!missing) world = await openWorld();
});
afterAll(() => world?.close());

/** What needs a real node has a file of its own. */
const played = attacks.filter(({ onRealNode }) => onRealNode !== true);
const gone = played.filter((attack) => attack.gone !== undefined);
const here = played.filter((attack) => attack.gone === undefined);

describe.skipIf(missing)("a Secret is obtained with the rights of an edge, and not without any one of them", () => {
  it.for(here.filter(({ accepted }) => accepted !== true))("$edge: $how", async (attack) => {
    await carryOut(attack, world);
  });
});

describe.skipIf(missing)(
  "the API server accepts, with the rights of an edge alone, what a real node would carry out",
  () => {
    it.for(here.filter(({ accepted }) => accepted === true))("$edge: $how", async (attack) => {
      await carryOut(attack, world);
    });
  },
);

describe.skipIf(missing)("what only earlier versions let one do", () => {
  let earlier: World;
  beforeAll(async () => {
    const gates = new Set(gone.flatMap((attack) => attack.gone ?? []));
    if (!missing) earlier = await openWorld([...gates].map((gate) => `--feature-gates=${gate}=false`));
  });
  afterAll(() => earlier?.close());

  it.for(gone)("$edge: $how: refused now", async (attack) => {
    const stage = await openStage(world);
    for (const [index, right] of attack.rights(stage).entries()) await grant(stage, right, index);
    await attack.arrange?.(stage);
    expect(await refused(attack, stage), "the attack is refused although the rights are there").toBe(true);
    expect.soft((await says(attack, stage)).named, "the tool is silent").toBe(false);
  });
  it.for(gone)("$edge: $how: done where the feature gate is off", async (attack) => {
    await carryOut(attack, earlier);
  });
});

describe.skipIf(missing)("what looks like an edge, and is none", () => {
  it("the template of a Job cannot be changed", async () => {
    const stage = await openStage(world);
    const name = "victim";
    const right = stage.here("patch", jobs.resource, name);
    await grant(stage, right, 0);
    await must(stage.plane, "POST", pathOf("Job", stage.namespace), manifest(jobs, stage, name, harmless(stage)));
    const { spec } = manifest(jobs, stage, name, podSpec(stage)) as { spec: unknown };
    const { status } = await stage.plane.request(
      "PATCH",
      pathOf("Job", stage.namespace, name),
      { spec },
      {
        token: stage.attacker.token,
        contentType: "application/merge-patch+json",
      },
    );
    expect(status, "Invalid, not Forbidden").toBe(422);
    // The answer to a patch is the object, and so its spec.
    const ways = (await waysOf(stage)).map(({ edge }) => edge);
    expect
      .soft(
        ways.filter((edge) => edge !== "specs-read"),
        "the tool names no way to act",
      )
      .toEqual([]);
  });
});
