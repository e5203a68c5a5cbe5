import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { must, pathOf } from "../../control-plane/act.ts";
import { cronJob } from "../../control-plane/cast/character.ts";
import type { Image } from "../../control-plane/node/node.ts";
import { finishedJob, podsOf } from "../../control-plane/time.ts";
import type { Stored } from "../../control-plane/story.ts";
import { useCluster } from "../../control-plane/test.ts";
import type { TriageReport } from "../../../src/model/report.ts";
import type { StaleReport } from "../../../src/model/stale-report.ts";
import { cronaudit, reportOf } from "../program.ts";
import { fresh } from "./stage.ts";

const cluster = useCluster({ needs: ["real-node"] });

/** Runs a CronJob by hand, and returns the finished pod. */
async function podOf(name: string, job: string): Promise<Stored> {
  const { plane, namespace } = cluster;
  const from = ["create", "job", job, `--from=cronjob/${name}`];
  await promisify(execFile)(plane.kubectl, ["--kubeconfig", plane.adminKubeconfig, "-n", namespace, ...from]);
  await finishedJob(plane, namespace, job, 90);
  return (await podsOf(plane, namespace, job))[0]!;
}

/** Puts an image that says this under the tag, and runs the CronJob with it. */
async function runOf(tag: string, text: string, job: string): Promise<{ image: Image; pod: Stored }> {
  const image = await cluster.node.image(tag, { files: { "/usr/local/bin/say": `#!/bin/sh\necho ${text}\n` } });
  return { image, pod: await podOf("backup", job) };
}

test("a tag that is moved between two runs of a CronJob is reported with what the kubelet ran", async () => {
  const { plane, namespace, node } = cluster;
  // A namespace is a test's own, and a node's tags are all tests'.
  const tag = `registry.test/backup-${fresh()}:nightly`;
  const containers = [{ name: "dump", image: tag, command: ["say"] }];
  const spec = node.spec({ containers });
  await must(plane, "POST", pathOf("CronJob", namespace), cronJob(namespace, "backup", "0 0 1 1 *", spec));
  const same = cronJob(
    namespace,
    "steady",
    "0 0 1 1 *",
    node.spec({ containers: [{ name: "dump", command: ["true"] }] }),
  );
  await must(plane, "POST", pathOf("CronJob", namespace), same);

  const [first] = await Promise.all([runOf(tag, "one", "first"), podOf("steady", "steady-1")]);
  const stale = () => reportOf<StaleReport>(plane.adminKubeconfig, ["stale", "-n", namespace]);
  expect((await stale()).summary.imageChanges, "one run of each").toEqual([]);
  const [second] = await Promise.all([runOf(tag, "other", "second"), podOf("steady", "steady-2")]);

  const runs = [first, second];
  const imageIDs = runs.map(({ pod }) => pod["status"].containerStatuses[0].imageID as string);
  expect(imageIDs, "what the kubelet reports").toEqual(runs.map(({ image }) => image.pinned));
  expect(first.image.digest).not.toBe(second.image.digest);
  const startOf = ({ pod }: typeof first) => pod["status"].containerStatuses[0].state.terminated.startedAt as string;
  const refOf = ({ pod }: typeof first) => ({ kind: "Pod", name: pod["metadata"].name, uid: pod["metadata"].uid });

  const { summary } = await stale();
  expect(summary.imageChanges).toMatchObject([
    {
      workload: { kind: "CronJob", namespace, name: "backup" },
      container: "dump",
      image: tag,
      digests: runs.map((one) => ({
        digest: one.image.digest,
        firstRun: refOf(one),
        startedAt: startOf(one),
        runs: 1,
      })),
      firstToDiffer: refOf(second),
      changedAt: startOf(second),
      changes: 1,
      nodes: [node.name],
    },
  ]);

  const triage = await reportOf<TriageReport>(plane.adminKubeconfig, ["-n", namespace]);
  const lines = triage.items.filter(({ what }) => what.startsWith("Image "));
  expect(lines).toMatchObject([
    { what: `Image ${tag} changed between runs, 2 digests`, severity: "medium", since: startOf(second) },
  ]);
  const printed = await cronaudit(plane.adminKubeconfig, ["stale", "-n", namespace]);
  expect(printed.status).toBe(0);
  for (const { image } of runs) expect(printed.stdout).toContain(image.digest);
  expect(printed.stdout).toMatch(/1 run, from pod\/second-\w+, .* ago, the first that differs/);
});
