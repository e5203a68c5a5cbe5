import type { Json } from "../../model/api.ts";
import { nameOf } from "../lab/json.ts";
import type { Judgement, Stage, Twin } from "../lab/stage.ts";
import { BY_TAG, byDigest, byTag, digestOf, isTag, KEPT_RUNS, pinnedBy } from "./image-objects.ts";
import { endOf, type Ran, recordRan, runNow } from "./image-runs.ts";
import { pathOf } from "./acts.ts";
import { jobsOf } from "./cron-runs.ts";
import { blocked, inconclusive, succeeded } from "./judgements.ts";
import { has } from "./objects.ts";

/** So long after a run the next one of any form looks again what the tag means. */
const AGAIN_SECONDS = 5;
/** The longest that the other forms are waited for, so that one push is seen by all. */
export const OTHERS_SECONDS = 60;

/**
 * Runs the tag until it means another image; the hardened form does so as well, to know when, and runs the digest before and
 * after. Throws ApiError.
 */
export async function substitute(stage: Stage, twin: Twin, pushSeconds: number): Promise<Judgement> {
  const { image } = stage.place;
  if (!isTag(image)) return notRun(`${image} names a digest: the attack needs a tag that can be moved`);
  const tagged = await cronJobOf(stage, nameOf(byTag(stage.place, twin)));
  if (tagged === null) return inconclusive("the CronJob of this form is gone");
  const first = await runNow(stage, tagged, 1, null);
  if ("missing" in first) return inconclusive(first.missing);
  recordRan(stage, first, image);
  if (!has(twin, "digest")) {
    const moved = await untilMoved(stage, tagged, first, pushSeconds);
    return "missing" in moved ? inconclusive(moved.missing) : judgeTag(image, first, moved);
  }
  return pinned(stage, twin, { tagged, first, pushSeconds });
}

/** Pins what the tag means now, runs that, waits until the tag means another image, and runs it again. */
async function pinned(stage: Stage, twin: Twin, seen: { tagged: Json; first: Ran; pushSeconds: number }) {
  const { tagged, first, pushSeconds } = seen;
  const reference = pinnedBy(stage.place.image, first.imageID);
  if (reference === null) return inconclusive(noDigest(first));
  const cronJob = await stage.make(byDigest(stage.place, twin, reference));
  const before = await runNow(stage, cronJob, 1, first.node);
  if ("missing" in before) return inconclusive(before.missing);
  recordRan(stage, before, reference);
  const moved = await untilMoved(stage, tagged, first, pushSeconds);
  if ("missing" in moved) return inconclusive(moved.missing);
  const after = await runNow(stage, cronJob, 2, first.node);
  if ("missing" in after) return inconclusive(after.missing);
  recordRan(stage, after, reference);
  return judgePinned(reference, { first, moved, before, after });
}

/** Has the tag moved, and starts runs of it until one runs another image. Throws ApiError. */
async function untilMoved(
  stage: Stage,
  tagged: Json,
  first: Ran,
  pushSeconds: number,
): Promise<Ran | { missing: string }> {
  const { image } = stage.place;
  if (digestOf(first.imageID) === null) return { missing: noDigest(first) };
  const forms = await othersReady(stage);
  stage.say(
    `Now push another image under ${image}, within ${String(pushSeconds)} s. One push is enough for all forms.`,
  );
  const runs: Ran[] = [];
  const count = { runs: 1 };
  const moved = await stage.wait(`another image under ${image}`, pushSeconds, async () => {
    const ran = await runNow(stage, tagged, ++count.runs, first.node);
    if ("missing" in ran) return ran;
    runs.splice(0, runs.length + 1 - KEPT_RUNS);
    runs.push(ran);
    return stage.wait("the next run", forms * AGAIN_SECONDS, () => otherThan(stage, first, runs));
  });
  if (moved === null) {
    return { missing: `${image} meant one image throughout: ${String(count.runs)} runs had ${first.imageID}` };
  }
  if ("missing" in moved) return moved;
  stage.record({
    as: null,
    by: "person",
    act: `pushes another image under ${image}`,
    auditId: null,
    status: null,
    reason: null,
    shows: "the lab saw it by the next run's imageID alone",
  });
  recordRan(stage, moved, image);
  return moved;
}

/** The first of the later runs that ran something else than the first run; read anew, because a node may say it late. */
async function otherThan(stage: Stage, first: Ran, runs: readonly Ran[]): Promise<Ran | { missing: string } | null> {
  for (const { job } of runs) {
    const ran = await endOf(stage, job);
    if (ran === null || !("imageID" in ran)) continue;
    const digest = digestOf(ran.imageID);
    if (digest === null) return { missing: noDigest(ran) };
    if (digest !== digestOf(first.imageID)) return ran;
  }
  return null;
}

/** Waits until every form that names the tag has had its first run: before that, a push would come too early for it. How many they are. */
async function othersReady(stage: Stage): Promise<number> {
  const selector = encodeURIComponent(Object.entries(BY_TAG)[0]!.join("="));
  const path = `${pathOf("cronjobs", stage.place.namespace)}?labelSelector=${selector}`;
  const forms = await stage.list(path);
  await stage.wait("the first run of every form", OTHERS_SECONDS, async () => {
    for (const cronJob of forms) {
      const [job] = await jobsOf(stage, nameOf(cronJob));
      if (job === undefined || (await endOf(stage, job)) === null) return null;
    }
    return true;
  });
  return Math.max(1, forms.length);
}

async function cronJobOf(stage: Stage, name: string): Promise<Json | null> {
  return stage.find(pathOf("cronjobs", stage.place.namespace, name));
}

function judgeTag(image: string, first: Ran, moved: Ran): Judgement {
  return succeeded(
    `${image} meant ${digestIn(first)} in run 1 and ${digestIn(moved)} in job/${nameOf(moved.job)}, and nothing in the CronJob changed`,
  );
}

/** Whether runs by digest kept what they had while the tag moved. Pure. */
export function judgePinned(
  reference: string,
  { first, moved, before, after }: { first: Ran; moved: Ran; before: Ran; after: Ran },
): Judgement {
  const none = [first, moved, before, after].find(({ imageID }) => digestOf(imageID) === null);
  if (none !== undefined) return inconclusive(noDigest(none));
  if (digestOf(before.imageID) !== digestOf(after.imageID) || digestOf(before.imageID) !== digestOf(first.imageID)) {
    return inconclusive(`runs of ${reference} had ${before.imageID} and ${after.imageID}: not both what it names`);
  }
  return blocked("digest", `the tag came to mean ${digestIn(moved)}, and runs by digest kept ${digestIn(before)}`);
}

function digestIn({ imageID }: Ran): string {
  return digestOf(imageID) ?? imageID;
}

function noDigest({ imageID }: Pick<Ran, "imageID">): string {
  return `the node gives ${imageID} as imageID, which names no digest of a registry`;
}

function notRun(because: string): Judgement {
  return { outcome: "not-run", blockedBy: null, because };
}
