import { spawnSync } from "node:child_process";
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readEvidence } from "../../../../src/evidence/file.ts";
import type { Snapshot } from "../../../../src/model/snapshot.ts";
import { evidence, run } from "../../../cli/run.ts";
import { temporary } from "../../../cli/temporary.ts";

const root = join(import.meta.dirname, "../../../..");

/** The words that the program answers with; it must end well, and say nothing else. */
async function words(argv: string[], env: Record<string, string> = {}): Promise<string[]> {
  const { stdout, stderr, exit } = await run(["__complete-quoting", ...argv], { env });
  expect({ stderr, exit }).toEqual({ stderr: "", exit: 0 });
  const lines = stdout.split("\n");
  expect(lines.pop()).toBe("");
  expect(lines.pop()).toMatch(/^:\d+$/);
  return lines.map((line) => line.split("\t")[0]!);
}

const files = ["database.yaml", "pods-only.json", "hostile.json", "../../../examples/threat-model.jsonl"];

describe.each(files)("the names in %s are those that reports find there", (file) => {
  const read = (): Promise<Snapshot> =>
    readEvidence({ path: join(evidence, file) }, { now: new Date(), toolVersion: "", fingerprintKey: null });
  const distinct = (names: (string | null)[]): string[] =>
    [...new Set(names)].filter((name) => name !== null && /^[\w.:/-]+$/.test(name)).sort() as string[];
  const plain = (found: string[]): string[] => found.filter((word) => /^[\w.:/-]+$/.test(word)).sort();

  test("objects, accounts, namespaces and Secrets", async () => {
    const { cronjobs, jobs, pods, serviceaccounts, namespaces, secrets, ...rest } = await read();
    const templates = [
      ...cronjobs.map(({ meta, job }) => ({ meta, template: job.template })),
      ...jobs.map(({ meta, spec }) => ({ meta, template: spec.template })),
      ...pods,
    ];
    const names = (objects: { meta: { name: string } }[]): string[] => distinct(objects.map(({ meta }) => meta.name));
    expect(plain(await words(["exposure", "-f", file, "cronjob", ""]))).toEqual(names(cronjobs));
    expect(plain(await words(["exposure", "-f", file, "job", ""]))).toEqual(names(jobs));
    expect(plain(await words(["exposure", "-f", file, "pod", ""]))).toEqual(names(pods));
    const used = templates.map(({ template }) => template.serviceAccountName).filter((name) => name !== "");
    const accounts = await words(["access", "-f", file, "sa", ""]);
    // Where a pod names none it is `default`, which only the projection adds.
    expect([...new Set([...accounts, "default"])].sort()).toEqual(
      distinct([...names(serviceaccounts), ...used, "default"]),
    );
    const { roles, rolebindings, configmaps } = rest;
    const placed = [...templates, ...serviceaccounts, ...roles, ...rolebindings, ...configmaps];
    const places = [...names(namespaces), ...placed.map(({ meta }) => meta.namespace)];
    expect(plain(await words(["-f", file, "-n", ""]))).toEqual(expect.arrayContaining(distinct(places)));
    const mentioned = templates.flatMap(({ meta, template }) =>
      template.secretReferences.map(({ secret }) => `${meta.namespace ?? ""}/${secret}`),
    );
    const all = [...mentioned, ...secrets.map(({ meta }) => `${meta.namespace ?? ""}/${meta.name}`)];
    expect(plain(await words(["access", "-f", file, "--secret", ""]))).toEqual(distinct(all));
  });

  test("with -n those of one namespace", async () => {
    const { pods, cronjobs } = await read();
    const all = [...pods, ...cronjobs];
    const namespace = all[0]?.meta.namespace ?? "none";
    const here = all.filter(({ meta }) => meta.namespace === namespace).map(({ meta }) => meta.name);
    expect(plain(await words(["exposure", "-f", file, "-n", namespace, "pod,cj", ""]))).toEqual(distinct(here));
  });
});

test("no terminal command and no value from a hostile file, in either protocol", async () => {
  for (const protocol of ["__complete", "__complete-quoting"]) {
    for (const words of [["pod", ""], ["cronjob", ""], ["job", ""], ["-n", ""], ["--secret", ""], ["user:"], ["sa/"]]) {
      const { stdout } = await run([protocol, "access", "-f", "hostile.json", ...words]);
      expect(stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e]|kX9-canary/);
    }
  }
});

