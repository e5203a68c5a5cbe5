import { describe, expect, test } from "vitest";
import type { Literal } from "../../../src/model/workload.ts";
import { podWith, projected } from "./projected.ts";

const shown = (literals: Literal[]): string[] => literals.map(({ place, path, name }) => `${place} ${path} ${name}`);

describe("a pod's literals", () => {
  test("stand in variables of containers, init containers and ephemeral containers", async () => {
    const env = [
      { name: "HOST", value: "db" },
      { name: "DB_PASSWORD", value: "hunter2" },
    ];
    const extra = { initContainers: [{ name: "migrate", env }], ephemeralContainers: [{ name: "debug", env }] };
    const { object } = await projected("pods", podWith({ env }, extra));
    expect(shown(object.template.literals)).toEqual([
      "env spec.containers[0].env[1].value DB_PASSWORD",
      "env spec.initContainers[0].env[1].value DB_PASSWORD",
      "env spec.ephemeralContainers[0].env[1].value DB_PASSWORD",
    ]);
    expect(object.template.literals.map(({ field }) => field)).toEqual([
      "spec.containers[backup].env[DB_PASSWORD]",
      "spec.initContainers[migrate].env[DB_PASSWORD]",
      "spec.ephemeralContainers[debug].env[DB_PASSWORD]",
    ]);
    expect(new Set(object.template.literals.map(({ fingerprint }) => fingerprint)).size).toBe(1);
  });

  test("stand in command, args, probes and lifecycle handlers", async () => {
    const exec = { exec: { command: ["psql", "--password=hunter2"] } };
    const { object } = await projected(
      "pods",
      podWith({
        command: ["sh", "-c", "PGPASSWORD=hunter2 pg_dump"],
        args: ["--token=abcdef99"],
        livenessProbe: exec,
        readinessProbe: { httpGet: { httpHeaders: [{ name: "Authorization", value: "Bearer abcdefghij0123456789" }] } },
        lifecycle: { preStop: exec },
      }),
    );
    expect(shown(object.template.literals)).toEqual([
      "args spec.containers[0].command[2] PGPASSWORD",
      "args spec.containers[0].args[0] --token",
      "args spec.containers[0].livenessProbe.exec.command[1] --password",
      "args spec.containers[0].readinessProbe.httpGet.httpHeaders[0].value Authorization",
      "args spec.containers[0].lifecycle.preStop.exec.command[1] --password",
    ]);
  });

  test("stand in the paths of probes", async () => {
    const livenessProbe = { httpGet: { path: "/health?verbose&api_key=abcdef123456", port: 80 } };
    const startupProbe = { httpGet: { path: "/health?verbose", port: 80 } };
    const readinessProbe = { httpGet: { path: "/?db=postgres%3A%2F%2Fapp%3Ahunter2x%40h%2Fx", port: 80 } };
    const encoded = await projected("pods", podWith({ readinessProbe }));
    expect(shown(encoded.object.template.literals)).toHaveLength(1);
    const { object } = await projected("pods", podWith({ livenessProbe, startupProbe }));
    expect(shown(object.template.literals)).toEqual([
      "args spec.containers[0].livenessProbe.httpGet.path httpGet.path",
    ]);
    expect(object.template.literals[0]).toMatchObject({
      field: "spec.containers[backup].livenessProbe.httpGet.path",
      container: "backup",
      kind: "secret-key",
    });
  });

  test("stand in volumes: what drivers get, and what is cloned", async () => {
    const volumes = [
      { name: "a", csi: { driver: "d", volumeAttributes: { share: "x", password: "hunter2" } } },
      { name: "b", flexVolume: { driver: "d", options: { password: "hunter2", readOnly: "true" } } },
      { name: "c", gitRepo: { repository: "https://bot:hunter2@git.example.com/x.git", revision: "main" } },
      { name: "d", secret: { secretName: "password", items: [{ key: "password", path: "password" }] } },
    ];
    const { object } = await projected("pods", podWith({}, { volumes }));
    expect(shown(object.template.literals)).toEqual([
      "args spec.volumes[0].csi.volumeAttributes[password] password",
      "args spec.volumes[1].flexVolume.options[password] password",
      "args spec.volumes[2].gitRepo.repository repository",
    ]);
    expect(object.template.literals.map(({ field }) => field)).toEqual([
      "spec.volumes[a].csi.volumeAttributes[password]",
      "spec.volumes[b].flexVolume.options[password]",
      "spec.volumes[c].gitRepo.repository",
    ]);
    expect(object.template.literals.map(({ container }) => container)).toEqual([null, null, null]);
    expect(new Set(object.template.literals.map(({ fingerprint }) => fingerprint)).size).toBe(1);
  });

  test("of one password share a fingerprint, whatever surrounds it", async () => {
    const { object } = await projected(
      "pods",
      podWith({
        env: [
          { name: "DB_PASSWORD", value: "p@ss" },
          { name: "URL", value: "postgres://u:p%40ss@db" },
        ],
        args: ["--password", "p@ss"],
      }),
    );
    expect(object.template.literals).toHaveLength(3);
    expect(new Set(object.template.literals.map(({ fingerprint }) => fingerprint)).size).toBe(1);
    expect(object.template.literals[0]?.fingerprint).toMatch(/^[0-9a-f]{32}$/);
  });

  test("are not what refers to a variable", async () => {
    const { object } = await projected(
      "pods",
      podWith({
        env: [
          { name: "FROM_SECRET", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
          { name: "URL", value: "postgres://u:$(FROM_SECRET)@db" },
          { name: "DB_PASSWORD", value: "hunter2" },
          { name: "DSN", value: "postgres://u:$(DB_PASSWORD)@db" },
        ],
        command: ["psql", "--password=$(DB_PASSWORD)", "--token=$(FROM_SECRET)"],
        livenessProbe: { exec: { command: ["psql", "--password=$(DB_PASSWORD)"] } },
      }),
    );
    expect(shown(object.template.literals)).toEqual(["env spec.containers[0].env[2].value DB_PASSWORD"]);
  });

  test("are found where only the reference shows what a variable is", async () => {
    const container = { env: [{ name: "P", value: "hunter2" }], args: ["--password=$(P)"] };
    const { object } = await projected("pods", podWith(container));
    expect(shown(object.template.literals)).toEqual(["args spec.containers[0].args[0] --password"]);
  });

  test("stand in termination messages, current and previous", async () => {
    const terminated = { terminated: { message: "login failed: postgres://u:hunter2@db/x" } };
    const status = { containerStatuses: [{ name: "backup", state: terminated, lastState: terminated }] };
    const { object } = await projected("pods", podWith({}, {}, { status }));
    expect(shown(object.messageLiterals)).toEqual([
      "termination-message status.containerStatuses[0].state.terminated.message message",
      "termination-message status.containerStatuses[0].lastState.terminated.message message",
    ]);
  });
});

describe("annotations", () => {
  const template = { metadata: { annotations: { "example.com/token": "abcdefgh12345678" } }, spec: { containers: [] } };
  const lastApplied = (manifest: object): object => ({
    "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify(manifest),
  });

  test("last-applied-configuration is read as the object it is", async () => {
    const env = [{ name: "DB_PASSWORD", value: "hunter2" }];
    const spec = { jobTemplate: { spec: { template: { spec: { containers: [{ name: "backup", env }] } } } } };
    const annotations = lastApplied({ kind: "CronJob", spec });
    const { object } = await projected("cronjobs", { metadata: { name: "c", annotations }, spec });
    const at = "metadata.annotations[kubectl.kubernetes.io/last-applied-configuration]";
    expect(shown(object.annotationLiterals)).toEqual([
      `annotation ${at}.spec.jobTemplate.spec.template.spec.containers[0].env[0].value DB_PASSWORD`,
    ]);
    expect(object.annotationLiterals[0]).toMatchObject({ field: at, container: "backup" });
    expect(object.annotationLiterals[0]?.fingerprint).toBe(object.job.template.literals[0]?.fingerprint);
  });

  test("a manifest's own keys show in the path as far as they are known words, and else as their number", async () => {
    const manifest = { kind: "Widget", spec: { acmeThing: { settings: { password: "hunter2" } } } };
    const { object } = await projected("jobs", { metadata: { name: "j", annotations: lastApplied(manifest) } });
    const at = "metadata.annotations[kubectl.kubernetes.io/last-applied-configuration]";
    expect(shown(object.annotationLiterals)).toEqual([`annotation ${at}.spec[#0].settings.password password`]);
  });

  test("every value of a Secret's manifest is a credential", async () => {
    const data = { user: Buffer.from("alice").toString("base64"), "x.yaml": Buffer.from("a: b").toString("base64") };
    const secret = { kind: "Secret", metadata: { name: "db" }, data, stringData: { k: "v" } };
    const annotations = lastApplied({ kind: "List", items: [secret] });
    const { object } = await projected("jobs", { metadata: { name: "j", annotations } });
    expect(object.annotationLiterals.map(({ name, confidence }) => `${name} ${confidence}`)).toEqual([
      "db/user certain",
      "db/x.yaml certain",
      "db/k certain",
    ]);
  });

  test("of templates count too, under a field of their own", async () => {
    const jobTemplate = { metadata: { annotations: { "example.com/password": "hunter2" } }, spec: { template } };
    const { object } = await projected("cronjobs", { metadata: { name: "c" }, spec: { jobTemplate } });
    expect(object.annotationLiterals.map(({ path, field }) => [path, field])).toEqual([
      [
        "spec.jobTemplate.metadata.annotations[example.com/password]",
        "jobTemplate.metadata.annotations[example.com/password]",
      ],
      [
        "spec.jobTemplate.spec.template.metadata.annotations[example.com/token]",
        "template.metadata.annotations[example.com/token]",
      ],
    ]);
  });

  test("keep their value only where Kubernetes wrote it", async () => {
    const annotations = {
      "batch.kubernetes.io/cronjob-scheduled-timestamp": "2026-11-22T05:00:00Z",
      note: "free text",
    };
    const { object } = await projected("jobs", { metadata: { name: "j", annotations } });
    expect(object.meta.annotations).toEqual({
      "batch.kubernetes.io/cronjob-scheduled-timestamp": "2026-11-22T05:00:00Z",
    });
  });

  test("of Secrets are dropped but for the account of a token", async () => {
    const annotations = {
      ...lastApplied({ kind: "Secret", stringData: { k: "v" } }),
      "kubernetes.io/service-account.name": "sa",
    };
    const { object } = await projected("secrets", {
      metadata: { name: "s", annotations },
      data: { k: "dg==" },
      type: "Opaque",
    });
    expect(object).toMatchObject({
      type: "Opaque",
      meta: { annotations: { "kubernetes.io/service-account.name": "sa" } },
    });
    expect(Object.keys(object)).toEqual(["kind", "meta", "type"]);
    expect(Object.keys(object.meta.annotations)).toHaveLength(1);
  });
});
