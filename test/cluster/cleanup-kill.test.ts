import { existsSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { limiter } from "../../src/evidence/limit.ts";
import type { JournalLine } from "../../src/model/journal.ts";
import { list } from "../control-plane/act.ts";
import { useCluster } from "../control-plane/test.ts";
import { evidenceIn, finished, here, inFolder, journalIn, killed, uidsIn, useFolders } from "./cleanup/stage.ts";
import { cronaudit } from "./program.ts";

const cluster = useCluster({ needs: ["fake-node"] });
const newFolder = useFolders();
/** A Job and its pod, and one that is not chosen, for each step. */
const JOBS_EACH = 2;

/** Everything between the choice and the report, in the order of a run without faults. */
const STEPS = [
  "journal",
  "begun",
  "bundle: create",
  "bundle: objects",
  "bundle: events",
  "bundle: manifest",
  "bundle: sync",
  "bundle: read back",
  "bundle: name",
  "bundle: done",
  "evidence",
  "recheck",
  "read",
  "intent",
  "delete",
  "deleted",
  "outcome",
  "settled",
  "verify",
  "end",
  "ended",
];
/** Where a second deletion has been answered or not. */
const LATER: [string, number][] = [
  ["delete", 2],
  ["deleted", 2],
  ["outcome", 2],
];

function linesOf(folder: string): JournalLine[] {
  const text = readFileSync(join(folder, "case.journal"), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as JournalLine);
}

/** An object is asked for once more only where a read had shown that the request before did nothing. */
function askedTwice(folder: string): string[] {
  const open = new Set<string>();
  return linesOf(folder).flatMap((line) => {
    if (line.step === "unchanged") open.delete(line.uid);
    if (line.step !== "intent") return [];
    const again = open.has(line.uid);
    open.add(line.uid);
    return again ? [line.uid] : [];
  });
}

test(
  "killed at any step, and resumed: the same end, nothing twice, nothing new, all evidence",
  { timeout: 600_000 },
  async () => {
    const { plane, namespace } = cluster;
    const root = await newFolder();
    const cases = [...STEPS.map((step): [string, number] => [step, 1]), ...LATER].map(([step, nth], at) => ({
      step,
      nth,
      label: `k${String(at)}`,
    }));
    const names = [...cases.map(({ label }) => label), "kept"].flatMap((label) =>
      Array.from({ length: JOBS_EACH }, (_, at) => [label, `${label}-${String(at)}`] as const),
    );
    const few = limiter(12);
    await Promise.all(
      names.map(([label, name]) => few(() => finished(cluster, name, {}, { labels: { case: label } }))),
    );
    const before = await uidsIn(plane, namespace);

    const two = limiter(2);
    const ends = await Promise.all(
      cases.map(({ step, nth, label }) =>
        two(async () => {
          const folder = join(root, label);
          await mkdir(folder);
          const argv = inFolder(namespace, folder, ["--yes", "-l", `case=${label}`]);
          const run = await killed(plane.adminKubeconfig, argv, { step, nth });
          expect(run.signal, `${step} ${String(nth)} was not reached: ${run.stderr}${run.stdout}`).toBe("SIGKILL");
          // What is there can be read at once, and evidence of all that is gone is in it.
          const there = await uidsIn(plane, namespace, ["Job"]);
          const mine = [...before].filter(([, name]) => name.startsWith(`Job/${label}-`)).map(([uid]) => uid);
          const gone = mine.filter((uid) => !there.has(uid));
          if (gone.length > 0) {
            const kept = await evidenceIn(folder);
            expect(
              gone.filter((uid) => !kept.has(uid)),
              `evidence at ${step}`,
            ).toEqual([]);
          }
          if (!existsSync(join(folder, "case.journal"))) {
            expect(step).toBe("journal");
            const anew = await here(plane.adminKubeconfig, argv);
            return { step, status: anew.status, error: anew.error };
          }
          const resumed = await here(plane.adminKubeconfig, ["cleanup", "--resume", join(folder, "case.journal")]);
          expect(resumed.error, step).toBeNull();
          expect(resumed.result!.items.map(({ object, outcome }) => [object.name, outcome]).sort(), step).toEqual([
            [`${label}-0`, "gone"],
            [`${label}-1`, "gone"],
          ]);
          expect(askedTwice(folder), step).toEqual([]);
          const { evidence, ended } = journalIn(folder);
          expect(ended).toBe(true);
          const kept = await evidenceIn(folder, evidence!.path.slice(folder.length + 1));
          expect(mine.filter((uid) => !kept.has(uid))).toEqual([]);
          return { step, status: resumed.status, error: null };
        }),
      ),
    );
    expect(ends.filter(({ status }) => status !== 0)).toEqual([]);
    const after = await uidsIn(plane, namespace);
    const left = [...after.values()].filter((name) => !name.startsWith("ConfigMap/"));
    expect(left.map((name) => name.replace(/-0-.*|-1-.*/, "")).sort()).toEqual([
      "Job/kept-0",
      "Job/kept-1",
      "Pod/kept",
      "Pod/kept",
    ]);
    expect((await list(plane, "Job", namespace)).length).toBe(JOBS_EACH);
  },
);

test("Ctrl-C between two objects: what was asked for is settled, the rest is not begun, and resume does it", async () => {
  const { plane, namespace } = cluster;
  const folder = await newFolder();
  await Promise.all(Array.from({ length: 12 }, (_, at) => finished(cluster, `c-${String(at)}`)));
  const run = await killed(plane.adminKubeconfig, inFolder(namespace, folder), {
    step: "settled",
    nth: 2,
    signal: "SIGINT",
  });
  expect(run.status, run.stderr).toBe(130);
  expect(run.stderr).toMatch(
    /deletions? went through; \d+ objects? (is|are) left\.\nGo on with: kubectl cronaudit cleanup --resume /,
  );
  const state = journalIn(folder);
  expect(state.open.size).toBe(0);
  expect(state.done.size).toBeGreaterThanOrEqual(2);
  expect(state.done.size).toBeLessThan(12);
  const resumed = await cronaudit(plane.adminKubeconfig, ["cleanup", "--resume", join(folder, "case.journal")]);
  expect(resumed.status, resumed.stderr).toBe(0);
  expect((await list(plane, "Job", namespace)).length).toBe(0);
  expect(askedTwice(folder)).toEqual([]);
});
