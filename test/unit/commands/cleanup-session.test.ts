import { expect, it } from "vitest";
import { sameCluster } from "../../../src/commands/cleanup-session.ts";
import type { Api } from "../../../src/model/api.ts";
import { planHead } from "../cleanup/run-fixture.ts";

const SERVER = "https://10.0.0.1:6443";

/** A connection to that address; `uid` null: the namespace kube-system may not be read. */
function connected(uid: string | null, server = SERVER): Api {
  const forbidden = Object.assign(new Error("forbidden"), { name: "ApiError", status: 403, fatal: false });
  const get = () => (uid === null ? Promise.reject(forbidden) : Promise.resolve({ metadata: { uid } }));
  return { server, get } as unknown as Api;
}

function planned(uid: string | null) {
  const head = planHead();
  return { metadata: { ...head.metadata, cluster: { ...head.metadata.cluster, server: SERVER, uid } } };
}

it("a cluster is the plan's by the uid of kube-system, wherever it answers", async () => {
  await expect(sameCluster(connected("u", "https://127.0.0.1:8001"), planned("u"))).resolves.toBeUndefined();
  await expect(sameCluster(connected("v"), planned("u"))).rejects.toThrow(/and this is another one/);
});

it("without that uid an address proves nothing: another cluster may answer at it", async () => {
  await expect(sameCluster(connected(null), planned("u"))).rejects.toThrow(/cannot be read/);
});

it("a plan without a uid goes by the address", async () => {
  await expect(sameCluster(connected("u"), planned(null))).resolves.toBeUndefined();
  await expect(sameCluster(connected("u", "https://10.0.0.2:6443"), planned(null))).rejects.toThrow(/another one/);
});
