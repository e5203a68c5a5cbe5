import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { readEvidence } from "../../../src/evidence/file.ts";

const options = { now: new Date("2026-11-22T05:41:09Z"), toolVersion: "0.1.0", fingerprintKey: null };

function read(content: Buffer | string): Promise<Snapshot> {
  return readEvidence({ stream: Readable.from([Buffer.from(content)]), name: "dump.json" }, options);
}

const pod = (name: string, rest: object = {}): object => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "database", uid: `uid-${name}`, ...rest },
  spec: { containers: [{ name: "backup", env: [{ name: "DB_PASSWORD", value: "hunter2" }] }] },
});
const cronjob = {
  apiVersion: "batch/v1",
  kind: "CronJob",
  metadata: { name: "backup" },
  spec: { schedule: "0 2 * * *", jobTemplate: { spec: { template: { spec: { containers: [] } } } } },
};
const list = (...items: object[]): object => ({ apiVersion: "v1", kind: "List", items });

describe("objects as kubectl prints them", () => {
  const lines = [pod("a"), pod("b")].map((object) => JSON.stringify(object));
  test.each([
    ["a List", JSON.stringify(list(pod("a"), pod("b")))],
    ["a List as YAML", stringify(list(pod("a"), pod("b")))],
    ["single objects, one after the other", lines.join("")],
    ["JSON lines", lines.join("\n")],
    ["an array", `[${lines.join()}]`],
    ["several YAML documents", `# two\n---\n${stringify(pod("b"))}---\n${stringify(pod("a"))}---\n`],
    [
      "a typed list",
      JSON.stringify({
        apiVersion: "v1",
        kind: "PodList",
        items: [pod("a"), { ...pod("b"), kind: undefined, apiVersion: undefined }],
      }),
    ],
    ["with a byte order mark", `\ufeff${JSON.stringify(list(pod("a"), pod("b")))}`],
    ["in UTF-16, as PowerShell redirects", Buffer.from(`\ufeff${JSON.stringify(list(pod("a"), pod("b")))}`, "utf16le")],
    ["gzipped", gzipSync(JSON.stringify(list(pod("a"), pod("b"))))],
  ])("are read: %s", async (_what, content) => {
    const snapshot = await read(content);
    expect(snapshot.pods.map(({ meta }) => meta.name)).toEqual(["a", "b"]);
    expect(snapshot.pods[0]?.template.literals[0]?.name).toBe("DB_PASSWORD");
    expect(snapshot.collected).toEqual(["pods"]);
  });

  test("leave blind spots for the kinds that are absent, Secrets aside", async () => {
    const { blindSpots } = await read(JSON.stringify(list(pod("a"), cronjob)));
    expect(new Set(blindSpots.map(({ reason }) => reason))).toEqual(new Set(["NotInEvidence"]));
    expect(blindSpots.map(({ resource }) => resource)).toEqual([
      "namespaces",
      "jobs",
      "serviceaccounts",
      "roles",
      "rolebindings",
      "clusterroles",
      "clusterrolebindings",
      "configmaps",
      "nodes",
    ]);
    expect(blindSpots.every(({ blinds, namespace }) => blinds.length > 0 && namespace === null)).toBe(true);
  });

  test("leave blind spots for the kinds of which an object could not be read whole", async () => {
    const job = (name: string, spec?: object): object => ({ ...pod(name), apiVersion: "batch/v1", kind: "Job", spec });
    const whole = { template: { spec: { containers: [] } } };
    const items = [
      job("a"),
      job("b"),
      job("c", whole),
      { ...pod("d"), spec: { containers: ["x"] } },
      { apiVersion: "v1", kind: "ServiceAccount" },
    ];
    const { blindSpots, collected, jobs, notes } = await read(JSON.stringify(list(...items, pod("e"))));
    expect(jobs).toHaveLength(3);
    const unreadable = blindSpots.filter(({ reason }) => reason === "Unreadable");
    expect(unreadable.map(({ verb, resource, namespace, message }) => [verb, resource, namespace, message])).toEqual([
      [
        "read",
        "jobs",
        "database",
        "dump.json: jobs that could not be read: 2 (of Job database/a spec.template.spec is missing)",
      ],
      [
        "read",
        "pods",
        "database",
        "dump.json: pods that could not be read: 1 (of Pod database/d spec.containers is not a list of objects)",
      ],
      ["read", "serviceaccounts", null, "dump.json: serviceaccounts that could not be read: 1 (without a name)"],
    ]);
    expect(unreadable.every(({ blinds }) => blinds.length > 0)).toBe(true);
    expect(collected).toEqual(["jobs", "pods"]);
    expect(notes.join("\n")).toContain("Job database/b: spec.template.spec is missing, and was not read");
  });

  test("an empty typed list says that there are none", async () => {
    const { collected, blindSpots } = await read(
      JSON.stringify({ apiVersion: "batch/v1", kind: "JobList", items: [] }),
    );
    expect(collected).toEqual(["jobs"]);
    expect(blindSpots.map(({ resource }) => resource)).not.toContain("jobs");
  });

  test("say where they come from: the file's name, now, the namespaces seen", async () => {
    const { metadata, notes } = await read(JSON.stringify(list(pod("a"), cronjob)));
    expect(metadata).toEqual({
      takenAt: "2026-11-22T05:41:09Z",
      cluster: { server: "dump.json", version: null, uid: null },
      user: null,
      scope: { namespaces: ["database", "default"] },
      tool: { version: "0.1.0" },
    });
    expect(notes.join("\n")).toContain("does not say when it was written");
  });

  test("manifests get a uid of kind, namespace and name, the namespace default, and no creation time", async () => {
    const { cronjobs, notes } = await read(stringify(cronjob));
    expect(cronjobs[0]?.meta).toMatchObject({
      uid: "manifest:CronJob/default/backup",
      namespace: "default",
      creationTimestamp: null,
    });
    expect(cronjobs[0]).toMatchObject({
      concurrencyPolicy: "Allow",
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
    });
    expect(notes.join("\n")).toMatch(/without a namespace[^]*: 1\n[^]*without a uid[^]*: 1$/m);
  });

  test("the same object twice counts once, the last one", async () => {
    const { pods, notes } = await read(
      [pod("a"), pod("a", { labels: { x: "2" } })].map((object) => JSON.stringify(object)).join(""),
    );
    expect(pods.map(({ meta }) => meta.labels)).toEqual([{ x: "2" }]);
    expect(notes.join("\n")).toContain("more than once");
  });

  test("other kinds are counted and left out", async () => {
    const { notes } = await read(
      JSON.stringify(
        list(
          pod("a"),
          { apiVersion: "v1", kind: "Service" },
          { apiVersion: "acme/v1", kind: "Job", metadata: { name: "j" } },
        ),
      ),
    );
    expect(notes.join("\n")).toContain("kinds that are not judged: 1 Service, 1 Job");
  });

  test("a ConfigMap is kept for a credential that only its variable's name tells, wherever in the file it stands", async () => {
    const configMap = (name: string, data: object): object => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, namespace: "database" },
      data,
    });
    const from = { name: "DB_PASSWORD", valueFrom: { configMapKeyRef: { name: "app", key: "db" } } };
    const user = { ...pod("a"), spec: { containers: [{ name: "backup", env: [from] }] } };
    const first = [configMap("app", { db: "hunter2-long", host: "db" }), configMap("other", { db: "hunter2-long" })];
    const { configmaps, collected } = await read(JSON.stringify(list(...first, user)));
    expect(configmaps).toMatchObject([
      { meta: { name: "app" }, literals: [{ place: "configmap", path: "data[db]", name: "DB_PASSWORD" }] },
    ]);
    expect(collected).toEqual(["pods", "configmaps"]);
  });

  test("a kind that is no name of one is counted without its text", async () => {
    const { notes } = await read(JSON.stringify(list(pod("a"), { apiVersion: "v1", kind: "hunter2 hunter2" })));
    expect(notes.join("\n")).toContain("kinds that are not judged: 1 without a valid kind");
    expect(notes.join("\n")).not.toContain("hunter2");
  });
});

