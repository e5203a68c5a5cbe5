import { isApiFailure } from "../../evidence/scope.ts";
import type { ActorApi, Writer } from "../../model/api.ts";
import type { LabTwin } from "../../model/lab.ts";
import type { Canaries } from "./canary.ts";
import { inWordsOf, nameOf } from "./kinds.ts";
import type { Maker } from "./make.ts";
import { openStage } from "./open-stage.ts";
import { leftOut } from "./person.ts";
import type { LabEntry } from "./plan.ts";
import type { Place, Twin } from "./stage.ts";
import { LabStopped } from "./stopped.ts";

/** What the attack on one form takes. */
export interface TwinSetup {
  place: Place;
  api: Writer;
  maker: Maker;
  canaries: Canaries;
  connect(token: string): Promise<ActorApi>;
  now(): Date;
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  signal: AbortSignal;
  say(text: string): void;
  reached(step: string): Promise<void>;
}

/** One form to attack. */
export type Form = Pick<Twin, "form" | "name"> & { entry: LabEntry; hardenings: readonly string[] };

/**
 * Makes the objects of one form and attacks it. What keeps it from being made leaves it not run, and what keeps the attack from its
 * end leaves it inconclusive: nothing is thrown.
 */
export async function runTwin({ entry: { id, lab }, ...form }: Form, setup: TwinSetup): Promise<LabTwin> {
  const { place, canaries, maker, signal, api } = setup;
  const out = leftOut({ lab }, place.image);
  if (out !== null) return { outcome: "not-run", blockedBy: null, because: out, steps: [] };
  const twin: Twin = { ...form, adversary: id, canary: canaries.mint() };
  const stage = openStage({
    ...{ place, twin, canaries, signal },
    operator: api,
    connect: (token) => setup.connect(token),
    make: (object) => maker.make(object),
    now: () => setup.now(),
    sleep: (milliseconds) => setup.sleep(milliseconds, signal),
    say: (text) => setup.say(text),
  });
  const ended = (outcome: LabTwin["outcome"], because: string, blockedBy: LabTwin["blockedBy"] = null): LabTwin => ({
    ...{ outcome, blockedBy },
    because: canaries.mask(because),
    steps: [...stage.steps],
  });
  try {
    const refused = await makeAll(lab.objects(place, twin), maker, signal);
    if (refused !== null) return ended("not-run", refused);
    await setup.reached("attack");
    const { outcome, because, blockedBy } = await lab.attack(stage, twin);
    return ended(outcome, because, blockedBy);
  } catch (error) {
    return ended("inconclusive", `the attack did not come to its end: ${reasonOf(error, signal)}`);
  } finally {
    // Its end must not keep the others from theirs.
    await stage.close().catch(() => undefined);
  }
}

/** Null once all are made, or why one was not. */
async function makeAll(
  objects: ReturnType<LabEntry["lab"]["objects"]>,
  maker: Maker,
  signal: AbortSignal,
): Promise<string | null> {
  for (const object of objects) {
    try {
      await maker.make(object);
    } catch (error) {
      return `${inWordsOf(nameOf(object))} was not made: ${reasonOf(error, signal)}`;
    }
  }
  return null;
}

function reasonOf(error: unknown, signal: AbortSignal): string {
  if (error instanceof LabStopped || signal.aborted) return "the run was interrupted";
  if (isApiFailure(error)) return error.message;
  return error instanceof Error ? error.message : String(error);
}
