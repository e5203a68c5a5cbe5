import { resolve } from "node:path";
import type { Context } from "../cli/command.ts";
import { parseTimeout } from "../cli/duration.ts";
import { Interrupted, UsageError } from "../cli/errors.ts";
import type { FlagName } from "../cli/flags.ts";
import { spelling } from "../cli/flags.ts";
import type { ConnectOptions } from "../cluster/index.ts";
import { startProgress } from "../cli/progress.ts";
import type { Progress } from "../cli/progress.ts";
import type { OwnRules } from "../credentials/own-rules.ts";
import type { Api, Explorer } from "../model/api.ts";
import type { Resource, Snapshot } from "../model/snapshot.ts";
import { safe } from "../output/text.ts";
import { readFingerprintKey } from "./fingerprint-key.ts";
import { namespaceExists, noSuchNamespace } from "./namespace.ts";

/** For all logs together, however many there are. */
const LOG_TIME_MS = 120_000;

/** Evidence, and what is known of the namespace that -n named. */
export interface Gathered {
  snapshot: Snapshot;
  /** True without -n; null where nothing says whether it exists. */
  namespaceExists: true | null;
}

/**
 * Gets the evidence that a verb is judged from: out of the file of `-f`, or else from the cluster. Throws CommandError for
 * a namespace that does not exist.
 */
export async function gatherEvidence(
  context: Context,
  needs: readonly Resource[],
  beyondScope: readonly Resource[] = [],
  recover = false,
): Promise<Gathered> {
  const { options, io } = context;
  if (options.filename !== null) refuseClusterFlags(context);
  // Read before anything is asked, so that a slip costs no time.
  parseTimeout(options["request-timeout"]);
  const keyFile = options["fingerprint-key"];
  const fingerprintKey = keyFile === null ? null : await readFingerprintKey(keyFile, io.cwd);
  const rules = await rulesOf(context);
  const progress = await startProgress(io, options.filename === null ? "connecting" : `reading ${options.filename}`);
  try {
    const gathered =
      options.filename === null
        ? await fromCluster(context, { needs, beyondScope, recover, fingerprintKey, rules }, progress)
        : await fromFile(context, fingerprintKey, rules);
    if (io.signal.aborted) throw new Interrupted();
    return gathered;
  } finally {
    progress.stop();
  }
}

/** The operator's rules; null without --rules. */
async function rulesOf({ options, io }: Context): Promise<OwnRules | null> {
  if (options.rules === null) return null;
  const { readRules, refuseLoneFingerprints } = await import("./rules-file.ts");
  const rules = await readRules(options.rules, io.cwd);
  if (options.filename === null && options["fingerprint-key"] === null) refuseLoneFingerprints(rules);
  return rules;
}

/** The namespace of -n, null where -A or its absence means the whole cluster. */
export function namespaceOf({ options }: Pick<Context, "options">): string | null {
  return options["all-namespaces"] ? null : options.namespace;
}

async function checked(context: Context, snapshot: Snapshot, api?: Api): Promise<Gathered> {
  const namespace = namespaceOf(context);
  const exists = namespace === null ? true : await namespaceExists(snapshot, namespace, api);
  if (namespace !== null && exists === false) throw noSuchNamespace(namespace, api !== undefined);
  return { snapshot, namespaceExists: exists === true ? true : null };
}

async function fromFile(context: Context, fingerprintKey: string | null, rules: OwnRules | null): Promise<Gathered> {
  const { options, io } = context;
  const { readEvidence } = await import("../evidence/file.ts");
  const name = options.filename!;
  const source = name === "-" ? { stream: io.stdin, name: "standard input" } : { path: resolve(io.cwd, name), name };
  const snapshot = await readEvidence(source, {
    now: io.now(),
    toolVersion: io.version,
    fingerprintKey,
    compareSecrets: options["compare-secrets"],
    rules,
  });
  return checked(context, snapshot);
}

/** Opens the connection that the flags describe; the caller closes it. */
export async function openConnection(context: Context): Promise<Explorer> {
  const { connect } = await import("../cluster/index.ts");
  return connect(connectOptions(context));
}

/** What a connection takes of the process. */
interface Reach {
  env: Context["io"]["env"];
  stdin: { isTTY?: boolean };
  stderr: { write(text: string): unknown };
  signal: AbortSignal;
}

/** What the flags say of the cluster. */
export function connectOptions({ options, io }: { options: Context["options"]; io: Reach }): ConnectOptions {
  return {
    kubeconfig: options.kubeconfig,
    context: options.context,
    cluster: options.cluster,
    user: options.user,
    server: options.server,
    namespace: options.namespace,
    as: options.as,
    asUid: options["as-uid"],
    asGroup: options["as-group"],
    token: options.token,
    insecureSkipTlsVerify: options["insecure-skip-tls-verify"],
    tlsServerName: options["tls-server-name"],
    certificateAuthority: options["certificate-authority"],
    requestTimeoutMs: parseTimeout(options["request-timeout"]),
    chunkSize: options["chunk-size"],
    env: io.env,
    stdinIsTty: io.stdin.isTTY === true && !options["no-input"],
    stderr: io.stderr,
    verbosity: options.v,
    log: (line) => io.stderr.write(`${safe(line)}\n`),
    signal: io.signal,
  };
}

async function fromCluster(
  context: Context,
  given: {
    needs: readonly Resource[];
    beyondScope: readonly Resource[];
    recover: boolean;
    fingerprintKey: string | null;
    rules: OwnRules | null;
  },
  progress: Progress,
): Promise<Gathered> {
  const { options, io } = context;
  const [api, { collect }] = await Promise.all([openConnection(context), import("../evidence/collect.ts")]);
  try {
    const secrets = options["list-secrets"] || options["compare-secrets"];
    const snapshot = await collect(api, {
      resources: [...given.needs, ...(secrets ? (["secrets"] as const) : [])],
      compareSecrets: options["compare-secrets"],
      beyondScope: given.beyondScope,
      recover: given.recover,
      namespace: namespaceOf(context),
      allNamespaces: options["all-namespaces"],
      fingerprintKey: given.fingerprintKey,
      rules: given.rules,
      now: io.now(),
      toolVersion: io.version,
      ...(options["scan-logs"] ? { logs: { timeBound: () => AbortSignal.timeout(LOG_TIME_MS) } } : {}),
      progress: (text) => {
        progress.text(text);
      },
    });
    return await checked(context, snapshot, api);
  } finally {
    await api.close();
  }
}

const clusterOnly: FlagName[] = [
  "kubeconfig",
  "context",
  "cluster",
  "user",
  "server",
  "token",
  "as",
  "as-uid",
  "certificate-authority",
  "tls-server-name",
];

/** A flag that would have no effect is refused: it would look as if it had chosen the evidence. */
function refuseClusterFlags({ options }: Context): void {
  const given: FlagName[] = clusterOnly.filter((name) => options[name] !== null);
  if (options["as-group"].length > 0) given.push("as-group");
  if (options["list-secrets"]) given.push("list-secrets");
  if (options["scan-logs"]) given.push("scan-logs");
  if (options["insecure-skip-tls-verify"]) given.push("insecure-skip-tls-verify");
  const first = given[0];
  if (first !== undefined) {
    throw new UsageError(`${spelling(first)} cannot be used with -f: no cluster is asked`);
  }
}
