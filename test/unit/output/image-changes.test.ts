import { expect, test } from "vitest";
import type { ImageChange } from "../../../src/model/report.ts";
import { imageChangeLines } from "../../../src/output/views/image-changes.ts";

const NOW = "2026-11-22T12:00:00Z";
const pod = (name: string): ImageChange["firstToDiffer"] => ({ kind: "Pod", namespace: "payments", name, uid: name });
const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const change: ImageChange = {
  workload: { kind: "CronJob", namespace: "payments", name: "worker", uid: "w" },
  container: "main",
  image: "payments/worker:latest",
  digests: [
    { digest: digest("a"), firstRun: pod("worker-1"), startedAt: "2026-11-18T12:00:00Z", runs: 3 },
    { digest: digest("b"), firstRun: pod("worker-4"), startedAt: "2026-11-20T12:00:00Z", runs: 1 },
  ],
  firstToDiffer: pod("worker-4"),
  changedAt: "2026-11-20T12:00:00Z",
  changes: 1,
  nodes: ["n-1"],
};
const options = { wide: false } as Parameters<typeof imageChangeLines>[2];

test("both digests, and the first run that differs", () => {
  expect(imageChangeLines([change], NOW, options)).toEqual([
    "IMAGE CHANGED   payments/worker:latest of cronjob/worker (payments), container main: 2 digests, first 2d ago",
    `                ${digest("a")}  3 runs, from pod/worker-1, 4d ago`,
    `                ${digest("b")}  1 run, from pod/worker-4, 2d ago, the first that differs`,
  ]);
});

test("several nodes, and a change back, are said", () => {
  const [line] = imageChangeLines([{ ...change, changes: 2, nodes: ["n-1", "n-2"] }], NOW, options);
  expect(line).toContain("changed 2 times; the runs were on 2 nodes, which may hold different images");
});

test("of many the first five are shown, and all where there is room", () => {
  const many = Array.from({ length: 7 }, () => change);
  expect(imageChangeLines(many, NOW, options).at(-1)).toBe("IMAGE CHANGED   and 2 more images");
  expect(imageChangeLines(many, NOW, { ...options, wide: true })).toHaveLength(21);
});
