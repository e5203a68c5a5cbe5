import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hasTerminal, start } from "../cli/screens/terminal.ts";
import { find, must, pathOf, waitFor } from "../control-plane/act.ts";
import { useCluster } from "../control-plane/test.ts";
import type { Stored } from "../control-plane/story.ts";
import { podsOf } from "../control-plane/time.ts";
import { cleanUp, evidenceIn, finished, journalIn, planOf, uidsIn, useFolders } from "./cleanup/stage.ts";
import { accepts, mint, REMEMBERED, secondsUntilRefused, until } from "./tokens/stage.ts";

const cluster = useCluster({ needs: ["fake-node"] });
const newFolder = useFolders();
const FINALIZER = "example.com/keep";
/** What a token outlives the deletionTimestamp of its pod by, where a finalizer holds the pod. */
const LEEWAY = 60;

/** A finished Job whose pod is held; the pod. */
async function heldRun(name: string): Promise<Stored> {
  const { plane, namespace } = cluster;
  await finished(cluster, name);
  const [pod] = await podsOf(plane, namespace, name);
  return must(plane, "PATCH", pathOf("Pod", namespace, String(pod!["metadata"].name)), {
    metadata: { finalizers: [FINALIZER] },
  });
}

async function letGo({ metadata }: Stored): Promise<void> {
  const { plane, namespace } = cluster;
  await must(plane, "PATCH", pathOf("Pod", namespace, String(metadata.name)), { metadata: { finalizers: null } });
}

test("a pod that a finalizer holds is refused by its own name, and its Job goes only by a choice: the token works on", async () => {
  const { plane, namespace } = cluster;
  const pod = await heldRun("held");
  const name = String(pod["metadata"].name);
  const token = await mint(cluster, "default", { pod });
  const [byJob] = (await planOf(cluster)).items;
  expect(byJob).toMatchObject({ decision: "choose", needsBecause: `a finalizer holds pod/${name}` });
  const [byName] = (await planOf(cluster, [`pod/${name}`])).items;
  expect(byName).toMatchObject({
    decision: "refuse",
    refusal: "finalizer",
    refusedBecause: `finalizer ${FINALIZER} would hold its deletion`,
  });
  for (const words of [[], ["job/held"], [`pod/${name}`], ["--include", "pods"]])
    expect((await cleanUp(cluster, await newFolder(), [...words, "--yes"])).summary.chosen, words.join(" ")).toBe(0);
  expect((await find(plane, "Pod", namespace, name))!["metadata"].deletionTimestamp).toBeUndefined();
  expect(await find(plane, "Job", namespace, "held")).not.toBeNull();
  expect(await accepts(cluster, token)).toBe(true);
  await letGo(pod);
});

/** Chooses the only item of the list, which is not chosen by itself, and confirms it. */
async function choose(folder: string, job: string, args: string[]): Promise<ReturnType<typeof start>> {
  const { plane, namespace } = cluster;
  const argv = ["cleanup", `job/${job}`, "-n", namespace, "--evidence", join(folder, "case.evidence"), ...args];
  const env = { KUBECONFIG: plane.adminKubeconfig, TZ: "UTC" };
  const list = start(["bin/kubectl-cronaudit.js", ...argv], { columns: 120, rows: 40 }, { env, cwd: folder });
  await list.until(/q leave/);
  list.type(" ");
  await list.until(/Chosen: 1 job, 1 pod/);
  list.type("\r");
  await list.until(/Type 2 to delete/);
  list.type("2\r");
  return list;
}

/** deletionTimestamp of a held pod, once it has one. */
function deletedAt({ metadata }: Stored): Promise<string> {
  const { plane, namespace } = cluster;
  return waitFor("the pod's deletion", async () => {
    const now = await find(plane, "Pod", namespace, String(metadata.name));
    return (now?.["metadata"].deletionTimestamp as string | undefined) ?? null;
  });
}

test.runIf(hasTerminal)(
  "chosen all the same, the token works for a minute after the deletionTimestamp and no longer; what is left is said",
  { timeout: 180_000 },
  async () => {
    const { plane, namespace } = cluster;
    const [behind, before] = [await heldRun("behind"), await heldRun("before")];
    const [given, early, late, cold] = await Promise.all(
      [1, 2, 3, 4].map(() => mint(cluster, "default", { pod: behind })),
    );
    const folders = [await newFolder(), await newFolder()] as const;
    const file = join(folders[0], "token");
    await writeFile(file, given!, { mode: 0o600 });

    // The Job first, which is the default, and the pod first.
    const background = await choose(folders[0], "behind", ["--token-file", file]);
    const since = await deletedAt(behind);
    const foreground = await choose(folders[1], "before", ["--cascade", "foreground"]);
    await deletedAt(before);
    expect(await accepts(cluster, early!), "just deleted").toBe(true);
    await until(since, LEEWAY - 3);
    expect(await accepts(cluster, late!), "three seconds before its end").toBe(true);
    await until(since, LEEWAY + 1);
    expect(await accepts(cluster, cold!), "cold, a second after its end").toBe(false);
    expect(await secondsUntilRefused(cluster, late!), "hot, a second after its end").toBeLessThan(REMEMBERED + 1);

    const [first, second] = [await background.end(), await foreground.end()];
    expect([first.exit, second.exit], `${background.screen()}\n${foreground.screen()}`).toEqual([2, 2]);
    expect([first.after, second.after]).toEqual([first.before, second.before]);
    const job = await find(plane, "Job", namespace, "before");
    expect(verdictIn(folders[0])).toMatchObject({
      outcome: "gone",
      because: expect.stringContaining(
        `pod/${String(behind["metadata"].name)}: finalizer ${FINALIZER} holds it`,
      ) as string,
      dependentsLeft: [{ kind: "Pod", uid: behind["metadata"].uid as string }],
    });
    expect(verdictIn(folders[1])).toMatchObject({
      outcome: "going",
      because: "finalizer foregroundDeletion holds it",
      dependentsLeft: [{ kind: "Pod", uid: before["metadata"].uid as string }],
    });
    expect(job!["metadata"].deletionTimestamp).toBeDefined();
    // Polled once a second from the deletion on, and remembered by the server for ten at most.
    const [, refused] = /is refused: seen (\d+) s after the first deletion/.exec(background.screen()) ?? [];
    expect(Number(refused), background.screen()).toBeGreaterThanOrEqual(LEEWAY - 1);
    expect(Number(refused)).toBeLessThan(LEEWAY + REMEMBERED + 4);
    for (const folder of folders) expect((await evidenceIn(folder)).size).toBe(2);
    for (const pod of [behind, before]) await letGo(pod);
    await waitFor("all to go", async () => (await uidsIn(plane, namespace, ["Job", "Pod"])).size === 0);
  },
);

function verdictIn(folder: string): unknown {
  const { verified, ended } = journalIn(folder);
  expect(ended).toBe(true);
  return [...verified.values()][0];
}
