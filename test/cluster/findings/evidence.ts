import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { ExposureReport } from "../../../src/model/report.ts";
import { waitFor } from "../../control-plane/act.ts";
import { TEAM_NAMESPACE } from "../../control-plane/cast/index.ts";
import { cronaudit, reportOf } from "../program.ts";
import { DEVELOPER } from "./developer.ts";
import type { OnStage } from "./stage.ts";

const VERBS = [["exposure"], ["stale"], ["access"], []];
const AS_DEVELOPER = [
  ["--as", DEVELOPER],
  ...["system:serviceaccounts", "system:serviceaccounts:team", "system:authenticated"].map((group) => [
    "--as-group",
    group,
  ]),
].flat();

/**
 * A report without what two moments of an unchanged cluster differ in: the moment, what is counted up to it and from it,
 * and how far back the server still shows what was deleted, which etcd's compaction moves.
 */
function timeless(report: object): unknown {
  const moving = ["takenAt", "ageSeconds", "overdueSeconds", "atRestHours", "share", "savesHours"];
  const text = JSON.stringify(report, (key, value: unknown) =>
    moving.includes(key) ? null : isForgotten(value) ? { ...value, closes: null } : value,
  );
  return JSON.parse(
    text
      .replaceAll(/ended \w+ ago/g, "ended a while ago")
      .replaceAll(/the server still shows [^"]*/g, "the server shows something of the past")
      .replaceAll(/since resourceVersion \d+/g, "since a while"),
  );
}

/** A carrier that is gone, and forgotten ten minutes from whenever it is looked at. */
function isForgotten(value: unknown): value is object {
  return (
    typeof value === "object" && value !== null && "closesBecause" in value && value.closesBecause === "compaction"
  );
}

/** The header of a snapshot without its moment, how far back it looked and the hash over it, and the records as they are. */
function parts(snapshot: string): { header: unknown; records: string[] } {
  const [first = "", ...records] = snapshot.split("\n");
  const header = JSON.parse(first) as { sha256: string; metadata: { takenAt: string }; recoveryNotes: string[] };
  expect(header.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(header.metadata.takenAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  expect(header.recoveryNotes[0]).toMatch(/the server still shows /);
  const moving = { sha256: "", metadata: { ...header.metadata, takenAt: "" }, earlier: null, recoveryNotes: [] };
  return { header: { ...header, ...moving }, records };
}

/** The evidence as a file, taken by either identity, and read back. */
export function evidence(onStage: OnStage): void {
  let folder: Promise<string> | null = null;
  const inFolder = async (name: string) =>
    join(await (folder ??= mkdtemp(join(tmpdir(), "cronaudit-findings-"))), name);
  afterAll(async () => {
    if (folder !== null) await rm(await folder, { recursive: true, force: true });
  });
  const keyFile = async (name: string) => {
    const path = await inFolder(`${name}.key`);
    await writeFile(path, `${name.repeat(8)}\n`);
    return ["--fingerprint-key", path];
  };
  /** Namespaces of other tests come and go by themselves; captures are compared when none is on its way. */
  const unchanging = () =>
    waitFor("no namespace to be going", async () => {
      const answer = await onStage().plane.request("GET", "/api/v1/namespaces");
      const going = answer.body.items.filter(({ status }: { status: { phase: string } }) => status.phase !== "Active");
      return going.length === 0;
    });
  const capture = async (kubeconfig: string, name: string, status: number, ...args: string[]): Promise<string> => {
    const path = await inFolder(name);
    const run = await cronaudit(kubeconfig, ["snapshot", path, ...args]);
    expect(run, run.stderr).toMatchObject({ status, stdout: "" });
    return path;
  };
  const views = [
    { who: "the administrator", status: 0, kubeconfig: () => onStage().admin },
    { who: "the developer", status: 3, kubeconfig: () => onStage().developer },
  ];

  describe.for(views)("of $who", ({ who, status, kubeconfig }) => {
    const file = who.split(" ")[1]!;

    test("two captures under one key differ in the header's moment alone", async () => {
      await unchanging();
      const key = await keyFile("same");
      const first = parts(await readFile(await capture(kubeconfig(), `${file}-1.jsonl`, status, ...key), "utf8"));
      const second = parts(await readFile(await capture(kubeconfig(), `${file}-2.jsonl`, status, ...key), "utf8"));
      expect(first.records.length).toBeGreaterThan(1);
      expect(second).toEqual(first);
    });

    test("every report from the file is the report of the live cluster", async () => {
      await unchanging();
      const key = await keyFile("same");
      const path = await capture(kubeconfig(), `${file}-live.jsonl`, status, ...key);
      for (const verb of VERBS) {
        const offline = await reportOf<object>(kubeconfig(), [...verb, "-f", path], status);
        const live = await reportOf<object>(kubeconfig(), [...verb, ...key], status);
        expect(timeless(offline), verb.join(" ")).toEqual(timeless(live));
      }
    });

    test("one file gives the same bytes each time, compressed or through a pipe too", async () => {
      const plain = await capture(kubeconfig(), `${file}-bytes.jsonl`, status);
      const run = async (args: string[], input?: string) => (await cronaudit(kubeconfig(), args, input)).stdout;
      const zipped = await inFolder(`${file}-bytes.jsonl.gz`);
      expect((await cronaudit(kubeconfig(), ["snapshot", zipped, "-f", plain])).status).toBe(status);
      const text = await readFile(plain, "utf8");
      for (const verb of VERBS) {
        const once = await run([...verb, "-o", "json", "-f", plain]);
        expect(once.length).toBeGreaterThan(100);
        expect(await run([...verb, "-o", "json", "-f", plain])).toBe(once);
        expect(await run([...verb, "-o", "json", "-f", zipped])).toBe(once);
        expect(await run([...verb, "-o", "json", "-f", "-"], text)).toBe(once);
      }
    });
  });

  test("another key gives other fingerprints and the same ids", async () => {
    const ask = async (key: string) => reportOf<ExposureReport>(onStage().admin, ["exposure", ...(await keyFile(key))]);
    const [one, other] = [await ask("same"), await ask("else")];
    const ids = ({ items }: ExposureReport) => items.map(({ id }) => id).sort();
    const fingerprints = ({ items }: ExposureReport) => items.flatMap(({ credential }) => credential.fingerprint ?? []);
    expect(ids(other)).toEqual(ids(one));
    expect(fingerprints(one).length).toBeGreaterThan(5);
    expect(fingerprints(one).filter((fingerprint) => fingerprints(other).includes(fingerprint))).toEqual([]);
  });

  test("--as with the account's groups sees what the account itself sees", async () => {
    const { plane } = onStage();
    const inTeam = await plane.kubeconfigFor(plane.users!.admin, { namespace: TEAM_NAMESPACE, name: "admin-in-team" });
    await unchanging();
    const key = await keyFile("same");
    const own = parts(await readFile(await capture(onStage().developer, "own.jsonl", 3, ...key), "utf8"));
    const as = parts(await readFile(await capture(inTeam, "as.jsonl", 3, ...key, ...AS_DEVELOPER), "utf8"));
    expect(as).toEqual(own);
    for (const verb of VERBS) {
      const impersonated = await reportOf<object>(inTeam, [...verb, ...key, ...AS_DEVELOPER], 3);
      const itself = await reportOf<object>(onStage().developer, [...verb, ...key], 3);
      expect(timeless(impersonated), verb.join(" ")).toEqual(timeless(itself));
    }
  });

  test("what it says to run next repeats whom it impersonated", async () => {
    const { stdout } = await cronaudit(onStage().admin, ["exposure", "-n", "team", ...AS_DEVELOPER]);
    expect(stdout).toMatch(
      new RegExp(`^Next: .* -n team --as ${DEVELOPER} --as-group system:serviceaccounts --as-group `, "m"),
    );
  });
}
