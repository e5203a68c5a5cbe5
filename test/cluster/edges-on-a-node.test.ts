import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import "../control-plane/global-setup.ts";
import { nodeLacks } from "../control-plane/node/lacks.ts";
import { openWebSocket } from "../control-plane/websocket.ts";
import { carryOut } from "./attacks/carry-out.ts";
import { attacks } from "./attacks/index.ts";
import { newSession, run, shell, VICTIM } from "./attacks/real.ts";
import { grant, revoke } from "./attacks/rights.ts";
import { nodeOf, openStage } from "./attacks/stage.ts";
import { openWorld, type World } from "./attacks/world.ts";

const provided = inject("controlPlane");
const missing = "missing" in provided ? provided.missing : nodeLacks();

/** Of its own, as that of the other edges. */
let world: World;
beforeAll(async () => {
  if (missing === null) world = await openWorld([], { real: true });
  // The kubelet may have to be built first.
}, 600_000);
afterAll(() => world?.close());
beforeEach((context) => {
  if (missing !== null) context.skip(missing);
});

const real = attacks.filter(({ onRealNode }) => onRealNode === true);

describe("on a real node a value is obtained with the rights of an edge, and not without any one of them", () => {
  it.for(real.filter(({ accepted }) => accepted !== true))("$edge: $how", async (attack) => {
    await carryOut(attack, world);
  });
});

describe("a real kubelet lets through, with the rights of an edge alone, what its runtime cannot carry out", () => {
  it.for(real.filter(({ accepted }) => accepted === true))("$edge: $how", async (attack) => {
    await carryOut(attack, world);
  });
});

describe("what a right to the kubelet does not do, or still does", () => {
  it("through the API server it takes nodes/proxy, and a websocket loses its query, and with it the command", async () => {
    const stage = await openStage(world);
    const { name } = nodeOf(stage);
    const proxy = `/api/v1/nodes/${name}/proxy`;
    await grant(stage, stage.everywhere("get", "nodes/pods", name), 0);
    expect((await stage.attacker.request("GET", `${proxy}/pods`)).status).toBe(403);
    await grant(stage, stage.everywhere("get", "nodes/proxy", name), 1);
    expect((await stage.attacker.request("GET", `${proxy}/pods`)).status).toBe(200);
    await run(stage, { containers: [shell("sleep 10000")] });
    const path = `${proxy}/exec/${stage.namespace}/${VICTIM}/main?command=env&output=1`;
    expect((await openWebSocket(stage.plane, "GET", path, stage.attacker.token)).status).toBe(400);
  });

  it("a kubelet goes on with a right that it has seen for minutes after it is gone", async () => {
    const stage = await openStage(world);
    const right = stage.everywhere("get", "nodes/pods", nodeOf(stage).name);
    await grant(stage, right, 0);
    const session = await newSession(stage);
    expect(await session("GET", "/pods")).toBe(200);
    await revoke(stage, right, 0);
    expect(await session("GET", "/pods"), "with the token that it knows").toBe(200);
    expect(await (await newSession(stage))("GET", "/pods"), "with another").toBe(403);
  });
});
