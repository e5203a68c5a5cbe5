import { spawnSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { must, pathOf } from "../control-plane/act.ts";
import { cronJob } from "../control-plane/cast/character.ts";
import { useCluster } from "../control-plane/test.ts";
import { canType, open, place, type Place, SHELLS } from "../shells/shell.ts";

const cluster = useCluster();

/** A place where kubectl finds the plugin, and by `completion --install` its completion. */
function installed(): Place {
  const at = place();
  symlinkSync(cluster.plane.kubectl, join(at.bin, "kubectl"));
  at.env["KUBECONFIG"] = cluster.plane.adminKubeconfig;
  const { status, stderr } = spawnSync("kubectl", ["cronaudit", "completion", "--install"], {
    env: at.env,
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return at;
}

/** What kubectl's own scripts get: the lines without the last, and the directive. */
function kubectl({ env }: Place, ...words: string[]): { lines: string[]; directive: string | undefined } {
  const argv = ["__complete", "cronaudit", ...words];
  const { status, stdout, stderr } = spawnSync("kubectl", argv, { env, encoding: "utf8" });
  expect(status, stderr).toBe(0);
  // All that is said is kubectl's own: what it looked for, and which directive it understood.
  const said = stderr.trimEnd().split("\n");
  expect(said.at(-1)).toMatch(/^Completion ended with directive: [\w, ]+$/);
  expect(said.slice(0, -1).filter((line) => !line.startsWith("[Debug] "))).toEqual([]);
  const lines = stdout.trimEnd().split("\n");
  return { directive: lines.pop(), lines };
}

async function makeJobs(): Promise<void> {
  const { plane, namespace } = cluster;
  const podSpec = { containers: [{ name: "main", image: "registry.example.com/x:1" }] };
  for (const name of ["nightly-backup", "nightly-bills"]) {
    const manifest = cronJob(namespace, name, "0 3 * * *", podSpec, { suspend: true });
    await must(plane, "POST", pathOf("CronJob", namespace), manifest);
  }
}

test("kubectl asks the plugin and passes on what it says", async () => {
  const at = installed();
  for (const words of [
    [""],
    ["expo"],
    ["exposure", "--fail-on", ""],
    ["stale", "cronj"],
    ["-f", ""],
    ["version", ""],
    ["exposure", "--fail-on=c"],
  ]) {
    // A first word that is a flag is kubectl's own to complete.
    if (words[0] === "-f") words.unshift("exposure");
    const own = spawnSync("kubectl-cronaudit", ["__complete", ...words], { env: at.env, encoding: "utf8" });
    const lines = own.stdout.trimEnd().split("\n");
    const directive = lines.pop();
    expect(kubectl(at, ...words)).toEqual({ lines, directive });
  }
});

test("names come from the cluster, within the namespace of the line, and with its rights", async () => {
  await makeJobs();
  const { namespace } = cluster;
  const at = installed();
  const asked = async (...words: string[]): Promise<string[]> => {
    for (let tries = 1; ; tries++) {
      const found = kubectl(at, words[0]!, "--request-timeout=20s", ...words.slice(1)).lines.map(
        (line) => line.split("\t")[0]!,
      );
      if (found.length > 0 || tries === 5) return found;
    }
  };
  expect(await asked("exposure", "-n", namespace, "cronjob/")).toEqual([
    "cronjob/nightly-backup",
    "cronjob/nightly-bills",
  ]);
  expect(await asked("exposure", "cronjob", "nightly-ba")).toContain("nightly-backup");
  expect(await asked("exposure", "--namespace", namespace.slice(0, -2))).toContain(namespace);
  expect(await asked("access", "-n", namespace, "sa/")).toEqual(["sa/default"]);
  expect(await asked("access", "group:system:mast")).toContain("group:system:masters");
  const listed = spawnSync("kubectl", ["config", "get-contexts", "-o", "name"], { env: at.env, encoding: "utf8" });
  const contexts = listed.stdout.trim().split("\n");
  expect((await asked("exposure", "--context", "")).sort()).toEqual(contexts.sort());
  // Somebody who may list nothing is offered nothing, and told nothing.
  const { status, stdout, stderr } = spawnSync("kubectl-cronaudit", ["__complete", "--as", "nobody", "-n", ""], {
    env: at.env,
    encoding: "utf8",
  });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: ":36\n", stderr: "" });
});

test.each(SHELLS.filter(canType))("in %s, by kubectl's own script", { timeout: 120_000 }, async (shell) => {
  await makeJobs();
  const { namespace } = cluster;
  const at = installed();
  const load = {
    bash: ". /usr/share/bash-completion/bash_completion\nsource <(kubectl completion bash)",
    zsh: "source <(kubectl completion zsh)",
    fish: "kubectl completion fish | source",
  }[shell];
  const typing = await open(shell, at, load);
  const p = "kubectl cronaudit";
  await typing.shows(`${p} `, ["exposure", "snapshot", "completion"]);
  await typing.becomes(`${p} exposu`, `${p} exposure `);
  await typing.becomes(`${p} exposure --all-r`, `${p} exposure --all-readers `);
  await typing.becomes(`${p} exposure --fail-on=cr`, `${p} exposure --fail-on=critical `);
  await typing.becomes(`${p} stale cronj`, `${p} stale cronjob/`);
  await typing.becomes(
    `${p} stale --request-timeout 20s -n ${namespace} cronjob/nightly-ba`,
    `${p} stale --request-timeout 20s -n ${namespace} cronjob/nightly-backup `,
    5,
  );
  await typing.becomes(
    `${p} access --request-timeout=20s user:system:kube-sched`,
    `${p} access --request-timeout=20s user:system:kube-scheduler `,
    5,
  );
});
