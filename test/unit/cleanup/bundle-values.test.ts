import { createReadStream, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { Decrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { expect, test } from "vitest";
import { findJob } from "../../../src/cleanup/bundle/find-job.ts";
import { preserve } from "../../../src/cleanup/bundle/preserve.ts";
import { restorable } from "../../../src/cleanup/bundle/restore.ts";
import { unpack } from "../../../src/cleanup/bundle/unpack.ts";
import type { Lock } from "../../../src/cleanup/bundle/values.ts";
import type { Key } from "../../../src/cleanup/bundle/open-values.ts";
import type { Json } from "../../../src/model/api.ts";
import { temporary } from "../../cli/temporary.ts";
import { Canaries, formsOf } from "../../control-plane/cast/values.ts";
import { backup, fakeApi, optionsFor, pathsOf, uidOf, wanted } from "./bundle-fixture.ts";

const canaries = new Canaries();
const { job, pod, cronJob } = backup(() => canaries.password());
const log = { "/api/v1/namespaces/database/pods/backup-1-x/log": `2026-01-02T03:04:05Z ${canaries.password()}\n` };

async function saved(values: Lock | null): Promise<string> {
  const path = join(temporary(), "b");
  const api = fakeApi({ objects: pathsOf([job, pod, cronJob]), logs: log });
  await preserve(api, { objects: [wanted(job), wanted(pod)] }, optionsFor(path, { values, logs: true }));
  return path;
}

const leaks = (text: string): boolean =>
  canaries.all.some((canary) => formsOf(canary).some((form) => text.includes(form.slice(0, 8))));

const find = (path: string, key: Key | null, name = "backup-1"): ReturnType<typeof findJob> =>
  findJob(() => createReadStream(path), "b", { name, namespace: null, key });

/** One part of a bundle. */
async function partOf(path: string, part: string): Promise<Buffer> {
  let found = Buffer.alloc(0);
  await unpack(createReadStream(path), {
    wants: (one) => one === part,
    take: (_, bytes) => void (found = Buffer.from(bytes)),
  });
  return found;
}

test("values are readable with the recipient's identity, by age's own format, and in no other way", async () => {
  const identity = await generateX25519Identity();
  const path = await saved({ recipients: [await identityToRecipient(identity)] });
  expect(leaks(gunzipSync(readFileSync(path)).toString("latin1"))).toBe(false);
  const sealed = await partOf(path, "values/0001.tar.age");
  expect(sealed.toString("latin1")).toMatch(/^age-encryption.org\/v1\n-> X25519 /);
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  const plain = Buffer.from(await decrypter.decrypt(sealed)).toString();
  for (const canary of canaries.all) expect(plain.includes(canary)).toBe(true);
  await expect(find(path, { identities: `# mine\n${identity}\n` })).resolves.toMatchObject({ job });
  await expect(find(path, { identities: await generateX25519Identity() })).rejects.toThrow(
    /cannot be opened with this key/,
  );
  await expect(find(path, { passphrase: "correct horse battery" })).rejects.toThrow(/encrypted for recipients/);
});

test("a passphrase opens them as well, and a wrong one does not", { timeout: 60_000 }, async () => {
  const path = await saved({ passphrase: "correct horse battery" });
  expect(leaks(gunzipSync(readFileSync(path)).toString("latin1"))).toBe(false);
  expect((await partOf(path, "values/key.age")).toString("latin1")).toMatch(/^age-encryption.org\/v1\n-> scrypt /);
  await expect(find(path, { passphrase: "correct horse battery" })).resolves.toMatchObject({ job });
  await expect(find(path, { passphrase: "wrong horse battery" })).rejects.toThrow(/does not open/);
});

test("a recipient that age does not know is refused before anything is asked, without a word of it", async () => {
  const asked: string[] = [];
  const options = optionsFor(join(temporary(), "b"), { values: { recipients: ["age1nonsense"] } });
  const refused = preserve(fakeApi({ objects: {}, asked }), { objects: [wanted(job)] }, options);
  await expect(refused).rejects.toThrow(/^a recipient of the values is none that age knows$/);
  expect(asked).toEqual([]);
});

test("a Job is restored suspended, owned by nobody, and without masked entries", async () => {
  const path = await saved(null);
  const { job: preserved } = await find(path, null);
  const { job: created, removed, stripped } = restorable(preserved);
  const text = JSON.stringify(created);
  expect(text).not.toContain("masked");
  expect(leaks(text)).toBe(false);
  expect(created["spec"]).toMatchObject({ suspend: true, backoffLimit: 0 });
  expect(Object.keys(created["metadata"] as Json).sort()).toEqual(["name", "namespace"]);
  expect(Object.keys(created["spec"] as Json)).not.toContain("selector");
  expect(created["status"]).toBeUndefined();
  const [container] = (created["spec"] as { template: { spec: { containers: Json[] } } }).template.spec.containers;
  expect(container!["env"]).toEqual([{ name: "FROM", valueFrom: { secretKeyRef: { name: "db", key: "password" } } }]);
  expect(removed).toContain("spec.template.spec.containers[0].env[0] (DB_PASSWORD)");
  expect(removed).toContain("metadata.labels[password]");
  expect(stripped).toEqual(
    expect.arrayContaining([
      "spec.selector",
      "metadata.labels[controller-uid]",
      "spec.template.metadata.labels[batch.kubernetes.io/job-name]",
    ]),
  );
  expect((created["spec"] as { template: { metadata: Json } }).template.metadata["labels"]).toEqual({ app: "backup" });
});

test("with its values nothing is removed", async () => {
  const identity = await generateX25519Identity();
  const path = await saved({ recipients: [await identityToRecipient(identity)] });
  const { job: raw } = await find(path, { identities: identity });
  const { job: created, removed } = restorable(raw);
  expect(removed).toEqual([]);
  expect((created["spec"] as Json)["suspend"]).toBe(true);
});

test("queues and other controllers cannot resume what is restored", () => {
  const { job: created, stripped } = restorable({
    metadata: {
      name: "x",
      namespace: "y",
      labels: { "kueue.x-k8s.io/queue-name": "q", uid: uidOf("x") },
      finalizers: ["a/b"],
    },
    spec: {
      suspend: false,
      managedBy: "kueue.x-k8s.io/multikueue",
      manualSelector: true,
      template: { spec: { containers: [] } },
    },
  });
  expect(created["spec"]).toEqual({ suspend: true, template: { metadata: {}, spec: { containers: [] } } });
  expect(stripped).toEqual(["spec.managedBy", "spec.manualSelector", "metadata.labels[kueue.x-k8s.io/queue-name]"]);
});

test("a Job that is not there, or a file that is damaged, is named", async () => {
  const path = await saved(null);
  await expect(find(path, null, "other")).rejects.toThrow("job/other is not in b");
  await expect(find(path, { passphrase: "correct horse battery" })).rejects.toThrow("b holds no values");
  const bytes = readFileSync(path);
  bytes[bytes.length - 40]! ^= 1;
  writeFileSync(path, bytes);
  await expect(find(path, null)).rejects.toThrow(/b is not whole/);
});
