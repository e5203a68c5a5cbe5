import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { useCluster } from "../control-plane/test.ts";

const run = promisify(execFile);
const cluster = useCluster();

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cronaudit-started-"));
  // As krew and npm link it.
  await symlink(join(import.meta.dirname, "../../bin/kubectl-cronaudit.js"), join(folder, "kubectl-cronaudit"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What a line typed into this shell prints, with the plugin and the plane's kubectl in PATH. */
async function typed(shell: "bash" | "sh", line: string): Promise<string> {
  const { plane } = cluster;
  const path = [folder, dirname(process.execPath), dirname(plane.kubectl), process.env["PATH"]].join(":");
  const env = { PATH: path, HOME: folder, KUBECONFIG: plane.adminKubeconfig };
  // A command after it, or the shell would become the program instead of starting it.
  const { stdout, stderr } = await run(shell, ["-c", `${line}; true`], { env });
  return stdout + stderr;
}

test.each(["bash", "sh"] as const)(
  "started by the real kubectl from %s, it is called as kubectl calls it",
  async (shell) => {
    const help = await typed(shell, "kubectl cronaudit --help");
    expect(help).toContain("\n  kubectl cronaudit exposure cronjob/backup -n database\n");
    expect(help).toContain("\nFlags go after the plugin's name");
    expect(help).not.toMatch(/npx|kubectl-cronaudit/);
    expect(await typed(shell, "kubectl cronaudit help access")).toContain("\n  kubectl cronaudit access [sa/NAME");
    expect(await typed(shell, "kubectl cronaudit stael")).toBe(
      'error: unknown command "stael" for "kubectl cronaudit"\n' +
        "Did you mean this?\n\tstale\nSee 'kubectl cronaudit --help' for usage.\n",
    );
    expect(await typed(shell, "kubectl cronaudit stale -f nowhere.json")).toContain(
      "write a snapshot first: kubectl cronaudit snapshot FILE.",
    );
  },
);

test("kubectl says itself that no flag goes in front of a plugin", async () => {
  expect(await typed("sh", "kubectl -n default cronaudit")).toContain("flags cannot be placed before plugin name");
});

test("typed by its own name into bash, it is called so", async () => {
  const help = await typed("bash", "kubectl-cronaudit --help");
  expect(help).toContain("\n  kubectl-cronaudit exposure cronjob/backup -n database\n");
  expect(help).not.toMatch(/npx|kubectl cronaudit/);
  expect(await typed("bash", "kubectl-cronaudit stale -f nowhere.json")).toContain(
    "first: kubectl-cronaudit snapshot FILE.",
  );
});

// A script is handed its path alone, and this shell says nothing more: what is suggested works all the same.
test("typed by its own name into sh, it is a plugin", async () => {
  expect(await typed("sh", "kubectl-cronaudit --help")).toContain("\n  kubectl cronaudit exposure cronjob/backup");
});
