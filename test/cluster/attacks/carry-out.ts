import { expect } from "vitest";
import { pathOf, waitFor } from "../../control-plane/act.ts";
import { ACCEPTED, attempt, type Attack } from "./attack.ts";
import { grant, revoke } from "./rights.ts";
import { canaryPath, openStage, type Stage } from "./stage.ts";
import { says } from "./tool.ts";
import type { World } from "./world.ts";

/** As the attacker, by name, with nothing but its own token. */
async function refusesGet(stage: Stage): Promise<void> {
  await waitFor("the attacker to be refused the Secret by name", async (note) => {
    const { status } = await stage.attacker.request("GET", canaryPath(stage));
    note(String(status));
    return status === 403;
  });
}

/** Whether the attack is refused, now or soon where the API server remembers. */
export async function refused(attack: Attack, stage: Stage): Promise<boolean> {
  const once = async () => (await attempt(attack, stage)) === null;
  return attack.remembered === undefined ? once() : waitFor("the attack to be refused", once, { everyMs: 500 });
}

/** Shows the attack with all rights, and its refusal without each of them; and that the tool says the same. */
export async function carryOut(attack: Attack, world: World): Promise<void> {
  const stage = await openStage(world);
  try {
    await carryOutOn(stage, attack);
  } finally {
    // Nobody waits for them: a namespace takes seconds to go.
    for (const namespace of [stage.namespace, stage.next]) {
      await stage.plane.request("DELETE", pathOf("Namespace", null, namespace));
    }
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
    const silent = right.stillNamed === undefined;
    expect
      .soft((await says(attack, stage)).named, `the tool ${silent ? "is silent" : "goes on"} ${without}`)
      .toBe(!silent);
    await grant(stage, right, index);
  }
  if (attack.ends === undefined) return;
  await prepare();
  await attack.ends.by(stage);
  expect(await refused(attack, stage), `the attack is refused once ${attack.ends.how}`).toBe(true);
  expect.soft((await says(attack, stage)).named, `the tool is silent once ${attack.ends.how}`).toBe(false);
}
