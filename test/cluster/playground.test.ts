import { execFile, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { tracesOf } from "../control-plane/node/traces.ts";
import { planeProcesses } from "../control-plane/processes.ts";
import { useCluster } from "../control-plane/test.ts";

useCluster();
const run = promisify(execFile);
const root = join(import.meta.dirname, "..", "..");
let playground: ChildProcess | null = null;
afterEach(() => {
  playground?.kill("SIGKILL");
  playground = null;
});

/** Starts the playground and returns the line it offers for pasting. */
async function start(...options: string[]): Promise<{ line: string; directory: string }> {
  const child = spawn(process.execPath, ["scripts/playground.ts", ...options], {
    cwd: root,
    stdio: ["ignore", "pipe", "ignore"],
  });
  playground = child;
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  const [, directory = ""] = /KUBECONFIG='(.+)\/kubeconfigs\/playground\.yaml'/.exec(line) ?? [];
  return { line, directory };
}

test("its line gives a shell kubectl, Node 26 and the plugin, and Ctrl-C leaves nothing", async () => {
  const { line, directory } = await start("--no-cast");
  const commands = "kubectl get nodes -o name; kubectl version -o json; node --version; kubectl plugin list";
  const env = { PATH: "/usr/bin:/bin", HOME: directory };
  const { stdout } = await run("/bin/sh", ["-c", `${line}; ${commands}`], { env });
  expect(stdout).toContain("node/rig-0");
  expect(stdout.match(/"gitVersion": "v1\.36\.\d+"/g)).toHaveLength(2);
  expect(stdout).toMatch(/^v26\./m);
  expect(stdout).toContain(`${directory}/bin/kubectl-cronaudit`);
  const { stdout: version } = await run("/bin/sh", ["-c", `${line}; kubectl cronaudit version`], { env });
  expect(version).toMatch(/\d+\.\d+\.\d+/);

  const ended = once(playground!, "exit");
  playground!.kill("SIGINT");
  expect(await ended).toEqual([0, null]);
  expect(planeProcesses(directory)).toEqual([]);
  expect(existsSync(directory)).toBe(false);
});

test("with --once it ends by itself and leaves nothing", async () => {
  const { directory } = await start("--no-cast", "--once");
  expect(await once(playground!, "exit")).toEqual([0, null]);
  expect(planeProcesses(directory)).toEqual([]);
  expect(existsSync(directory)).toBe(false);
});

test("an option it does not know is one line and status 2", async () => {
  const failure = await run(process.execPath, ["scripts/playground.ts", "--cast"], { cwd: root }).catch((e) => e);
  expect(failure.code).toBe(2);
  expect(failure.stderr).toMatch(/^error: .*--cast.*\n$/);
});

describe("with --node", () => {
  useCluster({ needs: ["real-node"] });

  test("the cast's two backups run: one prints its password, the other nothing", { timeout: 300_000 }, async () => {
    const { line, directory } = await start("--node");
    const traces = tracesOf(directory);
    const pods = "kubectl -n database get pods --field-selector spec.nodeName=rig-real -o name | sort";
    const logs = `for pod in $(${pods}); do kubectl -n database logs $pod; done`;
    const env = { PATH: "/usr/bin:/bin", HOME: directory };
    const { stdout } = await run("/bin/sh", ["-c", `${line}; ${logs}`], { env });
    // The value itself must not be in a failure's message.
    expect(stdout.replace(/:[A-Za-z0-9]{24}@/, ":[password]@").split("\n")).toEqual([
      "pg_dump --dbname=postgresql://backup:[password]@postgres.database.svc/app",
      "dumping from postgres.database.svc as backup",
      "",
    ]);

    const ended = once(playground!, "exit");
    playground!.kill("SIGINT");
    expect(await ended).toEqual([0, null]);
    const { cgroups, processes, interfaces, files } = traces();
    expect({ cgroups, processes, interfaces, files }).toEqual({
      cgroups: [],
      processes: [],
      interfaces: [],
      files: [],
    });
  });
});
