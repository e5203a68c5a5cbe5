import { dirname, isAbsolute, join, resolve, sep } from "node:path";
import { parseDocument } from "yaml";
import { Fields } from "./fields.ts";
import type { Cluster, Context, ExecConfig, Kubeconfig, User } from "./types.ts";

/** The name of the cluster extension that holds a plugin's configuration (client.authentication.k8s.io). */
const EXEC_EXTENSION = "client.authentication.k8s.io/exec";

/**
 * Reads one kubeconfig. Relative paths in it are taken from its own folder, a plugin's command only where it has a
 * slash (clientcmd/loader.go ResolveLocalPaths). Throws an Error that names the field, and never shows a value.
 */
export function parseKubeconfig(text: string, file: string): Kubeconfig {
  const folder = dirname(resolve(file));
  const root = new Fields(parseYaml(text), "");
  return {
    currentContext: root.text("current-context") ?? "",
    clusters: root.named("clusters", "cluster", (fields) => cluster(fields, folder)),
    users: root.named("users", "user", (fields) => user(fields, folder)),
    contexts: root.named("contexts", "context", context),
  };
}

/** The parser's own messages quote the line they stumble over, which may be a token. */
function parseYaml(text: string): unknown {
  const document = parseDocument(text, { prettyErrors: false, logLevel: "silent" });
  const error = document.errors[0];
  if (error !== undefined) {
    const line = text.slice(0, error.pos[0]).split("\n").length;
    throw new Error(`yaml: line ${line}: ${error.code.toLowerCase().replaceAll("_", " ")}`);
  }
  try {
    return document.toJS({ maxAliasCount: 100 }) ?? {};
  } catch {
    throw new Error("yaml: too many aliases");
  }
}

function cluster(fields: Fields, folder: string): Cluster {
  const result: Cluster = {
    ...fields.texts("server", "tls-server-name", "certificate-authority-data", "proxy-url"),
    ...paths(fields.texts("certificate-authority"), folder),
    ...fields.flags("insecure-skip-tls-verify", "disable-compression"),
  };
  const extension = fields.list("extensions").find((each) => each.text("name") === EXEC_EXTENSION);
  if (extension !== undefined) result.execConfig = extension.raw("extension");
  return result;
}

function user(fields: Fields, folder: string): User {
  const result: User = {
    ...fields.texts("client-certificate-data", "client-key-data", "token", "username", "password", "as", "as-uid"),
    ...paths(fields.texts("client-certificate", "client-key", "tokenFile"), folder),
    "as-groups": fields.strings("as-groups"),
    "as-user-extra": fields.stringLists("as-user-extra"),
  };
  const provider = fields.child("auth-provider");
  if (provider !== null) {
    const config = provider.raw("config");
    result["auth-provider"] = {
      name: provider.text("name") ?? "",
      ...(typeof config === "object" && config !== null ? { config: config as Record<string, unknown> } : {}),
    };
  }
  const exec = fields.child("exec");
  if (exec !== null) result.exec = execConfig(exec, folder);
  return result;
}

function execConfig(fields: Fields, folder: string): ExecConfig {
  const result: ExecConfig = {
    ...fields.texts("apiVersion", "command", "installHint", "interactiveMode"),
    ...fields.flags("provideClusterInfo"),
    args: fields.strings("args"),
    env: fields
      .list("env")
      .map((variable) => ({ name: variable.text("name") ?? "", value: variable.text("value") ?? "" })),
  };
  if (result.command?.includes(sep)) result.command = absolute(result.command, folder);
  return result;
}

function context(fields: Fields): Context {
  return fields.texts("cluster", "user", "namespace");
}

function paths<K extends string>(values: Partial<Record<K, string>>, folder: string): Partial<Record<K, string>> {
  const entries = Object.entries(values) as [K, string][];
  return Object.fromEntries(entries.map(([key, path]) => [key, absolute(path, folder)])) as Partial<Record<K, string>>;
}

function absolute(path: string, folder: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}
