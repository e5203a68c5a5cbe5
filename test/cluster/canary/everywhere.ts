import { must, pathOf } from "../../control-plane/act.ts";
import type { Canaries } from "../../control-plane/cast/values.ts";
import { podAnnotations } from "../../control-plane/pod-annotations.ts";
import type { ControlPlane } from "../../control-plane/provider.ts";
import { joined } from "./command-lines.ts";
import { finished, leavePast } from "./past.ts";
import { apply, applySettings, printToLogs } from "./settings.ts";

/** A CronJob, a finished Job with its pod and a running pod that hold a canary wherever a text of somebody's may stand. */
export async function carryEverywhere(plane: ControlPlane, namespace: string, canaries: Canaries): Promise<void> {
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
      { name: "FROM_MAP", valueFrom: { configMapKeyRef: { name: "settings", key: "note" } } },
      { name: "KEY_PEM", value: `-----BEGIN PRIVATE KEY-----\n${secret()}\n-----END PRIVATE KEY-----` },
    ],
    envFrom: [{ configMapRef: { name: "settings" } }],
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
      volumes: [
        { name: "shared", csi: { driver: "csi.example.com", volumeAttributes: { password: secret() } } },
        { name: "settings", configMap: { name: "settings" } },
        { name: "both", projected: { sources: [{ configMap: { name: "settings" } }] } },
      ],
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
  // Its last-applied annotation carries the value, in a metadata list too.
  apply(plane, {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "applied", namespace, annotations: { "example.com/hint": secret() } },
    stringData: { password: secret() },
  });
  applySettings(plane, namespace, secret);
  await printToLogs(plane, secret);
  await leavePast(plane, namespace, secret);
  await finished(plane, namespace, "carrier");
}
