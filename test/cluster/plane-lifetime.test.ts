import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { attachPlane, startPlane } from "../control-plane/plane.ts";
import { planeProcesses } from "../control-plane/processes.ts";
import { useCluster } from "../control-plane/test.ts";

const cluster = useCluster({ needs: ["edit-etcd"] });
const children = new Set<ChildProcess>();
afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  children.clear();
});

const planeModule = join(import.meta.dirname, "..", "control-plane", "plane.ts");

/** Another process that starts a plane, says where, and stays. */
async function ownPlaneElsewhere(): Promise<{ owner: ChildProcess; directory: string }> {
  const program = `
    import { startPlane } from ${JSON.stringify(planeModule)};
    const plane = await startPlane();
    console.log(plane.directory);
    setInterval(() => {}, 1000);`;
  const args = ["--input-type=module-typescript", "--eval", program];
  const owner = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  children.add(owner);
  const [directory] = (await once(createInterface(owner.stdout), "line")) as [string];
  return { owner, directory };
}

async function killed(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

/** How long until no process and no file of the plane is left, in milliseconds. */
async function gone(directory: string): Promise<number> {
  const begun = performance.now();
  while (planeProcesses(directory).length > 0 || existsSync(directory)) {
    if (performance.now() - begun > 10_000) throw new Error(`${directory} is still there after 10 s`);
    await sleep(20);
  }
  return performance.now() - begun;
}

function watcherOf(directory: string): number {
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      const args = readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0");
      if (args[1]?.endsWith("/watcher.ts") === true && args[2] === directory) return Number(name);
    } catch {
      // Ended in between.
    }
  }
  throw new Error(`no watcher of ${directory}`);
}

test("two planes run at once and know nothing of each other; one's end leaves the other alone", async () => {
  const other = await startPlane();
  try {
    expect(other.directory).not.toBe(cluster.plane.directory);
    const created = await other.request("POST", "/api/v1/namespaces", { metadata: { name: "only-there" } });
    expect(created.status).toBe(201);
    expect((await cluster.plane.request("GET", "/api/v1/namespaces/only-there")).status).toBe(404);
    expect(
      planeProcesses(other.directory)
        .map(({ program }) => program)
        .sort(),
    ).toEqual(["etcd", "kube-apiserver", "kube-controller-manager", "kwok"]);
  } finally {
    await other.stop();
  }
  expect(planeProcesses(other.directory)).toEqual([]);
  expect(existsSync(other.directory)).toBe(false);
  expect((await cluster.plane.request("GET", "/readyz")).status).toBe(200);
});

describe("a file that judges a whole cluster", () => {
  const seen: string[] = [];
  const alone = useCluster({ own: true, once: async (plane) => void seen.push(plane.directory) });

  test("gets a plane that no other file uses", () => {
    expect(alone.plane.directory).not.toBe(cluster.plane.directory);
    expect(existsSync(join(alone.plane.directory, "plane.json"))).toBe(true);
  });

  test("and prepares it once", () => {
    expect(seen).toEqual([alone.plane.directory]);
  });
});

test("SIGKILL of the owner leaves no process and no file, seconds later", async () => {
  const { owner, directory } = await ownPlaneElsewhere();
  const plane = attachPlane(directory);
  expect((await plane.request("GET", "/readyz")).status).toBe(200);
  await plane.stop();
  await killed(owner);
  expect(await gone(directory)).toBeLessThan(5000);
});

test.runIf(process.platform === "linux")("a start cleans up after an owner and a watcher that both died", async () => {
  const { owner, directory } = await ownPlaneElsewhere();
  process.kill(watcherOf(directory), "SIGKILL");
  await killed(owner);
  await sleep(1000);
  expect(planeProcesses(directory)).toHaveLength(4);

  const said: string[] = [];
  const next = await startPlane({ log: (line) => said.push(line) });
  try {
    expect(planeProcesses(directory)).toEqual([]);
    expect(existsSync(directory)).toBe(false);
    expect(said.join("\n")).toContain(directory);
    // The run's own plane has a living owner.
    expect(said.join("\n")).not.toContain(cluster.plane.directory);
    expect((await cluster.plane.request("GET", "/readyz")).status).toBe(200);
  } finally {
    await next.stop();
  }
});
