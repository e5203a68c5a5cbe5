import { expect, test } from "vitest";
import type { CronJob } from "../../../src/model/workload.ts";
import { versionsWithMore } from "../../../src/evidence/recover-changed.ts";
import { projected } from "./projected.ts";

/** One version of a CronJob: its variables' values, the Secret keys it names (`*` for all), an annotation. */
async function version(number: number, held: { env?: string[]; keys?: string[]; note?: string }): Promise<CronJob> {
  const { env = [], keys = [], note } = held;
  const variables = [
    ...env.map((value, index) => ({ name: `DB${String(index)}_PASSWORD`, value })),
    ...keys
      .filter((key) => key !== "*")
      .map((key) => ({ name: key.toUpperCase(), valueFrom: { secretKeyRef: { name: "db", key } } })),
  ];
  const envFrom = keys.includes("*") ? [{ secretRef: { name: "db" } }] : [];
  const containers = [{ name: "main", image: "x:1", env: variables, envFrom }];
  const annotations = note === undefined ? {} : { "example.com/api-token": note };
  const metadata = { name: "c", namespace: "team", uid: "u", resourceVersion: String(number), annotations };
  const spec = { schedule: "0 3 * * *", jobTemplate: { spec: { template: { spec: { containers } } } } };
  return (await projected("cronjobs", { metadata, spec })).object;
}

const kept = (versions: CronJob[], present: CronJob | null): string[] =>
  versionsWithMore(versions, present).map(({ meta }) => meta.resourceVersion);

test("a value that the present one lacks, wherever it stood", async () => {
  const present = await version(9, { env: ["newSecret77", "other4Value"] });
  expect(kept([await version(5, { env: ["oldSecret77"] })], present)).toEqual(["5"]);
  expect(kept([await version(5, { note: "tok3nInAnAnnotation" })], present)).toEqual(["5"]);
  // The same value under another name is the same credential.
  expect(kept([await version(5, { env: ["other4Value", "newSecret77"] })], present)).toEqual([]);
  expect(kept([await version(5, {})], present)).toEqual([]);
});

test("a reference that the present one lacks; a key is held by a reference to all keys", async () => {
  const all = await version(9, { keys: ["*"] });
  const one = await version(5, { keys: ["password"] });
  expect(kept([one], all)).toEqual([]);
  expect(kept([all], one)).toEqual(["9"]);
  expect(kept([await version(4, { keys: ["password", "user"] })], one)).toEqual(["4"]);
});

test("of several versions each brings something of its own, the newest first", async () => {
  const present = await version(9, {});
  const versions = [
    await version(10, { env: ["secretNumberA1"] }),
    await version(100, { env: ["secretNumberB2", "secretNumberA1"] }),
    await version(30, { env: ["secretNumberC3"] }),
  ];
  expect(kept(versions, present)).toEqual(["100", "30"]);
});

test("of a deleted CronJob the last version stays whatever it held", async () => {
  const [old, last] = [await version(5, { env: ["oldSecret77"] }), await version(7, {})];
  expect(kept([old, last], null)).toEqual(["7", "5"]);
  expect(kept([last], null)).toEqual(["7"]);
});
