import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { closeSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { evidence } from "./run.ts";
import { temporary } from "./temporary.ts";

const root = join(import.meta.dirname, "../..");
const bin = join(root, "bin/kubectl-cronaudit.js");

function program(args: string[], nodeArgs: string[] = [], env: NodeJS.ProcessEnv = {}) {
  return spawnSync(process.execPath, [...nodeArgs, bin, ...args], {
    cwd: evidence,
    encoding: "utf8",
    env: { PATH: process.env["PATH"], HOME: "/nonexistent", ...env },
  });
}

test("the program runs as a process: standard output, standard error and status apart", () => {
  const { stdout, status } = program(["stale", "-ojson", "-f", "database.yaml"]);
  expect(JSON.parse(stdout)).toMatchObject({ kind: "StaleReport" });
  expect([0, 3]).toContain(status);
  const wrong = program(["--nmespace", "x"]);
  expect([wrong.status, wrong.stdout]).toEqual([2, ""]);
  expect(wrong.stderr).toMatch(/^error: unknown flag: --nmespace\n/);
  const failing = program(["--fail-on", "critical", "-oname", "-f", "database.yaml"]);
  expect(failing.status).toBe(1);
});

test("version names the version of the package and the Node that runs it", () => {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  expect(JSON.parse(program(["version", "-ojson"]).stdout)).toMatchObject({ version, node: process.versions.node });
});

test("started by kubectl's name for it, it calls itself that", () => {
  const link = join(temporary(), "kubectl-cronaudit");
  symlinkSync(bin, link);
  const { stdout } = spawnSync(process.execPath, [link, "--help"], { encoding: "utf8", env: {} });
  expect(stdout).toContain("  kubectl cronaudit [TYPE/NAME...] [flags]");
});

test("an older Node is told in one line which one is needed", () => {
  const old = join(temporary(), "old.cjs");
  writeFileSync(old, 'Object.defineProperty(process.versions, "node", { value: "25.9.0" });');
  const { stdout, stderr, status } = program(["--help"], ["--require", old]);
  expect([stdout, stderr, status]).toEqual([
    "",
    "error: kubectl-cronaudit needs Node 26 or later, this is Node 25.9.0\n",
    2,
  ]);
});

test("what an old Node has to parse uses nothing that it does not know", () => {
  const source = readFileSync(bin, "utf8");
  expect(source).not.toMatch(/\?\.|\?\?|=>|`|\bawait\b|\bconst\b|\blet\b/);
});

const system = ["/usr/bin/node", "/usr/local/bin/node"].find((path) => {
  if (!existsSync(path)) return false;
  const { stdout } = spawnSync(path, ["--version"], { encoding: "utf8" });
  return Number(/^v(\d+)/.exec(stdout)?.[1] ?? 99) < 26;
});

test.skipIf(system === undefined)(
  "so does a Node that really is older (skipped: no older Node on this machine)",
  () => {
    const { stderr, status } = spawnSync(system!, [bin, "--help"], { encoding: "utf8" });
    expect(stderr).toMatch(/^error: kubectl-cronaudit needs Node 26 or later, this is Node [\d.]+\n$/);
    expect(status).toBe(2);
  },
);

test.each([
  ["is no error", [], 0],
  ["lets no gate pass", ["--fail-on", "info"], 1],
])("a reader that goes away after one line %s", async (_, flags, expected) => {
  const child = spawn(process.execPath, [bin, "exposure", "-oyaml", "-f", "many.json", ...flags], {
    cwd: manyJobs(3000),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout.once("data", () => child.stdout.destroy());
  const status = await new Promise((resolve) => child.on("exit", resolve));
  expect(status).toBe(expected);
  expect(stderr).not.toMatch(/EPIPE|at .*:\d+:\d+/);
});

/** A folder with a dump large enough that its report does not fit into a pipe. */
function manyJobs(count: number): string {
  const directory = temporary();
  const items = Array.from({ length: count }, (_, at) => ({
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: `job-${at}`, namespace: "many", uid: `uid-${at}`, creationTimestamp: "2026-11-20T00:00:00Z" },
    spec: {
      template: {
        spec: {
          restartPolicy: "Never",
          containers: [{ name: "c", env: [{ name: "PASSWORD", value: `pw-${at}-xyzzy` }] }],
        },
      },
    },
    status: { conditions: [{ type: "Complete", status: "True", lastTransitionTime: "2026-11-20T00:01:00Z" }] },
  }));
  writeFileSync(join(directory, "many.json"), JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  return directory;
}

test("Ctrl-C ends with 130 while a server keeps silent", async () => {
  const sockets: { destroy(): void }[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const directory = temporary();
  const config = join(directory, "config");
  writeFileSync(
    config,
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "silent", cluster: { server: `http://127.0.0.1:${port}` } }],
      users: [{ name: "nobody", user: { token: "t" } }],
      contexts: [{ name: "silent", context: { cluster: "silent", user: "nobody" } }],
      "current-context": "silent",
    }),
  );
  const child = spawn(process.execPath, [bin, "stale", "--kubeconfig", config], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  await new Promise((resolve) => server.once("connection", resolve));
  const started = performance.now();
  child.kill("SIGINT");
  const status = await new Promise((resolve) => child.on("exit", resolve));
  expect(status).toBe(130);
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(output).not.toMatch(/at .*:\d+:\d+/);
  for (const socket of sockets) socket.destroy();
  server.close();
});

