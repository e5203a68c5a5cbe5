import { existsSync, readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { actAs, find, list, must, pathOf, waitFor } from "../control-plane/act.ts";
import { job } from "../control-plane/cast/character.ts";
import { useCluster } from "../control-plane/test.ts";
import { daysAgo, finishedJob, hoursAgo, makeRunOld, minutesAfter, podsOf } from "../control-plane/time.ts";
import {
  cleanUp,
  evidenceIn,
  finished,
  inFolder,
  journalIn,
  outcomes,
  planOf,
  podSpec,
  run,
  uidsIn,
  useFolders,
} from "./cleanup/stage.ts";
import { cronaudit, reportOf } from "./program.ts";

const cluster = useCluster({ needs: ["edit-etcd", "fake-node"] });
const newFolder = useFolders();

describe("the source article's emergency clean-up", () => {
  test("completed more than 24 h ago: one command, evidence first, and no pod is left of what it deletes", async () => {
    const { plane, namespace } = cluster;
    const folder = await newFolder();
    for (const name of ["old", "young"]) await finished(cluster, name);
    await makeRunOld(plane, namespace, "old", { created: daysAgo(3), finished: minutesAfter(daysAgo(3), 5) });
    await makeRunOld(plane, namespace, "young", { created: daysAgo(3), finished: hoursAgo(1) });
    const before = await uidsIn(plane, namespace);
    const result = await cleanUp(cluster, folder, ["--older-than", "24h", "--yes"]);
    expect(outcomes(result)).toEqual({ old: "gone" });
    expect(result.items[0]).toMatchObject({ dependentsGone: 1, dependentsLeft: [] });
    expect(await podsOf(plane, namespace, "old")).toEqual([]);
    expect(await find(plane, "Job", namespace, "young")).not.toBeNull();
    expect((await podsOf(plane, namespace, "young")).length).toBe(1);

    const after = await uidsIn(plane, namespace);
    const gone = [...before.keys()].filter((uid) => !after.has(uid));
    expect(gone.length).toBe(2);
    const evidence = await evidenceIn(folder);
    expect(gone.filter((uid) => !evidence.has(uid))).toEqual([]);
    const journal = journalIn(folder);
    expect(journal).toMatchObject({ ended: true, cutOff: 0, isChoiceWhole: true });
    expect(journal.evidence?.sha256).toBe(result.summary.evidence?.sha256);
    expect((await cronaudit(plane.adminKubeconfig, ["evidence", "verify", join(folder, "case.evidence")])).status).toBe(
      0,
    );
  });

  test("the API's default leaves the pods of a Job behind; the cleanup of what it left does not", async () => {
    const { plane, namespace } = cluster;
    await finished(cluster, "plain");
    // Without a propagation policy, as kubectl delete --raw and many clients send it (jobStrategy.DefaultGarbageCollectionPolicy).
    await must(plane, "DELETE", pathOf("Job", namespace, "plain"));
    await waitFor("the pod to be let go", async () =>
      (await podsOf(plane, namespace, "plain")).every(({ metadata }) => metadata.ownerReferences === undefined),
    );
    expect((await podsOf(plane, namespace, "plain")).length).toBe(1);
    const result = await cleanUp(cluster, await newFolder(), ["--state", "orphaned", "--yes"]);
    expect(result.summary.byOutcome).toMatchObject({ gone: 1 });
    expect(await podsOf(plane, namespace, "plain")).toEqual([]);
  });
});

describe("containment", () => {
  test("a token bound to the pod is accepted before, and refused after; one that was minted with it goes on", async () => {
    const { plane, namespace } = cluster;
    const folder = await newFolder();
    await finished(cluster, "leaky");
    const [pod] = await podsOf(plane, namespace, "leaky");
    const bound = await actAs(plane, namespace, "default", { pod: pod!["metadata"].name as string });
    const minted = await actAs(plane, namespace, "default");
    const file = join(folder, "token");
    await writeFile(file, `${bound.token}\n`, { mode: 0o600 });
    const whoami = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
    const path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    expect((await bound.request("POST", path, whoami)).status).toBe(201);
    const result = await cleanUp(cluster, folder, ["--yes", "--token-file", file]);
    expect(result.summary.token?.user).toBe(`system:serviceaccount:${namespace}:default`);
    expect(result.summary.token?.refusedAfterSeconds).toBeLessThan(15);
    expect((await bound.request("POST", path, whoami)).status).toBe(401);
    expect((await minted.request("POST", path, whoami)).status).toBe(201);
    const again = await cleanUp(cluster, await newFolder(), ["--yes", "--token-file", file]);
    expect(again.summary.chosen).toBe(0);
  });
});

describe("without a terminal", () => {
  test("nothing is asked: more than the bound is an error that says how, and a dry run writes nothing", async () => {
    const { plane, namespace } = cluster;
    const folder = await newFolder();
    for (const name of ["a", "b", "c"]) await finished(cluster, name);
    const over = await run(cluster, folder, ["--yes", "--max-deletions", "2"]);
    expect(over.status).toBe(2);
    expect(over.stderr).toMatch(
      /3 objects would be deleted, and with them 3 other objects, and --max-deletions is 2: nothing was deleted\n.*--max-deletions 3/,
    );
    const share = await run(cluster, folder, ["--yes", "--max-percent", "50"]);
    expect(share).toMatchObject({ status: 2, stdout: "" });
    const dry = await cleanUp(cluster, folder, ["--dry-run=server"]);
    expect(outcomes(dry)).toEqual({ a: "dry-run", b: "dry-run", c: "dry-run" });
    expect(dry.summary).toMatchObject({ evidence: null, journal: null });
    expect(readdirSync(folder)).toEqual([]);
    expect((await list(plane, "Job", namespace)).length).toBe(3);

    const plan = await planOf(cluster);
    const file = join(folder, "plan.json");
    await writeFile(file, JSON.stringify(plan));
    const args = ["cleanup", "--plan", file, "--evidence", join(folder, "case.evidence")];
    const unasked = await cronaudit(plane.adminKubeconfig, args);
    expect(unasked.status).toBe(2);
    expect(unasked.stderr).toMatch(/without a terminal nothing is deleted but with --yes/);
    const elsewhere = {
      ...plan,
      metadata: { ...plan.metadata, cluster: { ...plan.metadata.cluster, uid: "another" } },
    };
    await writeFile(join(folder, "elsewhere.json"), JSON.stringify(elsewhere));
    const other = await cronaudit(plane.adminKubeconfig, [
      "cleanup",
      "--plan",
      join(folder, "elsewhere.json"),
      "--yes",
    ]);
    expect(other).toMatchObject({ status: 2, stdout: "" });
    expect(other.stderr).toMatch(/the plan is for the cluster at .*, and this is another one/);
    await must(plane, "PATCH", pathOf("Job", namespace, "b"), { metadata: { annotations: { note: "x" } } });
    const result = await reportOf<Parameters<typeof outcomes>[0]>(plane.adminKubeconfig, [...args, "--yes"], 2);
    expect(outcomes(result)).toEqual({ a: "gone", b: "refused", c: "gone" });
    expect((await list(plane, "Job", namespace)).map(({ metadata }) => String(metadata.name))).toEqual(["b"]);
    expect(existsSync(join(folder, "case.journal"))).toBe(true);

    const taken = await run(cluster, folder, ["--yes"]);
    expect(taken).toMatchObject({ status: 2 });
    expect(taken.stderr).toMatch(/cannot write the journal .*: a file of that name exists/);
    expect(await find(plane, "Job", namespace, "b")).not.toBeNull();
  });

  test("a Job with more than pods stays unless its kind is included; a running one always", async () => {
    const { plane, namespace } = cluster;
    const owner = await finished(cluster, "import");
    const { name, uid } = owner["metadata"];
    await must(plane, "POST", pathOf("Secret", namespace), {
      metadata: { name: "tmp", ownerReferences: [{ apiVersion: "batch/v1", kind: "Job", name, uid }] },
    });
    await must(
      plane,
      "POST",
      pathOf("Job", namespace),
      job(namespace, "running", podSpec, { annotations: { "rig.test/run-for": "forever" } }),
    );
    expect((await cleanUp(cluster, await newFolder())).items).toEqual([]);
    const folder = await newFolder();
    const result = await cleanUp(cluster, folder, ["--yes", "--include", "secrets", "--cascade", "foreground"]);
    expect(outcomes(result)).toEqual({ import: "gone" });
    expect(result.items[0]!.dependentsGone).toBe(2);
    expect(await find(plane, "Secret", namespace, "tmp")).toBeNull();
    expect(await find(plane, "Job", namespace, "running")).not.toBeNull();
  });
});

test("what people read: a line an object, the evidence, and what is left to do", async () => {
  const { plane, namespace } = cluster;
  const folder = await newFolder();
  await finished(cluster, "nightly");
  const { stdout, stderr, status } = await cronaudit(plane.adminKubeconfig, inFolder(namespace, folder));
  expect(status, stderr).toBe(0);
  expect(stdout).toMatch(/1 object chosen: 1 gone\. With them went 1 other object\./);
  expect(stdout).toMatch(/gone +job\/nightly +1 +deleted, and read as gone/);
  expect(stdout).toMatch(/Evidence: .*case\.evidence \(sha256 [0-9a-f]{64}\)/);
  expect(await finishedJob(plane, namespace, "nightly", 1).catch(() => null)).toBeNull();
});
