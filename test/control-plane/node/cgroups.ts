import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const root = "/sys/fs/cgroup";

/** The controllers that a kubelet's cgroups need. */
const needed = ["cpuset", "cpu", "memory", "pids"];

interface Hierarchies {
  version: 1 | 2;
  /** Where each that has controllers is mounted: one of version 2, or one of version 1 for every controller. */
  paths: string[];
  /** The same, and a second version beside the first, which has none, but in which runc makes cgroups all the same. */
  all: string[];
}

function hierarchies(): Hierarchies {
  const mounts = readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" "));
  const of = (type: string) => mounts.filter((mount) => mount[2] === type).map((mount) => mount[1]!);
  const second = of("cgroup2").filter((path) => path === root || path.startsWith(`${root}/`));
  if (second.includes(root)) return { version: 2, paths: [root], all: [root] };
  const paths = of("cgroup").filter((path) => path.startsWith(`${root}/`));
  return { version: 1, paths, all: [...paths, ...second] };
}

/** The controllers that the root of a version 2 hierarchy has to hand down first; none elsewhere. */
export function controllersToEnable(): string[] {
  if (hierarchies().version === 1) return [];
  const handedDown = readFileSync(join(root, "cgroup.subtree_control"), "utf8").trim().split(" ");
  return needed.filter((name) => !handedDown.includes(name));
}

const enable = (folder: string, names: string[]) =>
  writeFileSync(join(folder, "cgroup.subtree_control"), names.map((name) => `+${name}`).join(" "));

/** Makes the cgroup in every hierarchy, with `init` in it for the node's own processes; returns init's files of members. */
export function createCgroup(name: string, toEnable: string[]): string[] {
  const { version, paths } = hierarchies();
  if (toEnable.length > 0) enable(root, toEnable);
  const members: string[] = [];
  for (const path of paths) {
    const folder = join(path, name);
    mkdirSync(folder, { recursive: true });
    if (version === 2) enable(folder, needed);
    // A new cpuset has no processors and takes no process; containers get theirs from runc.
    if (existsSync(join(folder, "cpuset.cpus")) && version === 1) continue;
    mkdirSync(join(folder, "init"), { recursive: true });
    members.push(join(folder, "init", "cgroup.procs"));
  }
  return members;
}

/** A cgroup and all below it, the deepest first; none when it is gone. */
function treeOf(folder: string): string[] {
  let below: string[];
  try {
    below = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  } catch {
    return [];
  }
  return [...below.flatMap((name) => treeOf(join(folder, name))), folder];
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Gone already, or a process of it is still ending.
  }
}

function killMembers(folder: string): void {
  let members: string;
  try {
    members = readFileSync(join(folder, "cgroup.procs"), "utf8");
  } catch {
    return;
  }
  for (const pid of members.split("\n").map(Number)) {
    try {
      // 0 stands for a member that this PID namespace cannot see; as an argument it would mean this process's own group.
      if (pid > 0) process.kill(pid, "SIGKILL");
    } catch {
      // It ended by itself.
    }
  }
}

/** Kills every process in the cgroup of that name and below, and removes it from every hierarchy; gone ones are fine. */
export async function removeCgroup(name: string, enabled: string[]): Promise<void> {
  const { all } = hierarchies();
  for (let tries = 0; ; tries++) {
    const left = all.flatMap((path) => treeOf(join(path, name)));
    if (left.length === 0) break;
    if (tries === 400) throw new Error(`processes of the real node do not end, in the cgroup ${left.at(-1)!}`);
    for (const folder of left) killMembers(folder);
    for (const folder of left) removeEmpty(folder);
    if (tries > 0) await sleep(25);
  }
  try {
    if (enabled.length > 0) {
      writeFileSync(join(root, "cgroup.subtree_control"), enabled.map((controller) => `-${controller}`).join(" "));
    }
  } catch {
    // By now something else on the machine uses them.
  }
}
