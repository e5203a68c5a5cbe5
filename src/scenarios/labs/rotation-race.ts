import { objectAt, stringAt } from "../../evidence/json.ts";
import { nameOf, uidOf } from "../lab/json.ts";
import type { Actor, Answer, Canary, Judgement, Stage, Twin } from "../lab/stage.ts";
import { inconclusive } from "./judgements.ts";
import { judgeAlone, judgeRace, type EndedBy, type Race, type Write } from "./rotation-facts.ts";
import { has } from "./objects.ts";
import { inBase64, KEY, secretOf } from "./rotation-objects.ts";
import { firstRun, nextSlot, type Run } from "./rotation-schedule.ts";

/** What a run found in the Secret: one of the values that are known, or none of them. */
interface Reading {
  holds: Canary | null;
  resourceVersion: string | null;
}

/** One of the two runs, acted for with a token that is bound to its pod. */
interface Runner {
  label: string;
  actor: Actor;
  /** The value that it would have from now on. */
  own: Canary;
  read: Reading;
}

/** The race with the driver in the place of each run's process, from what each reads to what it writes. Throws ApiError. */
export async function race(stage: Stage, twin: Twin): Promise<Judgement> {
  const first = await firstRun(stage, twin);
  if ("missing" in first) return inconclusive(first.missing);
  const one = await begin(stage, twin, first, "run 1");
  // The barrier: run 1 has read, and goes on only when run 2 has read as well or the controller has refused it.
  const next = await nextSlot(stage, twin, first);
  if ("missing" in next) return inconclusive(next.missing);
  if ("refused" in next) return alone(stage, twin, one);
  return together(stage, twin, { one, two: await begin(stage, twin, next.run, "run 2"), ended: next.ended });
}

async function begin(stage: Stage, twin: Twin, { pod }: Run, label: string): Promise<Runner> {
  const account = { namespace: stage.place.namespace, name: twin.name };
  const actor = await stage.actAs(account, { kind: "Pod", name: nameOf(pod), uid: uidOf(pod) });
  const read = await readBy(stage, twin, { label, actor }, [[twin.canary, "the value that was there before"]]);
  return { label, actor, own: stage.canary(), read };
}

async function alone(stage: Stage, twin: Twin, one: Runner): Promise<Judgement> {
  const write = await writeBy(stage, twin, one);
  const { holds } = await readBy(stage, twin, one, [[one.own, "its own value"]]);
  return judgeAlone({ read: one.read.holds === twin.canary, write, held: holds === one.own ? "first" : "other" });
}

async function together(stage: Stage, twin: Twin, runs: { one: Runner; two: Runner; ended: EndedBy | null }) {
  const { one, two, ended } = runs;
  const writes = [await writeBy(stage, twin, one), await writeBy(stage, twin, two)] as const;
  // Run 1 looks again where it still can: it finds out that what it was told is no longer so.
  const { holds } = await readBy(stage, twin, ended === null ? one : two, [
    [twin.canary, "the value that was there before"],
    [one.own, "run 1's value"],
    [two.own, "run 2's value"],
  ]);
  const held: [Canary, Race["held"]][] = [
    [twin.canary, "old"],
    [one.own, "first"],
    [two.own, "second"],
  ];
  return judgeRace({
    sameOld: [one, two].every(({ read }) => read.holds === twin.canary),
    writes,
    held: held.find(([canary]) => canary === holds)?.[1] ?? "other",
    ended,
  });
}

/** Reads the Secret as a run; of its value no more leaves than which of the known ones it is. */
async function readBy(
  stage: Stage,
  twin: Twin,
  { label, actor }: Pick<Runner, "label" | "actor">,
  known: readonly [Canary, string][],
): Promise<Reading> {
  const found = (answer: Answer) => {
    const value = stringAt(objectAt(answer.body, "data"), KEY);
    const text = value === null ? null : Buffer.from(value, "base64").toString("utf8");
    return text === null ? undefined : known.find(([canary]) => canary.is(text));
  };
  const answer = await actor.request({ method: "GET", path: secretOf(stage.place, twin).path }, (answer) => {
    const [canary, what] = found(answer) ?? [];
    if (answer.status !== 200) return `${label}: refused`;
    return canary === undefined
      ? `${label}: another value`
      : `${label}: ${what ?? ""} (fingerprint ${canary.fingerprint})`;
  });
  const [holds = null] = found(answer) ?? [];
  return { holds, resourceVersion: stringAt(objectAt(answer.body, "metadata"), "resourceVersion") };
}

/**
 * Writes a run's new value as scripts do: over whatever is there; or, with the optimistic lock, on condition that the Secret is
 * as the run has read it.
 */
async function writeBy(stage: Stage, twin: Twin, { label, actor, own, read }: Runner): Promise<Write> {
  const { resourceVersion } = read;
  const isLocked = has(twin, "optimistic-lock") && resourceVersion !== null;
  const body = {
    ...(isLocked ? { metadata: { resourceVersion } } : {}),
    data: { [KEY]: inBase64(own.value) },
  };
  const { status, reason } = await actor.request(
    { method: "PATCH", path: secretOf(stage.place, twin).path, body },
    (answer) =>
      answer.status === 200
        ? `${label}: its new value is stored (fingerprint ${own.fingerprint})`
        : `${label}: its new value is refused`,
  );
  return { status, reason };
}
