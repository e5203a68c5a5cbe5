import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { must, pathOf, waitFor } from "../control-plane/act.ts";
import "../control-plane/global-setup.ts";
import { ACCEPTED, attempt, type Attack } from "./attacks/attack.ts";
import { jobs, manifest } from "./attacks/controllers.ts";
import { attacks } from "./attacks/index.ts";
import { harmless, podSpec } from "./attacks/kubelet.ts";
import { grant, revoke } from "./attacks/rights.ts";
import { canaryPath, openStage, type Stage } from "./attacks/stage.ts";
import { says, waysOf } from "./attacks/tool.ts";
import { openWorld, type World } from "./attacks/world.ts";

const missing = "missing" in inject("controlPlane");

/** Of its own: the attackers are given rights to the whole cluster, and the tool looks at all of it. */
let world: World;
beforeAll(async () => {
  if (!missing) world = await openWorld();
});
afterAll(() => world?.close());

/** As the attacker, by name, with nothing but its own token. */
async function refusesGet(stage: Stage): Promise<void> {
  await waitFor("the attacker to be refused the Secret by name", async (note) => {
    const { status } = await stage.attacker.request("GET", canaryPath(stage));
    note(String(status));
    return status === 403;
  });
}

async function refused(attack: Attack, stage: Stage): Promise<boolean> {
  const once = async () => (await attempt(attack, stage)) === null;
  return attack.remembered === undefined ? once() : waitFor("the attack to be refused", once, { everyMs: 500 });
}

/** Shows the attack with all rights, and its refusal without each of them; and that the tool says the same. */
async function carryOut(attack: Attack, world: World): Promise<void> {
  const stage = await openStage(world);
  try {
    await carryOutOn(stage, attack);
  } finally {
    // Nobody waits for it: a namespace takes seconds to go.
    await stage.plane.request("DELETE", pathOf("Namespace", null, stage.namespace));
  }
}

async function carryOutOn(stage: Stage, attack: Attack): Promise<void> {
  const rights = attack.rights(stage);
  const prepare = async () => {
    await attack.arrange?.(stage);
    if (attack.mayGet === undefined) await refusesGet(stage);
  };
  for (const [index, right] of rights.entries()) await grant(stage, right, index);
  await prepare();
  // The tool goes by the version: no API server says which gates were switched by hand.
  const named = attack.gone === undefined && attack.unnamed === undefined;
  expect.soft(await says(attack, stage), `what the tool says of ${attack.edge}`).toEqual({
    named,
    reaches: named && attack.elsewhere === undefined,
  });
  const obtained = await attempt(attack, stage);
  expect(
    obtained === (attack.accepted ? ACCEPTED : stage.canary),
    `the attack is ${attack.accepted ? "accepted" : "good for the canary"}`,
  ).toBe(true);

  for (const [index, right] of rights.entries()) {
    const without = `without ${right.verb} ${right.resource}`;
    await revoke(stage, right, index);
    await prepare();
    expect(await refused(attack, stage), `the attack is refused ${without}`).toBe(true);
    expect.soft((await says(attack, stage)).named, `the tool is silent ${without}`).toBe(false);
    await grant(stage, right, index);
  }
  if (attack.ends === undefined) return;
  await prepare();
  await attack.ends.by(stage);
  expect(await refused(attack, stage), `the attack is refused once ${attack.ends.how}`).toBe(true);
  expect.soft((await says(attack, stage)).named, `the tool is silent once ${attack.ends.how}`).toBe(false);
}

const gone = attacks.filter((attack) => attack.gone !== undefined);
const here = attacks.filter((attack) => attack.gone === undefined);

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
