import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import type { ExposureReport } from "../../src/model/report.ts";
import { actAs } from "../control-plane/act.ts";
import { loadCast, loadDeveloperView } from "../control-plane/cast/index.ts";
import { Canaries, formsOf } from "../control-plane/cast/values.ts";
import { useCluster } from "../control-plane/test.ts";
import { carryEverywhere } from "./canary/everywhere.ts";
import { hashesOf, holdInSecrets } from "./canary/held.ts";
import { cronaudit, type Run } from "./program.ts";

/** A plane of its own: what its node serves as the log of containers is one file. */
const cluster = useCluster({ own: true, needs: ["edit-etcd", "fake-node"] });
const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** Finds where one of the canaries shows in a text, by its number and form; never the canary itself. */
function finder(canaries: readonly string[]): (text: string, where: string) => string[] {
  // A third of a form is a leak as well: a prefix, a masked middle. Many texts are searched for thousands of them at once.
  const parts = new Map<string, { part: string; what: string }[]>();
  for (const [number, canary] of canaries.entries()) {
    for (const [i, form] of [...formsOf(canary), ...hashesOf(canary)].entries()) {
      const part = form.slice(0, Math.max(SHORTEST, Math.floor(form.length / 3))).toLowerCase();
      const what = `canary ${String(number)}, form ${String(i)}`;
      parts.getOrInsertComputed(part.slice(0, SHORTEST), () => []).push({ part, what });
    }
  }
  return (text, where) => {
    const lower = text.toLowerCase();
    const found = new Set<string>();
    for (let at = 0; at + SHORTEST <= lower.length; at++) {
      for (const { part, what } of parts.get(lower.slice(at, at + SHORTEST)) ?? NOTHING) {
        if (lower.startsWith(part, at)) found.add(`${where}: ${what}`);
      }
    }
    return [...found];
  };
}

const SHORTEST = 8;
const NOTHING: never[] = [];

/** Which of these the report says something about; an answer that leaves a class out proves nothing for it. */
function covered(report: string): string[] {
  const { items } = JSON.parse(report) as ExposureReport;
  const carriers = items.flatMap((item) => item.carriers);
  const all = carriers.flatMap((one) => [one.class, ...(one.closesBecause === "compaction" ? [one.object.name] : [])]);
  return [...new Set<string>(all)];
}

/** How many credentials of the report equal a value of a Secret. */
function equal(report: string): number {
  const { items } = JSON.parse(report) as ExposureReport;
  return items.filter(({ credential }) => (credential.equals ?? []).length > 0).length;
}

const COVERED = ["configmap-env", "termination-message", "log", "gone", "changed"];

const REPORTS = [[], ["exposure"], ["stale"], ["access"]];
const FORMATS = ["table", "wide", "json", "yaml", "name"];

