import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { actAs, must, pathOf, waitFor } from "../control-plane/act.ts";
import { clearCast, loadCast, loadDeveloperView } from "../control-plane/cast/index.ts";
import { Canaries, formsOf } from "../control-plane/cast/values.ts";
import { podAnnotations } from "../control-plane/pod-annotations.ts";
import type { ControlPlane } from "../control-plane/provider.ts";
import { useCluster } from "../control-plane/test.ts";
import { cronaudit, type Run } from "./program.ts";

const cluster = useCluster({ needs: ["edit-etcd"] });
const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** Containers whose arguments hold a secret joined to an option, to a word that names one, or as an option's own name. */
function joined(secret: () => string): object[] {
  const image = "registry.example.com/job:1";
  const named = (word: string) => `${secret()}${word}`;
  const lines: Record<string, { command?: string[]; args: string[] }> = {
    mysql: { command: ["mysqldump", "-uroot", `-p${secret()}`], args: ["mydb"] },
    "mysql-named": { command: ["mysqldump", "-uroot", `-p${named("Password")}`], args: ["mydb"] },
    "mysql-assigned": { command: ["mysql", `-p${named("pw")}=1`], args: [`-pMy${named("Token")}`, "mydb"] },
    sshpass: { command: ["sshpass", `-p${named("Password1")}`, "ssh", "-p", "22"], args: [`-p${secret()}`, "h"] },
    archive: { command: ["7z", `-p${named("ArchivePassword")}`, "x"], args: ["a.7z", `-p${named("-pw")}`, "b"] },
    cassandra: { command: ["cqlsh", `-p${named("_token")}`, "h"], args: [] },
    "no-program": {
      args: [`-p${named("Password")}`, "mydb", `-P${named(".password")}=1`, `-x${named("Secret")}`, "y"],
    },
    options: {
      args: [`--opt${secret()}=1`, `--opt${named("-password")}=hunter22`, `--${named("token")}`, "abcdef123456"],
    },
    assignments: { args: [`${named("_PASSWORD")}=x9`, "--password", `${named("Password")}=1`, `--x=${secret()}=1`] },
    document: { args: [`{"${named("Token")}":"abcdef123456","${secret()}":{"password":"hunter22"}}`] },
    script: {
      command: ["sh", "-ec"],
      args: [
        `mysql -p${named("Password")} db; sshpass -p'${named("pw")}' ssh h\n${named("_TOKEN")}=abcdef12 x -p${named("Pw")} y`,
      ],
    },
    places: {
      command: [
        "sh",
        "-c",
        `mc alias set s3 https://h AKEY ${secret()}; aws configure set aws_secret_access_key ${secret()}`,
      ],
      args: [],
    },
  };
  return Object.entries(lines).map(([name, line]) => ({ name, image, ...line }));
}

/** A CronJob, a finished Job with its pod and a running pod that hold a canary wherever a text of somebody's may stand. */
async function carryEverywhere(plane: ControlPlane, namespace: string, canaries: Canaries): Promise<void> {
  const secret = () => canaries.password();
  const probe = () => ({
    exec: { command: ["sh", "-c", `check --token=${secret()}`, secret(), `-p${secret()}Password`] },
  });
  const httpProbe = () => ({ httpGet: { path: `/?api_key=${secret()}&x=${secret()}Token=1`, port: 80 } });
  const container = (name: string) => ({
    name,
    image: "registry.example.com/job:1",
    command: ["sh", "-c", `PGPASSWORD=${secret()} pg_dump -U x; curl -u admin:${secret()} https://h/`],
    args: ["--password", secret(), `--api-key=${secret()}`, `postgres://u:${secret()}@db/x`, secret()],
    env: [
      { name: "DB_PASSWORD", value: secret() },
      { name: "DATABASE_URL", value: `postgres://user:${secret()}@db.example.com/orders` },
      { name: "STRIPE_KEY", value: canaries.stripeKey() },
      { name: "NOTE", value: secret() },
      { name: "GREETING", value: `hello $(NOTE) $$(NOTE) ${secret()}` },
      { name: "WRAPPED", value: Buffer.from(`password=${secret()}`).toString("base64") },
      { name: "TOKENS", value: `{"${secret()}":"admin","${secret()}Password":"x9x9x9"}` },
      { name: "DSN", value: `app:${secret()}@tcp(db:3306)/app` },
      { name: "KEY_PEM", value: `-----BEGIN PRIVATE KEY-----\n${secret()}\n-----END PRIVATE KEY-----` },
    ],
  });
  const template = () => ({
    metadata: {
      labels: { "example.com/api-token": secret() },
      annotations: {
        "example.com/api-token": secret(),
        "example.com/remark": `the password is ${secret()}`,
        [podAnnotations.terminationMessage]: `failed with password=${secret()}`,
        [podAnnotations.runFor]: "0s",
      },
    },
    spec: {
      restartPolicy: "Never",
      nodeName: "rig-0",
      initContainers: [container("prepare")],
      containers: [container("main"), ...joined(secret)],
      volumes: [{ name: "shared", csi: { driver: "csi.example.com", volumeAttributes: { password: secret() } } }],
    },
  });
  const job = { template: template() };
  await must(plane, "POST", pathOf("Job", namespace), {
    metadata: { name: "carrier", annotations: { "example.com/token": secret() } },
    spec: { ...job, backoffLimit: 0 },
  });
  await must(plane, "POST", pathOf("CronJob", namespace), {
    metadata: { name: "carrier", annotations: { "example.com/password": secret() } },
    spec: {
      schedule: "0 0 1 1 *",
      suspend: true,
      jobTemplate: { metadata: { labels: { password: secret() } }, spec: job },
    },
  });
  const running = template();
  running.metadata.annotations[podAnnotations.runFor] = "forever";
  const [main] = running.spec.containers;
  const preStop = { exec: { command: ["notify", "--token", secret()] } };
  Object.assign(main!, {
    lifecycle: { preStop },
    livenessProbe: probe(),
    readinessProbe: probe(),
    startupProbe: httpProbe(),
  });
  await must(plane, "POST", pathOf("Pod", namespace), {
    metadata: { name: "running", ...running.metadata },
    spec: running.spec,
  });
  await must(plane, "PATCH", pathOf("Pod", namespace, "running", "ephemeralcontainers"), {
    spec: {
      ephemeralContainers: [
        { name: "debug", image: "busybox:1", env: [{ name: "TOKEN", value: secret() }], args: [secret()] },
      ],
    },
  });
  await applySecret(plane, namespace, canaries);
  await waitFor("the Job to finish", async () =>
    Boolean((await must(plane, "GET", pathOf("Job", namespace, "carrier")))["status"].completionTime),
  );
}

