import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { commandOf } from "./arguments.ts";
import { etcdAccess } from "./etcd.ts";
import { writeKubeconfig } from "./kubeconfig.ts";
import { nodeLacks } from "./node/lacks.ts";
import { caFileOf, kubeconfigPath, nodeName, readPlaneFile, serverOf } from "./plane-file.ts";
import type { PlaneFile } from "./plane-file.ts";
import { killPlaneProcesses, planeProcesses, startProgram } from "./processes.ts";
import type { Capability, ControlPlane } from "./provider.ts";
import { waitForControllers } from "./ready.ts";
import { requester } from "./request.ts";

/** A client of the running plane that this file describes, in whatever process; `end` is what stop() does besides. */
export function openPlane(file: PlaneFile, end: () => Promise<void>): ControlPlane {
  const { directory, users, binaries } = file;
  const server = serverOf(file);
  const caFile = caFileOf(file);
  const { send, close } = requester(server, caFile, users.admin);
  return {
    provider: "built",
    server,
    caFile,
    version: binaries.version,
    capabilities: new Set<Capability>([
      ...(["edit-etcd", "static-tokens", "stop-controllers", "audit-log", "fake-node"] as const),
      ...(nodeLacks() === null ? (["real-node"] as const) : []),
    ]),
    adminKubeconfig: kubeconfigPath(file, "admin"),
    kubectl: binaries.kubectl,
    directory,
    etcd: etcdAccess(file.ports.etcd),
    auditLog: join(directory, "audit.log"),
    users,
    node: nodeName,
    request: send,
    async kubeconfigFor(token, { namespace, name = `token-${randomBytes(4).toString("hex")}` } = {}) {
      return writeKubeconfig(file, name, token, namespace);
    },
    async stopControllers() {
      await killPlaneProcesses(directory, "kube-controller-manager");
    },
    async startControllers() {
      if (planeProcesses(directory).some(({ program }) => program === "kube-controller-manager")) return;
      const { path, args } = commandOf(file, "kube-controller-manager");
      await waitForControllers(file, startProgram(directory, "kube-controller-manager", path, args));
    },
    async stop() {
      close();
      await end();
    },
  };
}

/** A client of the plane in `directory`, which another process owns; stop() leaves that plane running. */
export function attachPlane(directory: string): ControlPlane {
  return openPlane(readPlaneFile(directory), async () => {});
}