it("no command, format, snapshot, log or error writes any part of a secret value", { timeout: 900_000 }, async () => {
  const { plane, namespace } = cluster;
  const own = new Canaries();
  await carryEverywhere(plane, namespace, own);
  await holdInSecrets(plane, namespace, own.all);
  const cast = await loadCast(plane);
  const team = await loadDeveloperView(plane);
  const actor = await actAs(plane, namespace, "default");
  const canaries = [...own.all, ...cast.canaries, ...team.canaries, actor.token.split(".")[2]!];
  expect(canaries.length).toBeGreaterThan(40);
  const leaks = finder(canaries);

  const folder = await mkdtemp(join(tmpdir(), "cronaudit-canary-"));
  folders.push(folder);
  const found: string[] = [];
  let bytes = 0;
  const search = (text: string, where: string): void => {
    bytes += text.length;
    found.push(...leaks(text, where));
  };
  const run = async (kubeconfig: string, args: string[], statuses: number[]): Promise<Run> => {
    const done = await cronaudit(kubeconfig, args);
    expect(statuses, `${args.join(" ")}: ${done.stderr}`).toContain(done.status);
    search(done.stdout, `${args.join(" ")} stdout`);
    search(done.stderr, `${args.join(" ")} stderr`);
    return done;
  };

  const admin = plane.adminKubeconfig;
  for (const verb of REPORTS) {
    for (const format of FORMATS) await run(admin, [...verb, "-o", format], [0]);
  }
  await run(admin, ["--all", "--all-readers"], [0]);
  await run(admin, ["exposure", "--all", "--all-readers", "-o", "json"], [0]);
  await run(admin, ["-v8", "--list-secrets"], [0]);
  const logged = await run(admin, ["exposure", "--scan-logs", "--all", "-o", "json"], [0]);
  expect(covered(logged.stdout)).toEqual(expect.arrayContaining(COVERED));
  await run(admin, ["exposure", "--scan-logs", "--list-secrets", "-v8", "-n", namespace], [0]);
  for (const name of ["job/carrier", "pod/running", "cronjob/changed"]) {
    await run(admin, ["exposure", name, "-n", namespace, "--scan-logs", "--all", "--all-readers"], [0]);
  }
  for (const more of [["--by", "carrier"], ["--by", "reader"], ["--timeline"], ["--class", "log"]]) {
    await run(admin, ["exposure", "--scan-logs", ...more], [0]);
  }
  await run(admin, ["--compare-secrets", "-v8"], [0]);
  const compared = await run(
    admin,
    ["exposure", "--compare-secrets", "--scan-logs", "--all", "-o", "json", "-v8"],
    [0],
  );
  expect(covered(compared.stdout)).toEqual(expect.arrayContaining(COVERED));
  expect(equal(compared.stdout)).toBeGreaterThan(40);
  await run(admin, ["exposure", "pod/running", "-n", namespace, "--compare-secrets", "--scan-logs", "--all"], [0]);
  for (const format of ["wide", "yaml"]) {
    await run(admin, ["exposure", "--compare-secrets", "--scan-logs", "--all", "-o", format], [0]);
  }
  await run(await actor.kubeconfig(), ["exposure", "--compare-secrets", "-v8"], [3]);
  await run(await actor.kubeconfig(), ["-v8"], [3]);
  await run(team.kubeconfig, ["exposure", "-o", "json", "-v8"], [3]);
  await run(admin, ["exposure", "pod/running", "-n", namespace, "-o", "json"], [0]);

  // Snapshots, and every report from them.
  const file = join(folder, "snapshot.jsonl");
  await run(admin, ["snapshot", file, "--plain", "--list-secrets", "--scan-logs", "-v8"], [0]);
  search(await readFile(file, "utf8"), "snapshot");
  const read = await run(admin, ["exposure", "-f", file, "-o", "json", "--all"], [0]);
  expect(covered(read.stdout)).toEqual(expect.arrayContaining(COVERED));
  await run(admin, ["exposure", "-f", file, "--timeline", "--all"], [0]);

  const held = join(folder, "compared.jsonl");
  await run(admin, ["snapshot", held, "--plain", "--compare-secrets", "--scan-logs", "-v8"], [0]);
  search(await readFile(held, "utf8"), "compared snapshot");
  const readBack = await run(admin, ["exposure", "-f", held, "-o", "json", "--all", "--compare-secrets"], [0]);
  expect(equal(readBack.stdout)).toBeGreaterThan(40);

  // Dumps that people made with kubectl, Secrets and all; whole, and cut off in the middle.
  for (const format of ["json", "yaml"]) {
    const { stdout } = spawnSync(
      plane.kubectl,
      ["--kubeconfig", admin, "get", "cronjobs,jobs,pods,secrets,configmaps,serviceaccounts", "-A", "-o", format],
      { encoding: "utf8", maxBuffer: 1 << 28 },
    );
    expect(leaks(stdout, "dump").length, "the dump itself holds the canaries").toBeGreaterThan(20);
    const dump = join(folder, `dump.${format}`);
    await writeFile(dump, stdout);
    for (const verb of REPORTS) await run(admin, [...verb, "-f", dump, "-o", "json"], [0, 3]);
    await run(admin, ["exposure", "-f", dump, "--compare-secrets", "--all"], [0, 3]);
    await writeFile(dump, stdout.slice(0, stdout.length * 0.7));
    await run(admin, ["exposure", "-f", dump, "--compare-secrets"], [0, 2, 3]);
    await writeFile(dump, stdout.replaceAll('"', "'{").replaceAll(": ", " : ["));
    await run(admin, ["exposure", "-f", dump], [0, 2, 3]);
  }

  expect(found).toEqual([]);
  expect(bytes).toBeGreaterThan(500_000);
});
