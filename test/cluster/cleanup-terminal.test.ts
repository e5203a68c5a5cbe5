import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cronaudit } from "./program.ts";
import { must, pathOf } from "../control-plane/act.ts";
import { useCluster } from "../control-plane/test.ts";
import { podsOf } from "../control-plane/time.ts";
import { hasTerminal, start, type Terminal } from "../cli/screens/terminal.ts";
import { evidenceIn, finished, journalIn, uidsIn, useFolders } from "./cleanup/stage.ts";
import { mint } from "./tokens/stage.ts";

const cluster = useCluster({ needs: ["fake-node"] });
const newFolder = useFolders();
/** So many Jobs that there is time for Ctrl-C between the first and the last. */
const MANY = 100;
const size = { columns: 120, rows: 30 };

function terminal(folder: string, ...args: string[]): Terminal {
  const { plane, namespace } = cluster;
  const argv = [...args, "-n", namespace];
  return start(["bin/kubectl-cronaudit.js", ...argv], size, {
    env: { KUBECONFIG: plane.adminKubeconfig, TZ: "UTC" },
    cwd: folder,
  });
}

async function names(): Promise<string[]> {
  const found = await uidsIn(cluster.plane, cluster.namespace, ["Job", "Pod"]);
  return [...found.values()].map((name) => name.replace(/-[^-]+$/, "")).sort();
}

// Three finished Jobs, each with its pod.
async function threeJobs(): Promise<void> {
  for (const name of ["one", "two", "three"]) await finished(cluster, name);
}

