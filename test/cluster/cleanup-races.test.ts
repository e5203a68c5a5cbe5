import { randomInt } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { CleanupResult } from "../../src/model/cleanup.ts";
import { find, list, must, pathOf, waitFor } from "../control-plane/act.ts";
import { job } from "../control-plane/cast/character.ts";
import { useCluster } from "../control-plane/test.ts";
import { finishedJob } from "../control-plane/time.ts";
import { Histories } from "./cleanup/histories.ts";
import {
  evidenceIn,
  finished,
  here,
  inFolder,
  journalIn,
  outcomes,
  podSpec,
  uidsIn,
  useFolders,
} from "./cleanup/stage.ts";
import { VOLUME } from "./volume.ts";

const cluster = useCluster({ needs: ["fake-node"] });
const newFolder = useFolders();

const jobs = (): string => pathOf("Job", cluster.namespace);
const jobNamed = (name: string): string => pathOf("Job", cluster.namespace, name);

/** What somebody does to a finished Job that has been judged, by the Job's name. */
const RACES: Record<string, (name: string) => Promise<unknown>> = {
  modified: (name) => must(cluster.plane, "PATCH", jobNamed(name), { metadata: { annotations: { note: "x" } } }),
  // A Job that has finished does not run again; one that was suspended and resumed is none that was judged.
  restarted: async (name) => {
    await must(cluster.plane, "PATCH", jobNamed(name), { spec: { suspend: true } });
    await must(cluster.plane, "PATCH", jobNamed(name), { spec: { suspend: false } });
  },
  deleted: (name) => must(cluster.plane, "DELETE", `${jobNamed(name)}?propagationPolicy=Background`),
  recreated: async (name) => {
    await must(cluster.plane, "DELETE", `${jobNamed(name)}?propagationPolicy=Background`);
    await must(cluster.plane, "POST", jobs(), job(cluster.namespace, name, podSpec));
    await finishedJob(cluster.plane, cluster.namespace, name);
  },
  expired: async (name) => {
    await must(cluster.plane, "PATCH", jobNamed(name), { spec: { ttlSecondsAfterFinished: 0 } });
    await waitFor("the TTL to fire", async () => (await find(cluster.plane, "Job", cluster.namespace, name)) === null);
  },
  protect: (name) =>
    must(cluster.plane, "PATCH", jobNamed(name), { metadata: { annotations: { "cronaudit/protect": "" } } }),
};

const MAY_BE: Record<string, string[]> = {
  modified: ["refused", "conflict"],
  restarted: ["refused", "conflict"],
  deleted: ["already-gone"],
  recreated: ["replaced"],
  expired: ["already-gone"],
  protect: ["refused", "conflict"],
  untouched: ["gone"],
};

describe("between plan and deletion", () => {
  test.each(["journal", "evidence", "delete"])(
    "somebody else acts at the step %s: an outcome, and nothing unjudged goes",
    async (step) => {
      const { plane, namespace } = cluster;
      const folder = await newFolder();
      const names = [...Object.keys(RACES), "untouched", "owning"];
      await Promise.all(names.map((name) => finished(cluster, name)));
      const before = await uidsIn(plane, namespace);
      let race: Promise<unknown> | null = null;
      const reached = async (at: string): Promise<void> => {
        if (at !== step) return;
        race ??= Promise.all([
          ...Object.entries(RACES).map(([name, act]) => act(name)),
          // A deletion that is on its way takes along what is made to be owned at that moment; nothing can know.
          ...(step === "delete" ? [] : [own("owning", "late")]),
        ]);
        await race;
      };
      const { result, status, error } = await here(plane.adminKubeconfig, inFolder(namespace, folder), { reached });
      expect(error).toBeNull();
      expect(status).toBe(2);
      const said = outcomes(result!);
      for (const [name, may] of Object.entries(MAY_BE)) expect(may, `${name} at ${step}`).toContain(said[name]);
      expect(said["owning"]).toBe(step === "delete" ? "gone" : "refused");
      if (step !== "delete") expect(await find(plane, "Secret", namespace, "late")).not.toBeNull();

      const left = new Set((await list(plane, "Job", namespace)).map(({ metadata }) => String(metadata.name)));
      for (const name of ["modified", "restarted", "recreated", "protect"])
        expect([...left], `${name} at ${step}`).toContain(name);
      const after = await uidsIn(plane, namespace);
      const kept = await evidenceIn(folder);
      const gone = [...before.keys()].filter((uid) => !after.has(uid));
      const byUs = journalIn(folder).items.filter(({ object }) => said[object.name] === "gone");
      for (const { object, dependents } of byUs) {
        for (const one of [object, ...dependents.map((dependent) => dependent.object)])
          expect(kept.has(one.uid!), one.name).toBe(true);
      }
      const planned = new Set(
        journalIn(folder).items.flatMap(({ object, dependents }) => [
          object.uid!,
          ...dependents.map((one) => one.object.uid!),
        ]),
      );
      expect(gone.filter((uid) => !planned.has(uid))).toEqual([]);
    },
  );

  async function own(owner: string, name: string): Promise<void> {
    const { metadata } = await must(cluster.plane, "GET", jobNamed(owner));
    const ownerReferences = [{ apiVersion: "batch/v1", kind: "Job", name: owner, uid: metadata.uid as string }];
    await must(cluster.plane, "POST", pathOf("Secret", cluster.namespace), { metadata: { name, ownerReferences } });
  }
});

