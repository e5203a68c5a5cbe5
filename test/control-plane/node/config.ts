import { chmodSync, copyFileSync, mkdirSync, statfsSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { caFileOf, clientCaOf, serverOf } from "../plane-file.ts";
import type { PlaneFile } from "../plane-file.ts";
import type { NodePrograms } from "./lacks.ts";
import { cgroupOf, nodeFolder, podSubnet, realNodeName } from "./state.ts";
import type { NodeRecord } from "./state.ts";

/** The node's own files as the node sees them: its /var is `var` in its folder. */
const own = "/var/lib/rig-real";
const containerdSocket = "/run/containerd/containerd.sock";

/** The image of every pod's sandbox; made on the machine like all others. */
export const sandboxImage = "localhost/pause:1";

/** There is no scheduler, and a pod that names this node gets there; the controller of DaemonSets heeds it. */
export const taint = { key: "rig.test/real", effect: "NoSchedule" };

/**
 * The settings that a kubelet and the ptp plugin give the kernel, and the value that each wants. The node finds these
 * files in place of the kernel's and so changes none of them.
 */
const kernelSettings = {
  "vm/overcommit_memory": "1",
  "vm/panic_on_oom": "0",
  "kernel/panic": "10",
  "kernel/panic_on_oops": "1",
  "kernel/keys/root_maxkeys": "1000000",
  "kernel/keys/root_maxbytes": "25000000",
  "net/ipv4/ip_forward": "1",
};

function kubeletConfig(directory: string, { port }: NodeRecord): object {
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address: "127.0.0.1",
    port,
    healthzPort: 0,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: `${own}/client-ca.crt` },
    },
    authorization: { mode: "Webhook" },
    containerRuntimeEndpoint: `unix://${containerdSocket}`,
    cgroupDriver: "cgroupfs",
    cgroupRoot: `/${cgroupOf(directory)}`,
    failCgroupV1: false,
    failSwapOn: false,
    enforceNodeAllocatable: [],
    makeIPTablesUtilChains: false,
    // It fails rather than change a setting that is not among those above.
    protectKernelDefaults: true,
    registerWithTaints: [taint],
    clusterDNS: ["10.0.0.10"],
    clusterDomain: "cluster.local",
    resolvConf: "",
    // A machine that is nearly full still runs the tests, and no image goes.
    evictionHard: { "memory.available": "0%", "nodefs.available": "0%", "imagefs.available": "0%" },
    imageGCHighThresholdPercent: 100,
    volumePluginDir: "/var/lib/kubelet/volume-plugins",
  };
}

function kubeconfig(plane: PlaneFile): object {
  const cluster = { server: serverOf(plane), "certificate-authority": `${own}/apiserver.crt` };
  return {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "rig", cluster }],
    users: [{ name: realNodeName, user: { token: plane.users.realNode } }],
    contexts: [{ name: realNodeName, context: { cluster: "rig", user: realNodeName } }],
    "current-context": realNodeName,
  };
}

/** Overlay filesystems do not stack: where the plane's directory is on one, layers are copied. */
export function snapshotterFor(directory: string): "overlayfs" | "native" {
  const OVERLAYFS_SUPER_MAGIC = 0x794c7630;
  return statfsSync(directory).type === OVERLAYFS_SUPER_MAGIC ? "native" : "overlayfs";
}

function containerdConfig(directory: string, { cni, runc }: NodePrograms): string {
  const cri = 'plugins."io.containerd.grpc.v1.cri"';
  return `version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
disabled_plugins = [
  "io.containerd.internal.v1.tracing",
  "io.containerd.snapshotter.v1.aufs",
  "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.zfs",
]
[grpc]
  address = "${containerdSocket}"
[plugins."io.containerd.internal.v1.opt"]
  path = "/var/lib/containerd/opt"
[${cri}]
  sandbox_image = "${sandboxImage}"
  stream_server_address = "127.0.0.1"
  stream_server_port = "0"
  # A profile would be loaded into the machine's kernel.
  disable_apparmor = true
  restrict_oom_score_adj = true
  [${cri}.cni]
    bin_dir = "${cni}"
    conf_dir = "${own}/cni"
  [${cri}.containerd]
    snapshotter = "${snapshotterFor(directory)}"
    [${cri}.containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [${cri}.containerd.runtimes.runc.options]
        BinaryName = "${runc}"
        SystemdCgroup = false
`;
}

function networkConfig(record: NodeRecord): object {
  const { cidr, gateway } = podSubnet(record);
  const ipam = { type: "host-local", ranges: [[{ subnet: cidr, gateway }]], routes: [{ dst: "0.0.0.0/0" }] };
  return { cniVersion: "0.4.0", name: "rig-real", plugins: [{ type: "ptp", ipMasq: false, ipam }] };
}

/** Writes everything that the node's programs read, and the skeleton of its /run and /var. */
export function writeNodeFiles(plane: PlaneFile, record: NodeRecord, programs: NodePrograms): void {
  const folder = nodeFolder(plane.directory);
  const at = (...path: string[]) => join(folder, "var/lib/rig-real", ...path);
  for (const name of ["cni", "kernel"]) mkdirSync(at(name), { recursive: true });
  for (const name of ["run", "var/log", "var/tmp", "var/lib/kubelet", "var/lib/containerd"]) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  chmodSync(join(folder, "var/tmp"), 0o1777);
  symlinkSync("/run", join(folder, "var/run"));
  const write = (name: string, text: string) => writeFileSync(at(name), text, { mode: 0o600 });
  copyFileSync(caFileOf(plane), at("apiserver.crt"));
  copyFileSync(clientCaOf(plane).certificate, at("client-ca.crt"));
  write("kubelet", "");
  write("kubelet.yaml", stringify(kubeletConfig(plane.directory, record)));
  write("kubeconfig.yaml", stringify(kubeconfig(plane)));
  write("containerd.toml", containerdConfig(plane.directory, programs));
  write("cni/10-rig.conflist", JSON.stringify(networkConfig(record)));
  for (const [path, value] of Object.entries(kernelSettings)) {
    write(join("kernel", path.replaceAll("/", ".")), `${value}\n`);
  }
}