describe.runIf(hasTerminal)("cleanup in a terminal", () => {
  test("what is chosen and confirmed goes, evidence first, and what is given up stays", async () => {
    await threeJobs();
    const folder = await newFolder();
    const list = terminal(folder, "cleanup", "--evidence", join(folder, "case.evidence"));
    await list.until(/q leave/);
    list.type("/three");
    await list.until(/\/three_ +1 of 3/);
    list.type("\r ");
    await list.until(/Chosen: 2 jobs, 2 pods/);
    list.type("\r");
    await list.until(/Type 4 to delete/);
    expect(await names()).toHaveLength(6);
    list.type("4\r");
    const { exit, before, after } = await list.end();
    expect([exit, after], list.screen()).toEqual([0, before]);
    expect(await names()).toEqual(["Job/three", "Pod/three"]);
    expect(journalIn(folder)).toMatchObject({ ended: true, isChoiceWhole: true });
    expect((await evidenceIn(folder)).size).toBe(4);
  });

  test("all of a namespace needs its name; a number, q and Ctrl-C delete nothing, and write nothing", async () => {
    await threeJobs();
    const folder = await newFolder();
    for (const [args, keys, status] of [
      [["cleanup"], "6\r", 0],
      [["cleanup"], "\u0003", 130],
      [["stale", "--cleanup"], "\u001b", 0],
    ] as const) {
      const list = terminal(folder, ...args);
      await list.until(/q leave/);
      list.type("\r");
      await list.until(args[0] === "stale" ? /Type .* to delete/ : new RegExp(`Type ${cluster.namespace} to delete`));
      list.type(keys);
      const { exit, before, after } = await list.end();
      expect([exit, after], list.screen()).toEqual([status, before]);
    }
    expect(await names()).toHaveLength(6);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("what exposure lists is handed over, and deleted", async () => {
    await threeJobs();
    const folder = await newFolder();
    const list = terminal(folder, "exposure", "job/one", "--cleanup");
    await list.until(/q leave/);
    expect(list.screen()).not.toMatch(/two|three/);
    list.type("\r");
    await list.until(/Type 1 to delete/);
    list.type("1\r");
    const { exit } = await list.end();
    expect(exit, list.screen()).toBe(0);
    // The pod carries its token, and the Job nothing: it stays.
    expect(await names()).toEqual(["Job/one", "Job/three", "Job/two", "Pod/three", "Pod/two"]);
  });

  test.each([
    ["preservation", /\[[#.]{24}\] evidence: \d+ of \d+ objects/, 0],
    ["deletion", /\[[#.]{24}\] [1-9]\d* of \d+ settled/, 1],
  ] as const)(
    "Ctrl-C during the %s leaves terminal and journal whole, and --resume finishes",
    { timeout: 180_000 },
    async (_, stage, least) => {
      const { plane } = cluster;
      const jobs = Array.from({ length: MANY }, (__, at) => `many-${String(at)}`);
      await Promise.all(jobs.map((name) => finished(cluster, name)));
      const folder = await newFolder();
      const list = terminal(folder, "cleanup", "--evidence", join(folder, "case.evidence"));
      await list.until(/q leave/);
      list.type("\r");
      await list.until(/Type .* to delete/);
      list.type(`${cluster.namespace}\r`);
      await list.until(stage);
      list.type("\u0003");
      const { exit, before, after } = await list.end();
      expect([exit, after], list.screen()).toEqual([130, before]);
      // The spinner's line is gone.
      expect(cursorIsShown(list)).toBe(true);
      const screen = list.screen();
      expect(screen).not.toMatch(/ of \d+ (objects|settled)/);
      expect(screen.replaceAll("\n", "")).toMatch(/(\d+) objects? (is|are) left\.Go on with: .*cleanup --resume/);

      const state = journalIn(folder);
      expect(state).toMatchObject({ ended: false, isChoiceWhole: true, cutOff: 0, open: new Set() });
      expect(state.done.size).toBeGreaterThanOrEqual(least);
      expect(state.done.size).toBeLessThan(least === 0 ? 1 : MANY);
      expect((await names()).filter((name) => name.startsWith("Job/"))).toHaveLength(MANY - state.done.size);
      const resumed = await cronaudit(plane.adminKubeconfig, ["cleanup", "--resume", join(folder, "case.journal")]);
      expect(resumed.status, resumed.stderr).toBe(0);
      expect(await names()).toEqual([]);
      expect(journalIn(folder)).toMatchObject({ ended: true, cutOff: 0 });
      expect((await evidenceIn(folder)).size).toBe(2 * MANY);
    },
  );

  test(
    "Ctrl-C while it reads what is gone says what was deleted, and --resume reads on",
    { timeout: 120_000 },
    async () => {
      const { plane, namespace } = cluster;
      await finished(cluster, "held");
      const [pod] = await podsOf(plane, namespace, "held");
      const path = pathOf("Pod", namespace, String(pod!["metadata"].name));
      await must(plane, "PATCH", path, { metadata: { finalizers: ["example.com/keep"] } });
      const folder = await newFolder();
      const list = terminal(folder, "cleanup", "job/held", "--evidence", join(folder, "case.evidence"));
      await list.until(/q leave/);
      // What a finalizer holds is not chosen by itself.
      list.type(" ");
      await list.until(/Chosen: 1 job, 1 pod/);
      list.type("\r");
      await list.until(/Type 2 to delete/);
      list.type("2\r");
      await list.until(/\[[#.]{24}\] \d+ of \d+ read as gone/);
      list.type("\u0003");
      const { exit, before, after } = await list.end();
      expect([exit, after], list.screen()).toEqual([130, before]);
      expect(cursorIsShown(list)).toBe(true);
      expect(list.screen()).not.toMatch(/read as gone, |\[[#.]{24}\]/);
      expect(list.screen()).toMatch(/^gone +job\/held +0, 1 left/m);
      expect(list.screen()).toMatch(/Look again: .*cleanup --resume/);
      expect(journalIn(folder)).toMatchObject({ cutOff: 0, open: new Set() });
      expect((await evidenceIn(folder)).size).toBe(2);

      await must(plane, "PATCH", path, { metadata: { finalizers: null } });
      const resumed = await cronaudit(plane.adminKubeconfig, ["cleanup", "--resume", join(folder, "case.journal")]);
      expect(resumed.status, resumed.stdout + resumed.stderr).toBe(0);
      expect(await names()).toEqual([]);
      expect(journalIn(folder)).toMatchObject({ ended: true, cutOff: 0 });
    },
  );

  test("Ctrl-C while a token is tried says what was deleted, and of the token that it is not known", async () => {
    const { plane } = cluster;
    await threeJobs();
    const folder = await newFolder();
    const file = join(folder, "token");
    // Bound to nothing that is deleted: it would be tried for as long as it may take.
    writeFileSync(file, await mint(cluster, "default", {}), { mode: 0o600 });
    const list = terminal(folder, "cleanup", "--evidence", join(folder, "case.evidence"), "--token-file", file);
    await list.until(/q leave/);
    list.type("\r");
    await list.until(/Type .* to delete/);
    list.type(`${cluster.namespace}\r`);
    await list.until(/trying the token/);
    list.type("\u0003");
    const { exit, before, after } = await list.end();
    expect([exit, after], list.screen()).toEqual([130, before]);
    expect(cursorIsShown(list)).toBe(true);
    const screen = list.screen().replaceAll("\n", "");
    expect(screen).not.toMatch(/trying the token|still accepted, as|still accepts the token that was given, as/);
    expect(screen).toMatch(/accepts the token that was given is not known: the trial was interrupted/);
    expect(screen).toMatch(/3 objects chosen: 3 gone/);
    expect(await names()).toEqual([]);
    expect(journalIn(folder)).toMatchObject({ ended: true, cutOff: 0, open: new Set() });
    const resumed = await cronaudit(plane.adminKubeconfig, ["cleanup", "--resume", join(folder, "case.journal")]);
    expect(resumed.status, resumed.stderr).toBe(0);
    expect(resumed.stdout).toMatch(/3 objects chosen: 3 gone/);
  });
});

/** The cursor is shown again after it was hidden for the last time. */
function cursorIsShown(list: Terminal): boolean {
  return list.raw().lastIndexOf("\u001b[?25h") > list.raw().lastIndexOf("\u001b[?25l");
}
