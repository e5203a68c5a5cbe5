import { writeFileSync } from "node:fs";
import { stringify } from "yaml";
import { caFileOf, kubeconfigPath, serverOf } from "./plane-file.ts";
import type { PlaneFile } from "./plane-file.ts";

/** Writes a kubeconfig whose only context is called `name` and acts with `token`; returns its path. */
export function writeKubeconfig(plane: PlaneFile, name: string, token: string, namespace?: string): string {
  const path = kubeconfigPath(plane, name);
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "rig", cluster: { server: serverOf(plane), "certificate-authority": caFileOf(plane) } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: "rig", user: name, ...(namespace ? { namespace } : {}) } }],
    "current-context": name,
  };
  writeFileSync(path, stringify(config), { mode: 0o600 });
  return path;
}
