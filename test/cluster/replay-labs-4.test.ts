import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { imageSubstitutionLab } from "../../src/scenarios/labs/image-substitution.ts";
import { list, must, pathOf } from "../control-plane/act.ts";
import { useCluster, type Cluster } from "../control-plane/test.ts";
import { expectForms, fell, form, stepsOf } from "./labs/expectations.ts";
import { groundFor, type Ground } from "./labs/perform.ts";

const lab = imageSubstitutionLab(60);
const all = lab.hardenings.map(({ id }) => id);

/** Each form, what is to come of it, and by which control. The mutation is the hardened form without its one field. */
const expected = [
  form("4-default", [], fell, /:nightly meant sha256:\w+ in run 1 and sha256:\w+ in job/),
  form("4-hardened", all, ["blocked", "digest"], /the tag came to mean sha256:\w+, and runs by digest kept sha256:/),
  { ...form("4-without-digest", [], fell, /:nightly meant/), form: "hardened" as const },
  form("4-if-not-present", ["if-not-present"], fell, /:nightly meant/),
];

/** A tag of the test's own: a node's tags are those of all tests. Nobody answers for it. */
const freshTag = () => `localhost/lab-${randomBytes(4).toString("hex")}:nightly`;

/** Waits until the lab asks for the push; no form may ask before every other has had its first run. */
async function asked({ said }: Ground): Promise<void> {
  while (said.length === 0) await sleep(50);
}

describe("on a node that only plays", () => {
  const cluster = useCluster();

  test("the table has every hardening taken away, and the variants as they are predicted", () => {
    expect(lab.predicted).toBe("digest");
    expect(all).toEqual(["digest"]);
    expect(lab.variants.map(({ id, predicted }) => [id, predicted])).toEqual([
      ["always", "succeeded"],
      ["if-not-present", "succeeded"],
    ]);
  });

  /** The test is registry and kubelet in one: from now on, runs of the tag had another image. */
  async function play({ plane, namespace }: Cluster, tag: string, over: () => boolean): Promise<void> {
    const imageID = `${tag.replace(/:nightly$/, "")}@sha256:${"b".repeat(64)}`;
    while (!over()) {
      for (const { metadata, spec, status } of await list(plane, "Pod", namespace)) {
        const [run] = (status.containerStatuses ?? []) as { image: string; imageID: string }[];
        const isLater = !/-1$/.test(metadata.labels["batch.kubernetes.io/job-name"]);
        if (status.phase !== "Succeeded" || !isLater || spec.containers[0].image !== tag || run?.imageID === imageID)
          continue;
        const patch = { status: { containerStatuses: [{ ...run, imageID }] } };
        await must(plane, "PATCH", pathOf("Pod", namespace, metadata.name, "status"), patch);
      }
      await sleep(300);
    }
  }

  test("the tag runs another image, and the digest the same", { timeout: 120_000 }, async () => {
    const tag = freshTag();
    const on = { placement: "driver", image: tag, node: cluster.plane.node! } as const;
    const ground = groundFor(cluster, "image-substitution", lab, on);
    const forms = [...expected, form("4-always", ["always"], fell, /:nightly meant/)];
    let over = false;
    const attacks = expectForms(ground, forms).finally(() => (over = true));
    await Promise.race([asked(ground), attacks]);
    const [twins] = await Promise.all([attacks, play(cluster, tag, () => over)]);
    expect(ground.said[0]).toMatch(`push another image under ${tag}`);
    const pinned = (run: string) =>
      expect.stringMatching(`^controller job/${run} runs localhost/lab-\\w+@sha256:[0-9a-f]{64}$`) as string;
    expect(stepsOf(twins.get("4-hardened")!)).toEqual([
      `controller job/4-hardened-tag-1 runs ${tag}`,
      pinned("4-hardened-1"),
      `person pushes another image under ${tag}`,
      expect.stringMatching(`^controller job/4-hardened-tag-\\d+ runs ${tag}$`),
      pinned("4-hardened-2"),
    ]);
  });

  test("where nobody pushes anything can be told", { timeout: 90_000 }, async () => {
    const on = { placement: "driver", image: freshTag(), node: cluster.plane.node! } as const;
    const ground = groundFor(cluster, "image-substitution", imageSubstitutionLab(12), on);
    const nothing = ["inconclusive", null] as const;
    const because = /meant one image throughout: \d+ runs had /;
    const forms = [form("4-default", [], nothing, because), form("4-hardened", all, nothing, because)];
    await expectForms(ground, forms);
  });
});

describe("on a real node", () => {
  const cluster = useCluster({ needs: ["real-node"] });

  test("the tag runs another image, and the digest the same", { timeout: 240_000 }, async () => {
    const { node } = cluster;
    const tag = freshTag();
    const before = await node.image(tag, { files: { "/one": "one" } });
    const on = { placement: "container", image: tag, node: node.name } as const;
    const ground = groundFor(cluster, "image-substitution", lab, on);
    // No registry answers here, so a node that has to ask one gets nothing.
    const nothing = ["inconclusive", null] as const;
    const unanswered = form(
      "4-always",
      ["always"],
      nothing,
      /4-always-1 did not finish: (ErrImagePull|ImagePullBackOff)/,
    );
    const attacks = expectForms(ground, [...expected, unanswered]);
    await Promise.race([asked(ground), attacks]);
    const after = await node.image(tag, { files: { "/two": "two" } });
    const twins = await attacks;
    for (const { name } of expected) {
      expect(twins.get(name)!.because).toMatch(before.digest);
      expect(twins.get(name)!.because).toMatch(after.digest);
    }
    expect(twins.get("4-hardened")!.steps.at(-1)?.shows).toMatch(`imageID ${before.pinned}`);
  });
});
