import { describe, expect, test } from "vitest";
import type { Json } from "../../../../src/model/api.ts";
import { judgePinned } from "../../../../src/scenarios/labs/image-attack.ts";
import { byDigest, byTag, pinnedBy, repositoryOf, runOn } from "../../../../src/scenarios/labs/image-objects.ts";
import { imageSubstitution } from "../../../../src/scenarios/labs/image-substitution.ts";
import { fakeStage, placeFor, podIn, twinOf, type Script } from "./fake-stage.ts";

const twin = (...hardenings: string[]) => twinOf("image-substitution", "4-x", hardenings);
const [one, other] = [`sha256:${"1".repeat(64)}`, `sha256:${"2".repeat(64)}`];
const at = (digest: string) => `registry.test/app@${digest}`;

interface Made {
  metadata: { name: string; labels: Json };
  spec: { suspend: boolean; jobTemplate: { spec: { template: { spec: { containers: Json[]; nodeName?: string } } } } };
}
const containerOf = (cronJob: Json) => (cronJob as unknown as Made).spec.jobTemplate.spec.template.spec.containers[0]!;

describe("the objects of a form", () => {
  test.each([
    [[], "4-x", undefined],
    [["always"], "4-x", "Always"],
    [["if-not-present"], "4-x", "IfNotPresent"],
    [["digest"], "4-x-tag", undefined],
  ])("with %j the tag is run by %s, with the policy %s", (hardenings, name, policy) => {
    const [cronJob, ...more] = imageSubstitution.objects(placeFor(), twin(...hardenings));
    expect(more).toEqual([]);
    expect(cronJob).toMatchObject({ metadata: { name }, spec: { suspend: true } });
    expect(containerOf(cronJob!)).toMatchObject({ image: "registry.test/app:1" });
    expect(containerOf(cronJob!)["imagePullPolicy"]).toBe(policy);
  });

  test("the hardened form differs from the tag's in name, label and image alone", () => {
    const pinned = byDigest(placeFor(), twin("digest"), at(one));
    const tagged = byTag(placeFor(), twin("digest"));
    const { image, ...rest } = containerOf(pinned);
    expect(image).toBe(at(one));
    expect({ ...containerOf(tagged), image: undefined }).toEqual({ ...rest, image: undefined });
  });

  test("a later run is placed where the first one was", () => {
    const cronJob = byTag(placeFor(), twin());
    expect(runOn(cronJob, 2, "node-a")).toMatchObject({
      metadata: { name: "4-x-2", ownerReferences: [{ kind: "CronJob", name: "4-x", controller: true }] },
      spec: { template: { spec: { nodeName: "node-a" } } },
    });
    expect(JSON.stringify(runOn(cronJob, 1, null))).not.toContain("nodeName");
  });
});

test.each([
  ["registry.test/app:1", "registry.test/app"],
  ["registry.test:5000/app:latest", "registry.test:5000/app"],
  ["registry.test:5000/app", "registry.test:5000/app"],
  ["app", "app"],
])("the repository of %s is %s", (reference, repository) => {
  expect(repositoryOf(reference)).toBe(repository);
  expect(pinnedBy(reference, `docker-pullable://x@${one}`)).toBe(`${repository}@${one}`);
});

test.each([one, "", `app@${one}0`, "app:1"])("imageID %j names no digest of a registry", (imageID) => {
  expect(pinnedBy("app:1", imageID)).toBeNull();
});

test("runs by digest count as blocked only where both had what it names", () => {
  const ran = (digest: string) => ({ job: {}, imageID: at(digest), node: null });
  const judged = (before: string, after: string) =>
    judgePinned(at(one), { first: ran(one), moved: ran(other), before: ran(before), after: ran(after) });
  expect(judged(one, one)).toMatchObject({ outcome: "blocked", blockedBy: "digest" });
  expect(judged(one, other)).toMatchObject({ outcome: "inconclusive" });
  expect(judged(other, other)).toMatchObject({ outcome: "inconclusive" });
});