/** A Secret that kubectl applied from stringData: its last-applied annotation carries the value, in a metadata list too. */
async function applySecret(plane: ControlPlane, namespace: string, canaries: Canaries): Promise<void> {
  const manifest = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "applied", namespace, annotations: { "example.com/hint": canaries.password() } },
    stringData: { password: canaries.password() },
  };
  const { status, stderr } = spawnSync(plane.kubectl, ["--kubeconfig", plane.adminKubeconfig, "apply", "-f", "-"], {
    input: JSON.stringify(manifest),
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`kubectl apply: ${stderr}`);
}

/** Where one of the canaries shows in a text, by its number and form; never the canary itself. */
function leaks(text: string, canaries: string[], where: string): string[] {
  const lower = text.toLowerCase();
  return canaries.flatMap((canary, number) =>
    formsOf(canary).flatMap((form, i) => {
      // A third of it is a leak as well: a prefix, a masked middle.
      const part = form.slice(0, Math.max(8, Math.floor(form.length / 3))).toLowerCase();
      return lower.includes(part) ? [`${where}: canary ${String(number)}, form ${String(i)}`] : [];
    }),
  );
}

const REPORTS = [[], ["exposure"], ["stale"], ["access"]];
const FORMATS = ["table", "wide", "json", "yaml", "name"];

it("no command, format, snapshot, log or error writes any part of a secret value", { timeout: 300_000 }, async () => {
  const { plane, namespace } = cluster;
  const own = new Canaries();
  await carryEverywhere(plane, namespace, own);
  const cast = await loadCast(plane);
  const team = await loadDeveloperView(plane);
  const actor = await actAs(plane, namespace, "default");
  const canaries = [...own.all, ...cast.canaries, ...team.canaries, actor.token.split(".")[2]!];
  expect(canaries.length).toBeGreaterThan(40);

  const folder = await mkdtemp(join(tmpdir(), "cronaudit-canary-"));
  folders.push(folder);
  const found: string[] = [];
  let bytes = 0;
  const search = (text: string, where: string): void => {
    bytes += text.length;
    found.push(...leaks(text, canaries, where));
  };
  const run = async (kubeconfig: string, args: string[], statuses: number[]): Promise<Run> => {
    const done = await cronaudit(kubeconfig, args);
    expect(statuses, `${args.join(" ")}: ${done.stderr}`).toContain(done.status);
    search(done.stdout, `${args.join(" ")} stdout`);
    search(done.stderr, `${args.join(" ")} stderr`);
    return done;
  };

  const admin = plane.adminKubeconfig;
  for (const verb of REPORTS) {
    for (const format of FORMATS) await run(admin, [...verb, "-o", format], [0]);
  }
  await run(admin, ["--all", "--all-readers"], [0]);
  await run(admin, ["exposure", "--all", "--all-readers", "-o", "json"], [0]);
  await run(admin, ["-v8", "--list-secrets"], [0]);
  await run(await actor.kubeconfig(), ["-v8"], [3]);
  await run(team.kubeconfig, ["exposure", "-o", "json", "-v8"], [3]);
  await run(admin, ["exposure", "pod/running", "-n", namespace, "-o", "json"], [0]);

  // Snapshots, and every report from them.
  const file = join(folder, "snapshot.jsonl");
  await run(admin, ["snapshot", file, "--plain", "--list-secrets", "-v8"], [0]);
  search(await readFile(file, "utf8"), "snapshot");
  await run(admin, ["exposure", "-f", file, "-o", "json", "--all"], [0, 3]);

  // Dumps that people made with kubectl, Secrets and all; whole, and cut off in the middle.
  for (const format of ["json", "yaml"]) {
    const { stdout } = spawnSync(
      plane.kubectl,
      ["--kubeconfig", admin, "get", "cronjobs,jobs,pods,secrets,serviceaccounts", "-A", "-o", format],
      { encoding: "utf8", maxBuffer: 1 << 28 },
    );
    expect(leaks(stdout, canaries, "dump").length, "the dump itself holds the canaries").toBeGreaterThan(20);
    const dump = join(folder, `dump.${format}`);
    await writeFile(dump, stdout);
    for (const verb of REPORTS) await run(admin, [...verb, "-f", dump, "-o", "json"], [0, 3]);
    await writeFile(dump, stdout.slice(0, stdout.length * 0.7));
    await run(admin, ["exposure", "-f", dump], [0, 2, 3]);
    await writeFile(dump, stdout.replaceAll('"', "'{").replaceAll(": ", " : ["));
    await run(admin, ["exposure", "-f", dump], [0, 2, 3]);
  }

  expect(found).toEqual([]);
  expect(bytes).toBeGreaterThan(500_000);
  await clearCast(plane);
});
