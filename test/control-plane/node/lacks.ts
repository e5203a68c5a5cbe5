import { accessSync, closeSync, constants, openSync, readSync } from "node:fs";
import { delimiter, join } from "node:path";

/** What a real node is made of beside the kubelet; Debian's packages bring it (scripts/set-up.sh). */
export interface NodePrograms {
  containerd: string;
  ctr: string;
  runc: string;
  unshare: string;
  /** Linked statically, because it is the only program in its image. */
  busybox: string;
  /** The folder of the CNI plugins ptp, host-local and loopback. */
  cni: string;
}

const folders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function find(name: string): string | null {
  const path = [...(process.env["PATH"] ?? "").split(delimiter).filter(Boolean), ...folders];
  return path.map((folder) => join(folder, name)).find(isExecutable) ?? null;
}

function findCni(): string | null {
  const whole = (folder: string) => ["ptp", "host-local", "loopback"].every((name) => isExecutable(join(folder, name)));
  return ["/usr/lib/cni", "/opt/cni/bin"].find(whole) ?? null;
}

/** Whether a 64-bit ELF program asks for no loader, and so needs nothing of the machine's but the kernel. */
function isStatic(path: string): boolean {
  const PT_INTERP = 3;
  const head = Buffer.alloc(4096);
  const file = openSync(path, "r");
  readSync(file, head);
  closeSync(file);
  const [offset, size, count] = [Number(head.readBigUInt64LE(32)), head.readUInt16LE(54), head.readUInt16LE(56)];
  const types = Array.from({ length: count }, (_, index) => offset + index * size);
  return types.every((at) => at + 4 <= head.length && head.readUInt32LE(at) !== PT_INTERP);
}

function lookUp(): { [Name in keyof NodePrograms]: string | null } {
  const busybox = find("busybox");
  return {
    containerd: find("containerd"),
    ctr: find("ctr"),
    runc: find("runc"),
    unshare: find("unshare"),
    // Debian's other busybox needs the machine's C library.
    busybox: busybox !== null && isStatic(busybox) ? busybox : null,
    cni: findCni(),
  };
}

/** Why no real node can run on this machine and what to do about it, or null where one can. */
export function nodeLacks(): string | null {
  if (process.platform !== "linux") return "a real node needs Linux";
  if (process.getuid?.() !== 0) return "a real node needs root: its containers are real";
  const names = { cni: "the CNI plugins", busybox: "a static busybox" } as Record<string, string>;
  const missing = Object.entries(lookUp()).flatMap(([key, path]) => (path === null ? [names[key] ?? key] : []));
  if (missing.length === 0) return null;
  return `a real node needs ${missing.join(", ")}; on Debian \`npm run set-up -- node\` installs what it needs`;
}

/** Where the programs are; throws with what nodeLacks says where one is missing. */
export function nodePrograms(): NodePrograms {
  const lacks = nodeLacks();
  if (lacks !== null) throw new Error(lacks);
  return lookUp() as NodePrograms;
}
