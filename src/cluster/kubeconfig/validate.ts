import { accessSync, constants } from "node:fs";
import { configurationError } from "../errors.ts";
import type { ConnectOptions } from "../options.ts";
import type { Target } from "./types.ts";

/** Refuses what kubectl refuses before it connects (clientcmd/validation.go). Throws ApiError; shows no credential. */
export function validateTarget(target: Target, flags: ConnectOptions): void {
  const inCluster = clusterProblem(target);
  const problem = inCluster ?? userProblem(target) ?? execProblem(target);
  if (problem === null) return;
  const next = inCluster === null ? correctUser(target, flags) : correctCluster(flags);
  throw configurationError(`invalid configuration: ${problem}`, next);
}

const CORRECT = "Correct the kubeconfig entry.";

/** A flag displaces what the kubeconfig says about trust, and then it is the flag that is wrong. */
function correctCluster({ certificateAuthority, insecureSkipTlsVerify }: ConnectOptions): string {
  if (certificateAuthority === null) return CORRECT;
  return insecureSkipTlsVerify
    ? "Leave out --insecure-skip-tls-verify or --certificate-authority."
    : "Check the path after --certificate-authority.";
}

function correctUser({ user }: Target, { asGroup, asUid }: ConnectOptions): string {
  if (user.as !== undefined || (asGroup.length === 0 && asUid === null)) return CORRECT;
  return "Add --as: --as-group and --as-uid go with a user to impersonate.";
}

function clusterProblem({ cluster, clusterName }: Target): string | null {
  const file = cluster["certificate-authority"];
  const trust = file !== undefined || cluster["certificate-authority-data"] !== undefined;
  if (file !== undefined && cluster["certificate-authority-data"] !== undefined) {
    return `certificate-authority-data and certificate-authority are both specified for ${clusterName}. certificate-authority-data will override.`;
  }
  if (trust && cluster["insecure-skip-tls-verify"] === true) {
    return "specifying a root certificates file with the insecure flag is not allowed";
  }
  return unreadable("certificate-authority", file, clusterName);
}

function userProblem({ user, userName }: Target): string | null {
  if (user.token !== undefined && (user.username !== undefined || user.password !== undefined)) {
    return `more than one authentication method found for ${userName}; found [token basicAuth], only one is allowed`;
  }
  if (user.as === undefined) {
    const more = user["as-uid"] !== undefined || user["as-groups"].length > 0;
    if (more || Object.keys(user["as-user-extra"]).length > 0) {
      return `requesting uid, groups or user-extra for ${userName} without impersonating a user`;
    }
  }
  const [certificate, certificateData] = [user["client-certificate"], user["client-certificate-data"]];
  const [key, keyData] = [user["client-key"], user["client-key-data"]];
  if (certificate === undefined && certificateData === undefined) return null;
  if (certificate !== undefined && certificateData !== undefined) {
    return `client-cert-data and client-cert are both specified for ${userName}. client-cert-data will override.`;
  }
  if (key !== undefined && keyData !== undefined) {
    return `client-key-data and client-key are both specified for ${userName}; client-key-data will override`;
  }
  if (key === undefined && keyData === undefined) {
    return `client-key-data or client-key must be specified for ${userName} to use the clientCert authentication method.`;
  }
  return unreadable("client-cert", certificate, userName) ?? unreadable("client-key", key, userName);
}

function execProblem({ user, userName }: Target): string | null {
  const exec = user.exec;
  if (exec === undefined) return null;
  const use = `must be specified for ${userName} to use exec authentication plugin`;
  if (user["auth-provider"] !== undefined) {
    return `authProvider cannot be provided in combination with an exec plugin for ${userName}`;
  }
  if (exec.command === undefined) return `command ${use}`;
  if (exec.apiVersion === undefined) return `apiVersion ${use}`;
  if (exec.env.some(({ name }) => name === "")) return `env variable name ${use}`;
  // v1beta1 plugins may leave the mode out; it is IfAvailable for them (clientcmd/api/v1/defaults.go).
  if (exec.interactiveMode === undefined) return exec.apiVersion.endsWith("/v1") ? `interactiveMode ${use}` : null;
  if (!["Never", "IfAvailable", "Always"].includes(exec.interactiveMode)) {
    return `invalid interactiveMode for ${userName}: "${exec.interactiveMode}"`;
  }
  return null;
}

function unreadable(what: string, file: string | undefined, name: string): string | null {
  if (file === undefined) return null;
  try {
    accessSync(file, constants.R_OK);
    return null;
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    const why = missing ? "no such file or directory" : "permission denied";
    return `unable to read ${what} ${file} for ${name} due to open ${file}: ${why}`;
  }
}
