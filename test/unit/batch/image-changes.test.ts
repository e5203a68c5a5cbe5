import { describe, expect, test } from "vitest";
import { imageChanges } from "../../../src/batch/image-changes.ts";
import { indexOwners } from "../../../src/batch/owners.ts";
import { staleReport } from "../../../src/batch/report.ts";
import type { ImageChange } from "../../../src/model/report.ts";
import type { Job, Pod } from "../../../src/model/workload.ts";
import {
  ago,
  controlledBy,
  cronJob,
  everything,
  finished,
  HOUR,
  pod,
  snapshot,
  template,
  terminated,
} from "./objects.ts";

const sha = (letter: string): string => `sha256:${letter.repeat(64)}`;
const [A, B, C] = [sha("a"), sha("b"), sha("c")];

const worker = cronJob("worker");

/** A run that started so many hours ago, and what its container ran. */
function run(
  hours: number,
  imageID: string | null,
  more: { image?: string; node?: string; owner?: Job | null } = {},
): [Job, Pod] {
  const { image = "payments/worker:latest", node = "n-1" } = more;
  const job = finished(`worker-${String(hours)}`, (hours - 1) * HOUR, worker);
  const containers = [{ name: "main", kind: "container" as const, image, imagePullPolicy: null }];
  const ran = pod(`${job.meta.name}-pod`, {
    meta: { ownerReferences: controlledBy(job) },
    template: template({ containers, nodeName: node }),
    containers: [{ ...terminated("main", ago((hours - 1) * HOUR)), startedAt: ago(hours * HOUR), imageID }],
  });
  return [job, ran];
}

function changes(runs: [Job, Pod][], withCronJob = true): ImageChange[] {
  const seen = snapshot([...(withCronJob ? [worker] : []), ...runs.flat()]);
  return imageChanges(seen.pods, indexOwners(seen));
}

describe("the image of a workload's runs", () => {
  test("is told with each digest, its first run, and the first that differs", () => {
    const found = changes([run(1, `r/w@${B}`), run(3, `r/w@${A}`), run(2, `r/w@${B}`, { node: "n-2" })]);
    expect(found).toEqual([
      {
        workload: { kind: "CronJob", namespace: "database", name: "worker", uid: "uid-worker" },
        container: "main",
        image: "payments/worker:latest",
        digests: [
          { digest: A, firstRun: expect.objectContaining({ name: "worker-3-pod" }), startedAt: ago(3 * HOUR), runs: 1 },
          { digest: B, firstRun: expect.objectContaining({ name: "worker-2-pod" }), startedAt: ago(2 * HOUR), runs: 2 },
        ],
        firstToDiffer: expect.objectContaining({ kind: "Pod", name: "worker-2-pod" }),
        changedAt: ago(2 * HOUR),
        changes: 1,
        nodes: ["n-1", "n-2"],
      },
    ]);
  });

  test("that was changed and changed back differs twice", () => {
    const [found] = changes([run(3, `r/w@${A}`), run(2, `r/w@${B}`), run(1, `r/w@${A}`)]);
    expect(found!.digests.map(({ digest }) => digest)).toEqual([A, B]);
    expect(found!.changes).toBe(2);
  });

  test("is one workload's also where its CronJob may not be listed", () => {
    const [found] = changes([run(2, `r/w@${A}`), run(1, `r/w@${B}`)], false);
    expect(found!.workload).toMatchObject({ kind: "CronJob", name: "worker" });
  });

  test.each<[string, [Job, Pod][]]>([
    ["is the same", [run(2, `r/w@${A}`), run(1, `r/w@${A}`)]],
    ["is the same from another registry", [run(2, `r/w@${A}`), run(1, `mirror:5000/w@${A}`)]],
    ["is the same in the words of two runtimes", [run(2, `docker-pullable://r/w@${A}`), run(1, `r/w@${A}`)]],
    ["has another name", [run(2, `r/w@${A}`), run(1, `r/w@${B}`, { image: "payments/worker:2" })]],
    ["is pinned by the template", [run(2, `r/w@${A}`, { image: `w@${C}` }), run(1, `r/w@${B}`, { image: `w@${C}` })]],
    ["is told by its configuration once, and once by its manifest", [run(2, A), run(1, `r/w@${B}`)]],
    ["was reported by no kubelet", [run(2, `r/w@${A}`), run(1, null)]],
    ["was reported as something else", [run(2, `r/w@${A}`), run(1, "r/w:latest"), run(3, "")]],
    ["ran once", [run(2, `r/w@${A}`)]],
  ])("that %s has not changed", (_what, runs) => {
    expect(changes(runs)).toEqual([]);
  });

  test.each([
    [A, B],
    [`docker://${A}`, `docker://${B}`],
  ])("without a registry is compared by its configuration: %s", (before, after) => {
    expect(changes([run(2, before), run(1, after)])).toHaveLength(1);
  });
});

test("stale tells changes of what was selected", () => {
  const seen = snapshot([worker, ...run(2, `r/w@${A}`), ...run(1, `r/w@${B}`)]);
  const named = (name: string) => ({ kind: "CronJob", group: "batch", namespace: null, name });
  const of = (name: string) =>
    staleReport(seen, { ...everything(), objects: [named(name)] as ReturnType<typeof everything>["objects"] }).summary;
  expect(of("worker").imageChanges).toHaveLength(1);
  expect(of("other").imageChanges).toHaveLength(0);
});