test("runs by digest are compared by digest, by whatever name the node has the image", () => {
  const ran = (imageID: string) => ({ job: {}, imageID, node: null });
  const judged = (moved: string, after: string) =>
    judgePinned(at(one), { first: ran(at(one)), moved: ran(moved), before: ran(at(one)), after: ran(after) });
  expect(judged(at(other), `mirror.test/x@${one}`)).toMatchObject({ outcome: "blocked" });
  expect(judged(at(other), one)).toMatchObject({ outcome: "inconclusive" });
  expect(judged(other, at(one))).toMatchObject({ outcome: "inconclusive" });
});

describe("the attack", () => {
  /** A cluster in which a run has what `imageOf` says of its number and whether it is by the digest. */
  function cluster(imageOf: (number: number, pinned: boolean) => Json): Script {
    return {
      finds: () => byTag(placeFor(), twin()),
      lists: (path) => {
        if (!path.includes("/pods")) return [];
        const [, name, number] = /job-name%3D([\w.-]+)-(\d+)$/.exec(path)!;
        return [podIn(name!, "Succeeded", imageOf(Number(number), name === "4-x-pinned"))];
      },
    };
  }
  async function attacked(script: Script, place = placeFor(), form = twin()) {
    const stage = fakeStage(place, script);
    return { ...(await imageSubstitution.attack(stage, form)), steps: stage.steps, said: stage.said };
  }

  test("a tag that comes to mean another image", async () => {
    const seen = await attacked(cluster((number) => ({ imageID: at(number < 3 ? one : other) })));
    expect(seen).toMatchObject({ outcome: "succeeded", said: [expect.stringContaining("push another image")] });
    expect(seen.steps.map(({ by }) => by)).toEqual(["controller", "person", "controller"]);
  });

  test("one image by another of its names is no other image", async () => {
    const seen = await attacked(cluster((number) => ({ imageID: number < 3 ? at(one) : `mirror.test/x@${one}` })));
    expect(seen).toMatchObject({ outcome: "inconclusive", because: expect.stringContaining("one image") as string });
  });

  test.each([1, 2])("where run %i has no digest of a registry nothing is told", async (without) => {
    const seen = await attacked(cluster((number) => ({ imageID: number < without ? at(one) : other })));
    expect(seen).toMatchObject({
      outcome: "inconclusive",
      because: `the node gives ${other} as imageID, which names no digest of a registry`,
    });
  });

  test("a new run of any form starts at most every five seconds, and the controller keeps few", async () => {
    const cronJob = byTag(placeFor(), twin());
    expect(cronJob).toMatchObject({ spec: { successfulJobsHistoryLimit: 2, failedJobsHistoryLimit: 2 } });
    const waits: number[] = [];
    const script = cluster(() => ({ imageID: at(one) }));
    const lists: Script["lists"] = (path) => (path.includes("/cronjobs") ? [cronJob, cronJob] : script.lists!(path));
    const stage = fakeStage(placeFor(), { ...script, lists });
    const { wait } = stage;
    stage.wait = (what, seconds, probe) => {
      if (what === "the next run") waits.push(seconds);
      return wait(what, seconds, probe);
    };
    await imageSubstitution.attack(stage, twin());
    expect(waits).toEqual([10, 10, 10]);
  });

  test("a tag that nobody moves", async () => {
    const seen = await attacked(cluster(() => ({ imageID: at(one) })));
    expect(seen).toMatchObject({
      outcome: "inconclusive",
      because: expect.stringMatching(/meant one image throughout: 4 runs/) as string,
    });
  });

  test("an image that does not come", async () => {
    const script: Script = {
      ...cluster(() => ({})),
      lists: (path) =>
        path.includes("/pods")
          ? [podIn("p", "Pending", { state: { waiting: { reason: "ImagePullBackOff", message: "no such tag" } } })]
          : [],
    };
    const because = "job/4-x-1 did not finish: ImagePullBackOff: no such tag";
    expect(await attacked(script)).toMatchObject({ outcome: "inconclusive", because });
  });

  test("an imageID that cannot be pinned", async () => {
    const seen = await attacked(
      cluster(() => ({ imageID: one })),
      placeFor(),
      twin("digest"),
    );
    expect(seen).toMatchObject({
      outcome: "inconclusive",
      because: expect.stringContaining("names no digest of a registry") as string,
    });
  });

  test("an image that is named by digest is not attacked", async () => {
    expect(await attacked({}, placeFor("driver", at(one)))).toMatchObject({ outcome: "not-run" });
  });
});