test("contexts, clusters and users of the kubeconfig that the line names", async () => {
  const folder = temporary();
  const config = (name: string): string => {
    const path = join(folder, name);
    const contexts = [{ name, context: { cluster: `${name}-c`, user: `${name}-u`, namespace: "n" } }];
    const clusters = [{ name: `${name}-c`, cluster: { server: "https://x.test" } }];
    writeFileSync(
      path,
      JSON.stringify({ apiVersion: "v1", contexts, clusters, users: [{ name: `${name}-u`, user: {} }] }),
    );
    return path;
  };
  const env = { KUBECONFIG: `${config("one")}:${config("two")}` };
  expect(await words(["--context", ""], env)).toEqual(["one", "two"]);
  expect(await words(["--cluster", ""], env)).toEqual(["one-c", "two-c"]);
  expect(await words(["--user="], env)).toEqual(["one-u", "two-u"]);
  expect(await words(["--kubeconfig", config("three"), "--context", ""], env)).toEqual(["three"]);
  expect(await words(["--kubeconfig", "/nowhere", "--context", ""], env)).toEqual([]);
});

test("a kubeconfig that is a pipe is not waited for", () => {
  const pipe = join(temporary(), "pipe");
  spawnSync("mkfifo", [pipe]);
  for (const [flag, env] of [
    [["--kubeconfig", pipe], {}],
    [[], { KUBECONFIG: `/nowhere:${pipe}` }],
  ] as const) {
    for (const last of ["--context", "-n"]) {
      // In a process of its own: a read that waits would hold this one as well.
      const argv = [join(root, "bin/kubectl-cronaudit.js"), "__complete", "exposure", ...flag, last, ""];
      // What waits in a read notices no other signal.
      const limits = { timeout: 15_000, killSignal: "SIGKILL" } as const;
      const { status, stdout, stderr } = spawnSync(process.execPath, argv, { env, ...limits, encoding: "utf8" });
      expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: ":36\n", stderr: "" });
    }
  }
});

test("files that are none, or no evidence, name nothing", async () => {
  const folder = temporary();
  writeFileSync(join(folder, "broken"), "{");
  writeFileSync(join(folder, "large"), `[${" ".repeat(5_000_000)}]`);
  writeFileSync(join(folder, "yaml"), `a: ${"b".repeat(300_000)}`);
  for (const file of [
    "/nowhere",
    folder,
    "/dev/zero",
    "-",
    ...["broken", "large", "yaml"].map((one) => join(folder, one)),
  ]) {
    expect(await words(["exposure", "-f", file, "cronjob/"])).toEqual([]);
  }
});

test("whatever is typed, it ends well and is silent", { timeout: 120_000 }, async () => {
  const word = fc.oneof(
    fc.constantFrom(
      "exposure",
      "replay",
      "help",
      "--",
      "-",
      "-o",
      "--class",
      "-f",
      "cronjob",
      "sa/",
      "user:",
      "--secret",
    ),
    fc.string({ unit: "binary", maxLength: 8 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 6 }), async (typed) => {
      await words(typed, { KUBECONFIG: "/nonexistent" });
    }),
    { numRuns: 100 },
  );
});

test("by the name that kubectl looks for it is completion alone", () => {
  const link = join(temporary(), "kubectl_complete-cronaudit");
  symlinkSync(join(root, "bin/kubectl-cronaudit.js"), link);
  const { stdout, stderr, status } = spawnSync(process.execPath, [link, "exposure", "--fail-on=c"], {
    encoding: "utf8",
  });
  expect({ stdout, stderr, status }).toEqual({ stdout: "critical\n:36\n", stderr: "", status: 0 });
});

test("verbs, flags and scripts load neither the client nor the parser nor any judgement", () => {
  const hook = `import { registerHooks } from "node:module";
    registerHooks({ load(url, context, next) { process._rawDebug(url); return next(url, context); } });`;
  for (const argv of [
    ["__complete", ""],
    ["__complete", "exposure", "--"],
    ["completion", "bash"],
  ]) {
    const { stderr, status } = spawnSync(
      process.execPath,
      ["--import", `data:text/javascript,${encodeURIComponent(hook)}`, "bin/kubectl-cronaudit.js", ...argv],
      { encoding: "utf8", cwd: root, env: { PATH: process.env["PATH"] } },
    );
    expect(status).toBe(0);
    const loaded = stderr.split("\n").filter((line) => line.startsWith("file:"));
    expect(loaded.length).toBeGreaterThan(20);
    expect(
      loaded.filter((url) => /client-node|undici|\/src\/(?:cluster|evidence|rbac|exposure|scenarios)\//.test(url)),
    ).toEqual([]);
    if (argv[0] === "__complete") expect(loaded.filter((url) => /yargs/.test(url))).toEqual([]);
  }
});
