import type { Target } from "./kubeconfig/types.ts";

/** How to reach a cluster: kubectl's connection flags, the environment they are read beside, and where progress goes. */
export interface ConnectOptions {
  kubeconfig: string | null;
  context: string | null;
  cluster: string | null;
  user: string | null;
  server: string | null;
  namespace: string | null;
  as: string | null;
  asUid: string | null;
  asGroup: string[];
  token: string | null;
  insecureSkipTlsVerify: boolean;
  tlsServerName: string | null;
  certificateAuthority: string | null;
  /** Milliseconds for one request, headers and body together; 0 waits for ever. */
  requestTimeoutMs: number;
  /** The cluster and the user as they were found before (resolveTarget); absent: they are looked for at each connection. */
  target?: Target;
  /** Of every request; the program's name unless told otherwise. */
  userAgent?: string;
  /** Gives each request its Audit-ID; absent: the server makes one up. */
  auditId?: () => string;
  /** Objects in one page of a list; 0 asks for everything at once. */
  chunkSize: number;
  env: Record<string, string | undefined>;
  stdinIsTty: boolean;
  /** Where credential plugins write what they say to the user. */
  stderr: { write(text: string): unknown };
  /** kubectl's `-v`: 6 logs each request, 7 its headers, 8 the headers of the answer as well. */
  verbosity: number;
  log(line: string): void;
  signal: AbortSignal;
}

/** What keeps a server that misbehaves from holding the program up or filling its memory. */
export interface Limits {
  /** Tries of one request, the first one included. */
  tries: number;
  /** Further tries after a connection broke. */
  resets: number;
  /** Milliseconds that the tries of one request may wait for between them, all told. */
  waitMs: number;
  /** Milliseconds before the second try where the server does not say; doubles from then on. */
  backoffMs: number;
  /** Bytes of one answer, decompressed. */
  bodyBytes: number;
  /** Pages of one list. */
  pages: number;
  /** Pages without an object, one after the other. */
  emptyPages: number;
  /** Times that one list begins again after its continue token expired. */
  restarts: number;
}

/** The bounds that every connection has unless a test narrows them. */
export const defaultLimits: Limits = {
  tries: 5,
  resets: 2,
  waitMs: 30_000,
  backoffMs: 250,
  bodyBytes: 64 * 1024 * 1024,
  pages: 20_000,
  emptyPages: 50,
  restarts: 2,
};
