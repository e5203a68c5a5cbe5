import { connect } from "../../src/cluster/index.ts";
import type { ConnectOptions } from "../../src/cluster/options.ts";
import { collect } from "../../src/evidence/collect.ts";
import type { Resource, Snapshot } from "../../src/model/snapshot.ts";

/** Connection options of somebody who passed no flag. */
export function optionsFor(kubeconfig: string): ConnectOptions {
  return {
    kubeconfig,
    context: null,
    cluster: null,
    user: null,
    server: null,
    namespace: null,
    as: null,
    asUid: null,
    asGroup: [],
    token: null,
    insecureSkipTlsVerify: false,
    tlsServerName: null,
    certificateAuthority: null,
    requestTimeoutMs: 30_000,
    chunkSize: 500,
    env: {},
    stdinIsTty: false,
    stderr: process.stderr,
    verbosity: 0,
    log: () => undefined,
    signal: new AbortController().signal,
  };
}

/** Collects from a real cluster as the holder of a kubeconfig, and closes the connection. */
export async function collected(kubeconfig: string, resources: Resource[]): Promise<Snapshot> {
  const api = await connect(optionsFor(kubeconfig));
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
