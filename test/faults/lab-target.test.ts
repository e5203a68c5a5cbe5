import { copyFile, readFile, rm, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectActor, connectWriter, resolveTarget } from "../../src/cluster/index.ts";
import { connectOptions } from "./options.ts";
import { startFaultServer, type FaultServer } from "./server.ts";

let [meant, other] = [] as unknown as [FaultServer, FaultServer];
beforeAll(async () => {
  [meant, other] = await Promise.all([startFaultServer(), startFaultServer()]);
});
afterAll(() => Promise.all([meant.close(), other.close()]));

test("a kubeconfig that is rewritten, and an authority that is replaced, lead nobody to another server", async () => {
  const authority = meant.file("authority.pem");
  await writeFile(authority, meant.authority.certificate);
  const kubeconfig = await meant.kubeconfig({
    cluster: { "certificate-authority-data": undefined, "certificate-authority": authority },
  });
  const options = resolveTarget(connectOptions({ kubeconfig }));
  expect((await readFile(kubeconfig, "utf8")).includes(meant.url)).toBe(true);
  await copyFile(await other.kubeconfig(), kubeconfig);
  await rm(authority);
  const operator = await connectWriter(options);
  const actor = await connectActor(options, "a-token");
  expect(operator.server).toBe(meant.url);
  await operator.version();
  expect(await actor.send({ method: "GET", path: "/api/v1/pods", auditId: "a" })).toMatchObject({ status: 200 });
  expect([meant.seen.length, other.seen.length]).toEqual([2, 0]);
  await Promise.all([operator.close(), actor.close()]);
});
