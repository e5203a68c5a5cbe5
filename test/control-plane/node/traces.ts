import { existsSync, readFileSync, readdirSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { basename, join } from "node:path";
import { identify, isAlive } from "../identify.ts";
import type { ProcessIdentity } from "../identify.ts";
import { cgroupOf, podSubnet, readRecord } from "./state.ts";

/** Kernel settings and folders of the machine that a kubelet, containerd or a CNI plugin would change or make. */
const settings = ["vm/overcommit_memory", "vm/panic_on_oom", "kernel/panic", "kernel/panic_on_oops"]
  .concat("kernel/keys/root_maxkeys", "kernel/keys/root_maxbytes", "net/ipv4/ip_forward")
  .map((name) => join("/proc/sys", name));
const folders = ["/run/containerd", "/run/netns", "/run/runc", "/etc/cni", "/opt/containerd", "/opt/cni"]
  .concat(["kubelet", "containerd", "cni"].map((name) => join("/var/lib", name)))
  .concat("/var/log/pods", "/var/log/containers", "/usr/libexec/kubernetes");

/** What a real node may change of its machine but must not, whether it runs or not. */
export function machineSettings(): Record<string, string> {
  const values = settings.filter(existsSync).map((path) => [path, readFileSync(path, "utf8").trim()]);
  const contents = folders.map((path) => [path, existsSync(path) ? readdirSync(path).sort().join(" ") : "(absent)"]);
  return Object.fromEntries([...values, ...contents]) as Record<string, string>;
}

/** Everything by which a plane's node can be seen on its machine. */
export interface Traces {
  cgroups: string[];
  processes: ProcessIdentity[];
  mounts: string[];
  interfaces: string[];
  routes: string[];
  files: string[];
}

/** Knows how to look for the traces of the node that runs now, also when its record is gone. */
export function tracesOf(directory: string): () => Traces {
  const record = readRecord(directory);
  if (record === null) throw new Error(`${directory} has no real node`);
  const cgroup = cgroupOf(directory);
  const prefix = podSubnet(record).gateway.replace(/\d+$/, "");
  // Destinations in /proc/net/route are hexadecimal, the last number first.
  const inRoutes = prefix
    .split(".")
    .slice(0, 3)
    .reverse()
    .map((n) => Number(n).toString(16).padStart(2, "0"))
    .join("");
  const cgroups = () =>
    readdirSync("/sys/fs/cgroup", { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => path.split("/").includes(cgroup));
  const members = (path: string) => {
    const file = join(path, "cgroup.procs");
    return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").filter(Boolean).map(Number) : [];
  };
  const processes = [...new Set(cgroups().flatMap(members))].map((pid) => identify(pid));
  const lines = (file: string, part: string) =>
    readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line.includes(part));
  return () => ({
    cgroups: cgroups(),
    processes: processes.filter(isAlive),
    mounts: lines("/proc/self/mounts", basename(directory)),
    interfaces: Object.entries(networkInterfaces()).flatMap(([name, all]) =>
      all?.some(({ address }) => address.startsWith(prefix)) ? [name] : [],
    ),
    routes: lines("/proc/net/route", inRoutes.toUpperCase()),
    files: existsSync(directory) ? readdirSync(directory) : [],
  });
}
