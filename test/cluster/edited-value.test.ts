import { spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { ExposureClass, ExposureReport } from "../../src/model/report.ts";
import { must, pathOf } from "../control-plane/act.ts";
import { useCluster } from "../control-plane/test.ts";
import { reportOf } from "./program.ts";

const cluster = useCluster();

test("a value that was written over opened with the edit, and not with the CronJob or the variable", async () => {
  const { plane, namespace } = cluster;
  const env = (value: string) => [
    { name: "DB_PASSWORD", value },
    { name: "DB_HOST", value: "db.example.com" },
  ];
  const spec = (value: string) => ({
    schedule: "0 0 1 1 *",
    jobTemplate: {
      spec: {
        template: {
          spec: { restartPolicy: "Never", containers: [{ name: "backup", image: "x:1", env: env(value) }] },
        },
      },
    },
  });
  const metadata = { name: "backup", namespace };
  const manifest = { apiVersion: "batch/v1", kind: "CronJob", metadata, spec: spec("chosenAtFirst1") };
  const { status, stderr } = spawnSync(plane.kubectl, ["--kubeconfig", plane.adminKubeconfig, "apply", "-f", "-"], {
    input: JSON.stringify(manifest),
    encoding: "utf8",
  });
  expect(status, stderr).toBe(0);
  const judged = async (id: ExposureClass = "literal-env") => {
    const report = await reportOf<ExposureReport>(plane.adminKubeconfig, ["exposure", "-n", namespace]);
    return report.items.flatMap(({ carriers }) => carriers.filter((carrier) => carrier.class === id));
  };
  const cronJob = await must(plane, "GET", pathOf("CronJob", namespace, "backup"));
  const created: string = cronJob["metadata"].creationTimestamp;
  expect(await judged()).toMatchObject([{ opens: created, opensIsBound: false }]);

  // Times of the API have whole seconds.
  await sleep(1100);
  const target = pathOf("CronJob", namespace, "backup");
  await must(plane, "PATCH", `${target}?fieldManager=kubectl-edit`, { spec: spec("writtenOverIt2") });
  const edited = (await must(plane, "GET", target))["metadata"].managedFields.find(
    ({ manager }: { manager: string }) => manager === "kubectl-edit",
  );
  expect(edited.time > created).toBe(true);
  expect(await judged()).toMatchObject([{ opens: edited.time, opensNotBefore: created, opensIsBound: true }]);
  // The first value is not lost: what kubectl applied holds it, so nothing of the past is needed to know of it.
  expect(await judged("literal-annotation")).toMatchObject([{ opens: created, closesBecause: "never" }]);
});
