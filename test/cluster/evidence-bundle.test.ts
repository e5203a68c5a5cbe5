import { readFileSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { Decrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterEach, expect, it } from "vitest";
import { unpack } from "../../src/cleanup/bundle/unpack.ts";
import { find, list, must, pathOf } from "../control-plane/act.ts";
import { Canaries, formsOf } from "../control-plane/cast/values.ts";
import { useCluster } from "../control-plane/test.ts";
import { carryEverywhere } from "./canary/everywhere.ts";
import { cronaudit, type Run } from "./program.ts";

/** A plane of its own: what its node serves as the log of containers is one file. */
const cluster = useCluster({ own: true, needs: ["edit-etcd", "fake-node"] });
const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** Where one of the canaries shows in a text, by its number and form; never the canary itself. */
function leaks(text: string, canaries: string[]): string[] {
  const lower = text.toLowerCase();
  return canaries.flatMap((canary, number) =>
    formsOf(canary).flatMap((form, i) =>
      lower.includes(form.slice(0, 8).toLowerCase()) ? [`canary ${String(number)}, form ${String(i)}`] : [],
    ),
  );
}

it(
  "keeps evidence without a value, verifies and shows it, and restores a Job that does not run",
  { timeout: 300_000 },
  async () => {
    const { plane, namespace } = cluster;
    const folder = await mkdtemp(join(tmpdir(), "cronaudit-bundle-"));
    folders.push(folder);
    const canaries = new Canaries();
    await carryEverywhere(plane, namespace, canaries);
    const run = async (args: string[], status = 0): Promise<Run> => {
      const done = await cronaudit(plane.adminKubeconfig, ["evidence", ...args]);
      expect(done.status, `${args.join(" ")}: ${done.stderr}`).toBe(status);
      expect(leaks(done.stdout + done.stderr, canaries.all)).toEqual([]);
      return done;
    };

    const file = join(folder, "case.evidence");
    const things = ["job/carrier", "pod/running", "cronjob/carrier"];
    const saved = await run(["save", file, ...things, "--logs", "-n", namespace]);
    expect(saved.stderr).toMatch(/Wrote 4 objects to .*, read back and whole\nsha256 [0-9a-f]{64}\n/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const plain = gunzipSync(readFileSync(file)).toString("latin1");
    expect(leaks(plain, canaries.all)).toEqual([]);
    expect(plain.length).toBeGreaterThan(20_000);

    // Nothing of what is named is there: the file that stands there already is not replaced by an empty one.
    const none = await run(["save", file, "job/none", "pod/none", "--force", "-n", namespace], 2);
    expect(none.stderr).toBe(
      `error: there is no evidence to save in namespace ${namespace}: job/none: it is gone, and 1 more\n` +
        "       Look at what is there with kubectl get jobs,pods, or name another namespace with -n.\n",
    );
    const some = await run(["save", join(folder, "some"), "job/carrier", "pod/none", "-n", namespace], 3);
    expect(some.stderr).toContain("Not in it: pod/none: it is gone");

    const verified = await run(["verify", file]);
    expect(verified.stdout).toMatch(/ is whole: \d+ parts, /);
    expect(saved.stderr).toContain(/sha256 [0-9a-f]{64}/.exec(verified.stdout)![0]);
    const shown = await run(["show", file]);
    for (const what of [`job/carrier (${namespace})`, `pod/running (${namespace})`, "events/", "logs/", "owners"])
      expect(shown.stdout).toContain(what);
    const report = JSON.parse((await run(["show", file, "-o", "json"])).stdout) as { head: object; parts: object[] };
    const { uid } = (await must(plane, "GET", pathOf("Namespace", null, "kube-system")))["metadata"];
    expect(report.head).toMatchObject({ cluster: { uid }, operator: { user: expect.any(String) }, values: null });

    // One byte less, and one other byte.
    const bytes = readFileSync(file);
    const damaged = join(folder, "damaged.evidence");
    writeFileSync(damaged, bytes.subarray(0, -1));
    expect((await run(["verify", damaged], 2)).stderr).toMatch(/damaged.evidence is not whole: it is truncated/);
    bytes[bytes.length >> 1]! ^= 0x10;
    writeFileSync(damaged, bytes);
    await run(["verify", damaged], 2);
    await run(["restore", damaged, "job/carrier", "-n", namespace], 2);

    // The Job is still there, so that nothing is replaced.
    expect((await run(["restore", file, "job/carrier", "-n", namespace], 2)).stderr).toMatch(/job\/carrier exists/);
    await must(plane, "DELETE", `${pathOf("Job", namespace, "carrier")}?propagationPolicy=Foreground`);
    await expect.poll(() => find(plane, "Job", namespace, "carrier"), { timeout: 30_000 }).toBeNull();
    const dry = await run(["restore", file, "job/carrier", "-n", namespace, "--dry-run=server"]);
    expect(dry.stderr).toMatch(/would be created/);
    expect(await find(plane, "Job", namespace, "carrier")).toBeNull();
    const restored = await run(["restore", file, "job/carrier", "-n", namespace]);
    expect(restored.stderr).toMatch(/Removed, because its value is not known: .*\(DB_PASSWORD\)/);
    expect(restored.stderr).toMatch(/job\/carrier created in namespace .*, suspended/);
    const job = (await find(plane, "Job", namespace, "carrier"))!;
    expect(job["spec"].suspend).toBe(true);
    expect(job["metadata"].ownerReferences).toBeUndefined();
    expect(JSON.stringify(job["spec"])).not.toContain("masked");
    // The controller has seen it, and made no pod.
    await expect
      .poll(async () => (await find(plane, "Job", namespace, "carrier"))?.["status"].conditions?.[0]?.type, {
        timeout: 30_000,
      })
      .toBe("Suspended");
    const pods = await list(plane, "Pod", namespace, "batch.kubernetes.io/job-name=carrier");
    expect(pods).toEqual([]);
  },
);

it(
  "with values they are encrypted, open with the identity, and restore the whole Job",
  { timeout: 300_000 },
  async () => {
    const { plane, namespace } = cluster;
    const folder = await mkdtemp(join(tmpdir(), "cronaudit-bundle-"));
    folders.push(folder);
    const canaries = new Canaries();
    const env = [{ name: "DB_PASSWORD", value: canaries.password() }];
    const containers = [{ name: "main", image: "registry.example.com/job:1", env, args: [canaries.password()] }];
    await must(plane, "POST", pathOf("Job", namespace), {
      metadata: { name: "valued" },
      spec: { suspend: true, template: { spec: { restartPolicy: "Never", containers } } },
    });
    const identity = await generateX25519Identity();
    const identityFile = join(folder, "identity.txt");
    await writeFile(identityFile, `${identity}\n`);
    const file = join(folder, "case.evidence");
    const run = (args: string[]): Promise<Run> => cronaudit(plane.adminKubeconfig, ["evidence", ...args]);
    const recipient = await identityToRecipient(identity);
    const saved = await run(["save", file, "job/valued", "-n", namespace, "--with-values", "--recipient", recipient]);
    expect(saved.status, saved.stderr).toBe(0);
    expect(leaks(gunzipSync(readFileSync(file)).toString("latin1") + saved.stderr, canaries.all)).toEqual([]);

    let sealed = Buffer.alloc(0);
    async function* once(): AsyncGenerator<Buffer> {
      yield readFileSync(file);
    }
    await unpack(once(), {
      wants: (path) => path.startsWith("values/"),
      take: (_, bytes) => void (sealed = Buffer.from(bytes)),
    });
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    const opened = Buffer.from(await decrypter.decrypt(sealed)).toString("latin1");
    expect(canaries.all.every((canary) => opened.includes(canary))).toBe(true);

    await must(plane, "DELETE", `${pathOf("Job", namespace, "valued")}?propagationPolicy=Background`);
    await expect.poll(() => find(plane, "Job", namespace, "valued"), { timeout: 30_000 }).toBeNull();
    const restored = await run(["restore", file, "job/valued", "-n", namespace, "--identity", identityFile]);
    expect(restored.status, restored.stderr).toBe(0);
    expect(leaks(restored.stderr, canaries.all)).toEqual([]);
    const job = (await find(plane, "Job", namespace, "valued"))!;
    expect(job["spec"].suspend).toBe(true);
    expect(job["spec"].template.spec.containers[0]).toMatchObject({ env, args: containers[0]!.args });

    // Nobody is asked for a passphrase where there is no terminal.
    const asked = await run(["save", join(folder, "x"), "job/valued", "-n", namespace, "--with-values"]);
    expect(asked.status).toBe(2);
    expect(asked.stderr).toMatch(/no terminal to ask/);
  },
);
