import type { ConnectOptions } from "../../src/cluster/index.ts";

/** Connection options as a bare command line has them, with the kubeconfig of a test's server. */
export function connectOptions(overrides: Partial<ConnectOptions> = {}): ConnectOptions {
  return {
    kubeconfig: null,
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
    requestTimeoutMs: 5000,
    chunkSize: 500,
    env: {},
    stdinIsTty: false,
    stderr: { write: () => true },
    verbosity: 0,
    log: () => undefined,
    signal: new AbortController().signal,
    ...overrides,
  };
}
