import { integerAt, valueBelow } from "../../evidence/json.ts";
import type { Json } from "../../model/api.ts";
import { nameOf } from "../lab/json.ts";
import type { Judgement, Stage, Twin } from "../lab/stage.ts";
import { blocked, inconclusive } from "./judgements.ts";
import { ENDED, judgeAlone, judgeRace, type EndedBy, type Race, type Write } from "./rotation-facts.ts";
import { secretOf } from "./rotation-objects.ts";
import { firstRun, nextSlot } from "./rotation-schedule.ts";
import { reportOf, type RotationReport } from "./rotation-script.ts";
import { hasEnded, pathOf } from "./acts.ts";
import { containerOf, lastWords, stateOf } from "./cron-runs.ts";

/** The longest that a run takes from the next slot on until it has reported. */
export const REPORT_SECONDS = 120;

/** The race by the processes of both runs, each with its own mounted token; the driver only looks on. Throws ApiError. */
export async function ownRace(stage: Stage, twin: Twin): Promise<Judgement> {
  const first = await firstRun(stage, twin);
  if ("missing" in first) return inconclusive(first.missing);
  const next = await nextSlot(stage, twin, first);
  if ("missing" in next) return inconclusive(next.missing);
  if ("refused" in next) return alone(twin, await reported(stage, twin, first.pod, "run 1"));
  const two = await reported(stage, twin, next.run.pod, "run 2");
  if (next.ended !== null) return endedEarly(twin, two, next.ended);
  return together(twin, await reported(stage, twin, first.pod, "run 1"), two);
}

type Reported = RotationReport | { missing: string };

/** Waits for what a run says of itself, and records what it did. Throws ApiError. */
async function reported(stage: Stage, twin: Twin, run: Json, label: string): Promise<Reported> {
  const path = pathOf("pods", stage.place.namespace, nameOf(run));
  const ended = await stage.wait(`${label} to end`, REPORT_SECONDS, async () => {
    const pod = await stage.find(path);
    return pod === null || hasEnded(pod) ? { pod } : null;
  });
  if (ended === null) return { missing: `${label} did not end in ${String(REPORT_SECONDS)} s` };
  const report = reportOf(lastWords(ended.pod));
  if (report === null) return { missing: `${label} did not say what it did: ${endOf(ended.pod)}` };
  recordRun(stage, twin, report, label);
  return report;
}

function endOf(pod: Json | null): string {
  const terminated = valueBelow(containerOf(pod), "state", "terminated");
  const code = integerAt(terminated, "exitCode");
  return code === null ? stateOf(pod) : `its container ended with status ${String(code)}`;
}

function recordRun({ record, place }: Stage, twin: Twin, report: RotationReport, label: string): void {
  const as = `system:serviceaccount:${place.namespace}:${twin.name}`;
  const { path } = secretOf(place, twin);
  const step = { as, by: "container", auditId: null, reason: null } as const;
  const { status, reason } = writeOf(report);
  const fingerprint = (text: string): string => `(fingerprint ${text})`;
  record({ ...step, act: `GET ${path}`, status: 200, shows: `${label}: read a value ${fingerprint(report.read)}` });
  record({
    ...step,
    act: `PATCH ${path}`,
    status,
    reason,
    shows: `${label}: its new value ${fingerprint(report.own)} is ${reason === null ? "stored" : "refused"}`,
  });
  record({ ...step, act: `GET ${path}`, status: 200, shows: `${label}: finds a value ${fingerprint(report.found)}` });
}

/** kubectl says the reason of a refusal and not its status; of those that matter here the one follows from the other. */
function writeOf({ refused }: RotationReport): Write {
  if (refused === "") return { status: 200, reason: null };
  const statuses: Readonly<Record<string, number>> = { Conflict: 409, Forbidden: 403, Unauthorized: 401 };
  return { status: Object.hasOwn(statuses, refused) ? statuses[refused]! : null, reason: refused };
}

function alone(twin: Twin, one: Reported): Judgement {
  if ("missing" in one) return inconclusive(one.missing);
  if (one.runs !== 1) return inconclusive(`run 1 says that ${String(one.runs)} runs had read`);
  const held = one.found === one.own ? "first" : "other";
  return judgeAlone({ read: one.read === twin.canary.fingerprint, write: writeOf(one), held });
}

function together(twin: Twin, one: Reported, two: Reported): Judgement {
  if ("missing" in one) return inconclusive(one.missing);
  if ("missing" in two) return inconclusive(two.missing);
  if (one.runs < 2 || two.runs < 2) return inconclusive("a run went on before the other had read");
  return judgeRace({
    sameOld: [one, two].every(({ read }) => read === twin.canary.fingerprint),
    writes: [writeOf(one), writeOf(two)],
    held: one.found === two.found ? heldBy(twin, one, two) : "other",
    ended: null,
  });
}

function heldBy(twin: Twin, one: RotationReport, two: RotationReport): Race["held"] {
  if (one.found === one.own) return "first";
  if (one.found === two.own) return "second";
  return one.found === twin.canary.fingerprint ? "old" : "other";
}

/** Of a process that was ended nothing is heard: that it wrote nothing is told by what the second read and found. */
function endedEarly(twin: Twin, two: Reported, by: EndedBy): Judgement {
  if ("missing" in two) return inconclusive(two.missing);
  if (two.read !== twin.canary.fingerprint || two.refused !== "" || two.found !== two.own) {
    return inconclusive("run 1 was ended, but run 2 did not read the old value and find its own in the end");
  }
  return blocked(
    by,
    `the controller had ended run 1 ${ENDED[by]}; run 2 read the old value and found its own in the end`,
  );
}
