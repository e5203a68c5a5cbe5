import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { useCluster } from "../control-plane/test.ts";
import { hasTerminal, start, type Terminal } from "../cli/screens/terminal.ts";
import { evidenceIn, finished, journalIn, uidsIn, useFolders } from "./cleanup/stage.ts";

const cluster = useCluster({ needs: ["fake-node"] });
const newFolder = useFolders();
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
});
