import { createReadStream, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { preserve } from "../../../src/cleanup/bundle/preserve.ts";
import { verifyBundle } from "../../../src/cleanup/bundle/verify.ts";
import { temporary } from "../../cli/temporary.ts";
import { Canaries, formsOf } from "../../control-plane/cast/values.ts";
import { backup, Failure, fakeApi, optionsFor, pathsOf, uidOf, wanted } from "./bundle-fixture.ts";
import type { Held } from "./bundle-fixture.ts";

const canaries = new Canaries();
const { job, pod, cronJob } = backup(() => canaries.password());
const event = {
  metadata: { name: "e", namespace: "database", uid: "u" },
  involvedObject: { kind: "Pod", name: "backup-1-x", uid: uidOf("backup-1-x") },
  reason: "Failed",
  message: `Error: exec: "${canaries.password()}": executable file not found in pod backup-1-x`,
};
const log = `2026-01-02T03:04:05.5Z stdout F PGPASSWORD=${canaries.password()}\n2026-01-02T03:04:06Z the word is ${canaries.password()}\n`;

const held = (more: Partial<Held> = {}): Held => ({
  objects: pathsOf([job, pod, cronJob]),
  lists: { events: [event, { ...event, involvedObject: { uid: "other" } }] },
  logs: { "/api/v1/namespaces/database/pods/backup-1-x/log": log },
  ...more,
});

/** Which canaries stand in a text, in any form; never the canary itself. */
export function leaks(text: string): string[] {
  const lower = text.toLowerCase();
  return canaries.all.flatMap((canary, number) =>
    formsOf(canary).some((form) => lower.includes(form.slice(0, 8).toLowerCase())) ? [`canary ${String(number)}`] : [],
  );
}

test("a bundle holds the objects, their owners, events and logs, and no value", async () => {
  const path = join(temporary(), "b.evidence");
  const objects = [wanted(job), wanted(pod)];
  const done = await preserve(fakeApi(held()), { objects }, optionsFor(path, { logs: true }));
  expect([...done.preserved].sort()).toEqual([uidOf("backup-1"), uidOf("backup-1-x")].sort());
  expect(done.missing).toEqual([]);
  const text = gunzipSync(readFileSync(path)).toString("utf8");
  expect(canaries.all.length).toBeGreaterThan(20);
  expect(leaks(text)).toEqual([]);
  const { manifest, sha256 } = await verifyBundle(createReadStream(path), "b");
  expect(sha256).toBe(done.sha256);
  expect(manifest.parts.map((part) => part.path)).toEqual([
    `objects/jobs.batch/database/backup-1.${uidOf("backup-1")}.json`,
    `objects/pods/database/backup-1-x.${uidOf("backup-1-x")}.json`,
    `objects/cronjobs.batch/database/backup.${uidOf("backup")}.json`,
    "owners.jsonl",
    "events/database.0001.jsonl",
    `logs/database/backup-1-x.${uidOf("backup-1-x")}/main.log`,
  ]);
  expect(manifest.head).toMatchObject({ operator: { user: "alice", local: "alice" }, values: null });
  // What is no value stays: it is evidence.
  for (const kept of [
    "pg_dump",
    "DB_PASSWORD",
    "registry.example.com/backup:1",
    "executable file not found",
    "--password",
  ])
    expect(text).toContain(kept);
  expect(text).toContain("2026-01-02T03:04:06Z the word is <masked:");
  expect(readdirSync(join(path, "..")), "no temporary file is left").toEqual(["b.evidence"]);
});

test("what is gone, was replaced or may not be read is not preserved, and is named", async () => {
  const path = join(temporary(), "b.evidence");
  const other = { ...wanted(pod), object: { ...wanted(pod).object, uid: "another" } };
  const gone = { ...wanted(job), object: { ...wanted(job).object, name: "gone", uid: "gone" } };
  const hidden = { ...wanted(job), object: { ...wanted(job).object, name: "hidden", uid: "hidden" } };
  const api = fakeApi(
    held({
      objects: {
        ...pathsOf([job, pod]),
        "/apis/batch/v1/namespaces/database/jobs/hidden": new Failure(403, "Forbidden"),
      },
      lists: { events: new Failure(403, "Forbidden") },
    }),
  );
  const done = await preserve(api, { objects: [wanted(job), other, gone, hidden] }, optionsFor(path));
  expect([...done.preserved]).toEqual([uidOf("backup-1")]);
  expect(done.missing.map(({ object, because }) => [object.name, because])).toEqual([
    ["backup-1-x", "another object has its name now"],
    ["gone", "it is gone"],
    ["hidden", "it could not be read: Forbidden"],
  ]);
  expect(done.gaps).toEqual(["events of namespace database could not be listed: Forbidden"]);
});

test("a Secret is asked for as metadata, and its data only with values", async () => {
  const value = canaries.password();
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "db", namespace: "database", uid: "s", resourceVersion: "1" },
    data: { password: Buffer.from(value).toString("base64") },
  };
  const metadata = { ...secret, data: undefined };
  const asked: string[] = [];
  const api = fakeApi({ objects: pathsOf([secret]), lists: { secrets: [metadata] }, asked });
  const path = join(temporary(), "b.evidence");
  const done = await preserve(api, { objects: [wanted(secret)] }, optionsFor(path));
  expect([...done.preserved]).toEqual(["s"]);
  expect(asked).toContain("secrets metadata metadata.name=db");
  expect(asked.filter((one) => one.includes("/secrets/"))).toEqual([]);
  expect(leaks(gunzipSync(readFileSync(path)).toString())).toEqual([]);
});

test("at most five requests are under way, and parts come in the order that was asked for", async () => {
  const many = Array.from({ length: 40 }, (_, i) => backup(() => "x", `backup-${String(i)}`).job);
  const underWay = { now: 0, most: 0 };
  const path = join(temporary(), "b.evidence");
  const api = fakeApi({ objects: pathsOf(many), underWay });
  await preserve(api, { objects: many.map(wanted) }, optionsFor(path));
  expect(underWay.most).toBe(5);
  const { manifest } = await verifyBundle(createReadStream(path), "b");
  expect(manifest.parts.slice(0, 40).map(({ object }) => object?.name)).toEqual(
    many.map((one) => (one["metadata"] as { name: string }).name),
  );
});

test("a file of that name stays unless --force is given", async () => {
  const path = join(temporary(), "b.evidence");
  writeFileSync(path, "mine");
  const objects = [wanted(job)];
  await expect(preserve(fakeApi(held()), { objects }, optionsFor(path))).rejects.toThrow(/a file of that name exists/);
  expect(readFileSync(path, "utf8")).toBe("mine");
  await preserve(fakeApi(held()), { objects }, optionsFor(path, { force: true }));
  await verifyBundle(createReadStream(path), "b");
  expect(existsSync(path)).toBe(true);
  expect(readdirSync(join(path, ".."))).toEqual(["b.evidence"]);
});
