import { connect } from "../../src/cluster/index.ts";
import { collect } from "../../src/evidence/collect.ts";
import { connectOptions } from "../faults/options.ts";
import type { Resource, Snapshot } from "../../src/model/snapshot.ts";

/** Collects from a real cluster as the holder of a kubeconfig, and closes the connection. */
export async function collected(kubeconfig: string, resources: Resource[]): Promise<Snapshot> {
  const api = await connect(connectOptions({ kubeconfig, requestTimeoutMs: 30_000 }));
  try {
    return await collect(api, {
      resources,
      namespace: null,
      allNamespaces: false,
      fingerprintKey: null,
      now: new Date(),
      toolVersion: "test",
      progress: () => undefined,
    });
  } finally {
    await api.close();
  }
}
