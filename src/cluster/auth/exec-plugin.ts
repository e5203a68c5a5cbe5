import { readFileSync } from "node:fs";
import type { Cluster, ExecConfig } from "../kubeconfig/types.ts";
import { ApiError } from "../errors.ts";
import type { ConnectOptions } from "../options.ts";
import type { Authenticator, Credentials } from "./authenticator.ts";
import { bearer } from "./bearer.ts";
import { runProgram } from "./run-program.ts";

const VERSIONS = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];
const READ_MORE =
  "It looks like you are trying to use a client-go credential plugin that is not installed: " +
  "https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins";

/**
 * Credentials from a program that the kubeconfig names (client-go's plugin/pkg/client/auth/exec). It runs when they are
 * first needed, after their expirationTimestamp, and after a 401; what it writes to stderr reaches the user at once, so
 * that a login by device code can be seen. Errors never hold what it printed to stdout.
 */
export function execPlugin(
  exec: ExecConfig,
  cluster: Cluster,
  proxy: string | null,
  options: ConnectOptions,
): Authenticator {
  const apiVersion = exec.apiVersion ?? "";
  if (!VERSIONS.includes(apiVersion)) {
    throw failed(`exec plugin: invalid apiVersion "${apiVersion}"`, `Use one of: ${VERSIONS.join(", ")}.`);
  }
  let cached: { credentials: Credentials; expiresAt: number } | null = null;
  let running: Promise<Credentials> | null = null;

  const run = (): Promise<Credentials> => {
    running ??= (async () => {
      try {
        cached = await obtain(exec, apiVersion, cluster, proxy, options);
        return cached.credentials;
      } finally {
        running = null;
      }
    })();
    return running;
  };
  return {
    credentials: () =>
      cached !== null && Date.now() <= cached.expiresAt ? Promise.resolve(cached.credentials) : run(),
    async renew() {
      const before = cached?.credentials;
      const now = await run();
      return (
        now.authorization !== before?.authorization || now.certificate?.certificate !== before.certificate?.certificate
      );
    },
  };
}

async function obtain(
  exec: ExecConfig,
  apiVersion: string,
  cluster: Cluster,
  proxy: string | null,
  options: ConnectOptions,
): Promise<{ credentials: Credentials; expiresAt: number }> {
  const interactive = isInteractive(exec, options);
  const command = exec.command ?? "";
  const info = {
    kind: "ExecCredential",
    apiVersion,
    spec: { interactive, ...(exec.provideClusterInfo === true ? { cluster: clusterInfo(cluster, proxy) } : {}) },
  };
  const env = { ...options.env };
  for (const { name, value } of exec.env) env[name] = value;
  env["KUBERNETES_EXEC_INFO"] = JSON.stringify(info);

  const result = await runProgram(command, exec.args, { ...options, env, interactive });
  if (result.kind === "missing") {
    const hint = exec.installHint === undefined ? "" : `\n\n${exec.installHint}`;
    throw failed(`exec: executable ${command} not found`, `${READ_MORE}${hint}`);
  }
  if (result.kind === "failed") {
    throw failed(
      `exec: executable ${command} failed with ${result.why}`,
      "What it said is above. Sign in with its own tool.",
    );
  }
  return parse(result.stdout, apiVersion);
}

function isInteractive(exec: ExecConfig, options: ConnectOptions): boolean {
  if (exec.interactiveMode === "Never") return false;
  if (exec.interactiveMode === "Always" && !options.stdinIsTty) {
    throw failed(
      "exec plugin cannot support interactive mode: standard input is not a terminal",
      "Run it in a terminal, and read no evidence from standard input.",
    );
  }
  return options.stdinIsTty;
}

/** `spec.cluster` of the ExecCredential, with the CA as data whichever way the kubeconfig has it. */
function clusterInfo(cluster: Cluster, proxy: string | null): Record<string, unknown> {
  const file = cluster["certificate-authority"];
  const authority = file === undefined ? cluster["certificate-authority-data"] : readFileSync(file).toString("base64");
  return {
    server: cluster.server,
    "tls-server-name": cluster["tls-server-name"],
    "insecure-skip-tls-verify": cluster["insecure-skip-tls-verify"] === true ? true : undefined,
    "certificate-authority-data": authority,
    "proxy-url": proxy ?? undefined,
    "disable-compression": cluster["disable-compression"] === true ? true : undefined,
    config: cluster.execConfig ?? null,
  };
}

function parse(stdout: string, apiVersion: string): { credentials: Credentials; expiresAt: number } {
  let answer: { kind?: unknown; apiVersion?: unknown; status?: Record<string, unknown> | null };
  try {
    answer = JSON.parse(stdout) as typeof answer;
    if (typeof answer !== "object" || answer === null) throw new Error();
  } catch {
    throw failed(
      "decoding stdout: the exec plugin did not print JSON",
      "Run the plugin by hand to see what it prints.",
    );
  }
  if (answer.apiVersion !== apiVersion) {
    const version = typeof answer.apiVersion === "string" ? answer.apiVersion : "none";
    throw failed(
      `exec plugin is configured to use API version ${apiVersion}, plugin returned version ${version}`,
      "Set the apiVersion of the kubeconfig's exec entry to the one that the plugin speaks.",
    );
  }
  if (answer.status == null) throw failed("exec plugin didn't return a status field");
  const text = (key: string): string => {
    const value = answer.status?.[key];
    return typeof value === "string" ? value : "";
  };
  const [token, certificate, key] = [text("token"), text("clientCertificateData"), text("clientKeyData")];
  if (token === "" && certificate === "" && key === "")
    throw failed("exec plugin didn't return a token or cert/key pair");
  if ((certificate === "") !== (key === "")) throw failed("exec plugin returned only certificate or key, not both");
  const expires = Date.parse(text("expirationTimestamp"));
  return {
    credentials: {
      authorization: token === "" ? null : bearer(token),
      certificate: certificate === "" ? null : { certificate, key },
    },
    expiresAt: Number.isNaN(expires) ? Infinity : expires,
  };
}

function failed(message: string, next = "Ask those who gave you the kubeconfig for a plugin that works.") {
  return new ApiError({
    message: `Unable to connect to the server: getting credentials: ${message}`,
    next,
    reason: "CredentialPlugin",
    fatal: true,
  });
}
