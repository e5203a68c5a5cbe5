import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ControlPlane } from "../../control-plane/provider.ts";

/** The ConfigMap that all containers get, with a value in every shape that is looked into, and some in none. */
export function applySettings(plane: ControlPlane, namespace: string, secret: () => string): void {
  apply(plane, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "settings", namespace, annotations: { "example.com/token": secret() } },
    data: {
      DB_PASSWORD: secret(),
      note: secret(),
      url: `postgres://u:${secret()}@db/x`,
      "app.properties": `db.password=${secret()}\nremark=${secret()}\n`,
      "config.json": `{"${secret()}":{"password":"${secret()}"},"list":["${secret()}"]}`,
      "config.yaml": `smtp:\n  password: ${secret()}\n  note: [${secret()}\n`,
      "key.pem": `-----BEGIN PRIVATE KEY-----\n${secret()}\n-----END PRIVATE KEY-----\n`,
    },
    binaryData: { blob: Buffer.from(`password=${secret()}`).toString("base64") },
  });
}

/** What the fake node serves as the log of every container. */
export async function printToLogs(plane: ControlPlane, secret: () => string): Promise<void> {
  const lines = [
    `PGPASSWORD=${secret()}`,
    `connecting to postgres://u:${secret()}@db/x`,
    `{"level":"debug","password":"${secret()}","${secret()}":1}`,
    `> Authorization: Bearer ${secret()}`,
    `+ curl -u admin:${secret()} --token ${secret()} https://h/`,
    `the password is ${secret()}`,
    secret(),
    `password=${"x".repeat(70_000)}${secret()}`,
  ];
  const text = lines.map((line, second) => `2026-01-02T03:04:0${String(second)}.5Z stdout F ${line}\n`).join("");
  await writeFile(join(plane.directory, "container.log"), text);
}

/** As kubectl applies it, annotation and all. */
export function apply(plane: ControlPlane, manifest: object): void {
  const { status, stderr } = spawnSync(plane.kubectl, ["--kubeconfig", plane.adminKubeconfig, "apply", "-f", "-"], {
    input: JSON.stringify(manifest),
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`kubectl apply: ${stderr}`);
}
