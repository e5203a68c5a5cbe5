import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Binaries } from "./build.ts";
import type { StaticUserId } from "./users.ts";

/** Loopback ports of one plane. */
export interface Ports {
  etcd: number;
  etcdPeer: number;
  apiserver: number;
  controllerManager: number;
  kwok: number;
}

/** All that another process needs to use a running plane; `plane.json` in the plane's directory. */
export interface PlaneFile {
  directory: string;
  ports: Ports;
  binaries: Binaries;
  /** Bearer tokens. */
  users: Record<StaticUserId, string>;
  /** Arguments of the API server beside those that every plane has. */
  apiserver?: string[];
  /** The same for the controllers. */
  controllers?: string[];
}

/** The fake node that every pod of a test names in spec.nodeName; there is no scheduler. */
export const nodeName = "rig-0";

export function serverOf(plane: PlaneFile): string {
  return `https://127.0.0.1:${plane.ports.apiserver}`;
}

/** The certificate that the API server makes for itself; it is its own authority. */
export function caFileOf(plane: PlaneFile): string {
  return join(plane.directory, "certs", "apiserver.crt");
}

/** The authority that client certificates are signed by: the API server trusts it, the controller-manager signs with it. */
export function clientCaOf({ directory }: PlaneFile): { certificate: string; key: string } {
  return { certificate: join(directory, "certs", "client-ca.crt"), key: join(directory, "certs", "client-ca.key") };
}

/** With what the API server shows itself to kubelets; kwok takes anybody. */
export function kubeletClientOf({ directory }: PlaneFile): { certificate: string; key: string } {
  const file = join(directory, "certs", "kubelet-client");
  return { certificate: `${file}.crt`, key: `${file}.key` };
}

export function kubeconfigPath(plane: PlaneFile, name: string): string {
  return join(plane.directory, "kubeconfigs", `${name}.yaml`);
}

export function writePlaneFile(plane: PlaneFile): void {
  writeFileSync(join(plane.directory, "plane.json"), JSON.stringify(plane), { mode: 0o600 });
}

export function readPlaneFile(directory: string): PlaneFile {
  return JSON.parse(readFileSync(join(directory, "plane.json"), "utf8")) as PlaneFile;
}