describe("what is no evidence is refused in one line", () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${"bcdefghijk".replaceAll(
    /./g,
    (key) =>
      `${key}: &${key} [${Array(9)
        .fill(`*${String.fromCharCode(key.charCodeAt(0) - 1)}`)
        .join()}]\n`,
  )}`;
  test.each([
    ["white space", " \n\t\n", "is empty"],
    ["a table", "NAME   READY\nbackup   0/1\n", "holds no object|neither"],
    [
      "another kind alone",
      JSON.stringify({ apiVersion: "v1", kind: "Service", metadata: { name: "s" } }),
      "no object that can be judged \\(found: Service\\)",
    ],
    ["JSON cut off", JSON.stringify(list(pod("a"))).slice(0, 90), "line 1 is cut off"],
    ["the second document broken", `${JSON.stringify(pod("a"))}\n{"kind": hunter2}\n{}`, "line 2 is not JSON"],
    ["YAML that is broken", "kind: Pod\n  x: [\n", "neither a snapshot nor JSON nor YAML \\(line \\d"],
    ["YAML whose aliases explode", bomb, "aliases"],
    ["YAML nested without end", `a: ${"[".repeat(20000)}`, "neither a snapshot nor JSON nor YAML"],
    ["a binary", Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0]), "is not text"],
    ["a picture", Buffer.from([0x89, 0x50, 0x4e, 0x47]), "is not text"],
  ])("%s", async (_what, content, message) => {
    const error: unknown = await read(content).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: "EvidenceError", message: expect.stringMatching(message) as string });
    expect((error as Error).message).not.toMatch(/\n|hunter2/);
  });

  test("JSON nested without end is read, and holds nothing", async () => {
    await expect(read("[".repeat(200_000) + "]".repeat(200_000))).rejects.toThrow("no object that can be judged");
  });
});