test.skipIf(!existsSync("/dev/full"))(
  "a full disk is the disk's fault: one clear error and status 2 (skipped: no /dev/full here)",
  () => {
    for (const args of [["stale"], ["exposure", "-ojson"], ["snapshot"], ["snapshot", "--plain"]]) {
      const full = openSync("/dev/full", "w");
      const { status, stderr } = spawnSync(process.execPath, [bin, ...args, "-f", "database.yaml"], {
        cwd: evidence,
        encoding: "utf8",
        stdio: ["ignore", full, "pipe"],
      });
      closeSync(full);
      expect([args, status]).toEqual([args, 2]);
      expect(stderr).toMatch(/^error: cannot write standard output: no space left on device$/m);
      expect(stderr).not.toMatch(/fault of the program/);
    }
  },
);

test.each([
  ["SIGTERM", 143],
  ["SIGINT", 130],
  ["SIGHUP", 129],
] as const)("a capture that %s ends leaves neither the file nor a part of it", async (signal, expected) => {
  const cwd = manyJobs(20_000);
  const args = ["snapshot", "out.jsonl", "-f", "many.json"];
  const child = spawn(process.execPath, [bin, ...args], { cwd, stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise((resolve) => child.on("exit", resolve));
  const part = (): boolean => readdirSync(cwd).some((name) => name.endsWith(".part"));
  while (!part() && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 2));
  child.kill(signal);
  expect(await ended).toBe(expected);
  expect(readdirSync(cwd)).toEqual(["many.json"]);
  expect(stderr).not.toMatch(/at .*:\d+:\d+/);
});

test("the demo says nothing of a recorded cluster that it could not show", () => {
  const cwd = temporary();
  mkdirSync(join(cwd, "examples"));
  symlinkSync(join(root, "bin"), join(cwd, "bin"));
  writeFileSync(join(cwd, "examples/threat-model.jsonl"), "{}");
  const demo = spawnSync(process.execPath, [join(root, "scripts/demo.ts")], { cwd, encoding: "utf8" });
  expect([demo.status, demo.stdout]).toEqual([2, ""]);
  expect(demo.stderr).toMatch(/^error: /);
  const whole = spawnSync(process.execPath, [join(root, "scripts/demo.ts")], { cwd: root, encoding: "utf8" });
  expect(whole.status).toBe(0);
  expect(whole.stdout).toMatch(/^That was a recorded cluster/m);
});

test("no kubeconfig: one clear error and the next step", () => {
  const { stderr, status } = program(["stale"], [], { HOME: temporary() });
  expect(status).toBe(2);
  expect(stderr).not.toMatch(/at .*:\d+:\d+|fault of the program/);
  expect(stderr.split("\n").filter((line) => line !== "").length).toBeGreaterThanOrEqual(2);
});

/** The files that Node loads for a command line, by a hook on its loader. */
function loaded(args: string[]): string[] {
  const directory = temporary();
  const list = join(directory, "loaded");
  const hook = join(directory, "hook.mjs");
  writeFileSync(
    hook,
    `import { registerHooks } from "node:module";
import { appendFileSync } from "node:fs";
registerHooks({ load(url, context, next) { appendFileSync(${JSON.stringify(list)}, url + "\\n"); return next(url, context); } });`,
  );
  const { status } = program(args, ["--import", hook]);
  expect([0, 3]).toContain(status);
  return readFileSync(list, "utf8").split("\n");
}

const client = /node_modules\/(@kubernetes|undici)\/|\/src\/cluster\//;

test.each([
  [["--help"], /\/src\/(evidence|exposure|rbac|batch|credentials)\/|node_modules\/(yargs|ora|yaml|cli-table3)\//],
  [["version"], /\/src\/(exposure|rbac|batch)\/|node_modules\/(ora|cli-table3)\//],
  [["stale", "-f", "database.yaml"], /\/src\/rbac\/|node_modules\/ora\//],
  [["exposure", "-o", "json", "-f", "database.yaml"], /node_modules\/(ora|cli-table3)\//],
])("%j loads neither the cluster client nor what other verbs need", (args, others) => {
  const files = loaded(args);
  expect(files.some((file) => file.endsWith("/src/main.ts"))).toBe(true);
  expect(files.filter((file) => client.test(file) || others.test(file))).toEqual([]);
});

test("help starts in a few times the time of Node itself", () => {
  const time = (args: string[]): number => {
    const runs = Array.from({ length: 7 }, () => {
      const start = performance.now();
      spawnSync(process.execPath, args);
      return performance.now() - start;
    });
    return runs.sort((a, b) => a - b)[3]!;
  };
  time([bin, "--help"]);
  const bare = time(["-e", "0"]);
  expect(time([bin, "--help"]) / bare).toBeLessThan(8);
});
