import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createReadStream } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { preserve } from "../../../src/cleanup/bundle/preserve.ts";
import { begin, finish, newRun } from "../../../src/cleanup/carry-out.ts";
import { Journal } from "../../../src/cleanup/journal.ts";
import { readJournal } from "../../../src/cleanup/read-journal.ts";
import { isOver, keptIn, runOf } from "../../../src/cleanup/resume.ts";
import type { Json } from "../../../src/model/api.ts";
import { optionsFor } from "./bundle-fixture.ts";
import { chosenItem, FakeServer, jobAndPod, keptOf, Memory, pathOf, planHead, workOver } from "./run-fixture.ts";

const PATIENCE = { milliseconds: 3000, firstPoll: 200, longestPoll: 1000 };
const NAMES = ["a", "b", "c", "d", "e", "f", "g"];
const HEAD = { tool: "0.0.0-test", operator: { user: "alice", local: null } };

/** Thrown where the process would have ended. */
class Killed extends Error {}

interface Ended {
  server: FakeServer;
  memory: Memory;
}

/** A run that ends at the nth step of all; what the journal and the server have then is all that is left of it. */
async function endedAt(nth: number): Promise<Ended> {
  const server = new FakeServer(...NAMES.map((name) => jobAndPod(name)));
  const memory = new Memory();
  const steps = { count: 0 };
  const reached = (): Promise<void> => ((steps.count += 1) >= nth ? Promise.reject(new Killed()) : Promise.resolve());
  const work = workOver(server, memory, { reached });
  // After its end the process writes nothing.
  memory.before = () => {
    if (steps.count >= nth) throw new Killed();
  };
  const run = newRun(NAMES.map((name) => chosenItem(name)));
  try {
    await begin(work.journal!, planHead(), run, HEAD);
    await work.journal!.write({ step: "evidence", evidence: { path: "x", sha256: "y" }, missing: [] });
    await finish(run, keptOf(...NAMES), work, PATIENCE);
  } catch (error) {
    if (!(error instanceof Killed) && !(error instanceof Error && error.name === "Stopped")) throw error;
  }
  memory.before = () => undefined;
  return { server, memory };
}

async function resumed({ server, memory }: Ended) {
  const state = readJournal(memory.text, "j");
  const run = runOf(state, "j");
  const plain = workOver(server, null);
  const work = { ...plain, journal: new Journal(memory, plain.now, state.end) };
  await finish(run, keptOf(...NAMES), work, PATIENCE);
  return { state, run };
}

describe("a cleanup that is resumed", () => {
  it("ends as one that was not interrupted, wherever it was ended, and asks for nothing twice", async () => {
    const whole = await endedAt(Infinity);
    expect(whole.server.names()).toEqual([]);
    for (let nth = 1; nth < 60; nth++) {
      const ended = await endedAt(nth);
      const { run } = await resumed(ended);
      expect(ended.server.names(), `step ${String(nth)}`).toEqual([]);
      expect([...run.verified.values()].map(({ outcome }) => outcome)).toEqual(NAMES.map(() => "gone"));
      const uids = ended.server.removals.map(({ uid }) => uid);
      expect(new Set(uids).size, `step ${String(nth)}`).toBe(uids.length);
      const state = readJournal(ended.memory.text, "j");
      expect([state.ended, isOver(state, run)]).toEqual([true, true]);
    }
  });

  it("touches nothing that was not chosen, and nothing that changed in between", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 45 }),
        fc.subarray(NAMES),
        fc.subarray(NAMES),
        async (nth, changed, replaced) => {
          const ended = await endedAt(nth);
          const { server } = ended;
          const later = jobAndPod("later");
          for (const one of [later.job, later.pod]) server.objects.set(pathOf(one), one);
          const there = (names: string[]): Json[] =>
            names.map((name) => server.objects.get(pathOf(jobAndPod(name).job))).filter((one) => one !== undefined);
          const touched = new Set<Json>();
          for (const one of there(changed))
            touched.add(Object.assign(one["metadata"] as Json, { resourceVersion: "70" }));
          for (const one of there(replaced))
            touched.add(Object.assign(one["metadata"] as Json, { uid: "uid-new", resourceVersion: "90" }));
          const before = new Set([...touched].map((meta) => String(meta["name"])));
          await resumed(ended);
          const left = server.names().filter((name) => !name.endsWith("-x"));
          expect(left).toEqual([...before, "later"].sort());
        },
      ),
      { numRuns: 60 },
    );
  });

  it("of which the journal ends before the choice deleted nothing, and says so", async () => {
    const { memory } = await endedAt(1);
    const upTo = memory.text.split("\n").slice(0, 4).join("\n");
    expect(() => runOf(readJournal(`${upTo}\n`, "j"), "j")).toThrow("nothing was deleted by it");
  });
});

describe("evidence of a run that is resumed", () => {
  it("has to be the file that the journal names, and whole", async () => {
    const folder = await mkdtemp(join(tmpdir(), "cronaudit-resume-"));
    try {
      const path = join(folder, "case.evidence");
      const server = new FakeServer(jobAndPod("a"));
      const { object, resource, dependents } = chosenItem("a");
      const objects = [{ object, resource }, ...dependents];
      const { sha256 } = await preserve(server.api, { objects }, optionsFor(path));
      const read = (): AsyncIterable<Buffer> => createReadStream(path);
      expect(await keptIn(read(), { path, sha256 })).toEqual(keptOf("a"));
      await expect(keptIn(read(), { path, sha256: "0".repeat(64) })).rejects.toThrow(
        "is not the evidence that the journal names",
      );
      await writeFile(path, "torn");
      await expect(keptIn(read(), { path, sha256 })).rejects.toThrow("is not whole");
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