test("two cleanups at once: each object goes once, and each says what the other did", async () => {
  const { plane, namespace } = cluster;
  const folders = [await newFolder(), await newFolder()];
  await Promise.all(Array.from({ length: 14 }, (_, at) => finished(cluster, `both-${String(at)}`)));
  // Both have planned before either deletes.
  let waiting = 0;
  let go!: () => void;
  const both = new Promise<void>((resolve) => (go = resolve));
  const reached = async (step: string): Promise<void> => {
    if (step !== "evidence") return;
    if ((waiting += 1) === 2) go();
    await both;
  };
  const runs = await Promise.all(
    folders.map((folder) => here(plane.adminKubeconfig, inFolder(namespace, folder), { reached })),
  );
  expect(runs.map(({ error }) => error)).toEqual([null, null]);
  expect((await list(plane, "Job", namespace)).length).toBe(0);
  const results = runs.map(({ result }) => result as CleanupResult);
  for (const { items } of results) {
    expect(items.length).toBe(14);
    expect(items.filter(({ outcome }) => !["gone", "already-gone"].includes(outcome))).toEqual([]);
  }
  const ours = results.map(
    (result) => new Set(result.items.filter(({ outcome }) => outcome === "gone").map(({ object }) => object.uid)),
  );
  expect([...ours[0]!].filter((uid) => ours[1]!.has(uid))).toEqual([]);
  expect(ours[0]!.size + ours[1]!.size).toBe(14);
  expect(runs.map(({ status }) => status)).toEqual([0, 0]);
});

/** Histories in one cleanup, and cleanups; at `--times 9` and more, 500 histories. */
const EACH = 14;
const ROUNDS = Math.min(4 * VOLUME, Math.ceil(500 / EACH));

test(
  `random histories: every uid that disappears was in the plan (${String(ROUNDS * EACH)})`,
  { timeout: 60_000 + ROUNDS * 60_000 },
  async () => {
    const { plane, namespace } = cluster;
    for (let round = 0; round < ROUNDS; round++) {
      const seed = randomInt(2 ** 31);
      const histories = new Histories(plane, namespace, seed, `r${String(round)}`);
      await histories.write(EACH);
      const folder = await newFolder();
      const before = await histories.there();
      const args = ["--yes", "-l", `round=r${String(round)}`, ...histories.flags()];
      const { result, error } = await here(plane.adminKubeconfig, inFolder(namespace, folder, args), {
        reached: (step) => histories.act(step),
        patience: { milliseconds: 6000, firstPoll: 200, longestPoll: 1000 },
      });
      const where = `seed ${String(seed)}`;
      expect(error, where).toBeNull();
      if (result!.summary.chosen === 0) continue;
      // What the garbage collector has still to do for others' deletions is none of ours.
      await histories.settled();
      const after = await histories.there();
      const { items, done } = journalIn(folder);
      const asked = items.filter(({ object }) => done.get(object.uid!)!.by === "us");
      const mayGo = new Set(
        asked.flatMap(({ object, dependents }) => [object.uid!, ...dependents.map((one) => one.object.uid!)]),
      );
      const gone = [...before].filter(([uid]) => !after.has(uid));
      const strangers = gone.filter(([uid]) => !mayGo.has(uid) && !histories.byOthers.has(uid));
      expect(
        strangers.map(([, name]) => name),
        where,
      ).toEqual([]);
      const kept = await evidenceIn(folder);
      const unkept = gone.filter(([uid]) => mayGo.has(uid) && !histories.byOthers.has(uid) && !kept.has(uid));
      expect(
        unkept.map(([, name]) => name),
        where,
      ).toEqual([]);
      const lies = items.filter(({ object }) => {
        const outcome = result!.items.find((one) => one.object.uid === object.uid)!.outcome;
        const isThere = after.has(object.uid!);
        if (["gone", "already-gone", "replaced"].includes(outcome)) return isThere;
        // What is going goes in the end, and a TTL that somebody set may fire after the last look.
        return !isThere && outcome !== "going" && !histories.byOthers.has(object.uid!);
      });
      expect(
        lies.map(({ object }) => object.name),
        where,
      ).toEqual([]);
    }
  },
);
