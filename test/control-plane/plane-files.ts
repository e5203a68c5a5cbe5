import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { makeCertificate } from "../faults/certificate.ts";
import { writeKubeconfig } from "./kubeconfig.ts";
import { clientCaOf, kubeletClientOf } from "./plane-file.ts";
import type { PlaneFile } from "./plane-file.ts";
import { tokenFile } from "./users.ts";

const writes = ["create", "update", "patch", "delete", "deletecollection"];

/**
 * Bodies are logged for writes only: with the bodies of lists, a few lists of 50,000 pods write gigabytes.
 */
const auditPolicy = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived"],
  rules: [
    {
      level: "RequestResponse",
      verbs: writes,
      resources: [{ group: "batch" }, { group: "", resources: ["pods", "pods/*"] }],
    },
    { level: "Metadata" },
  ],
};

/** One log serves every container, in the CRI's log format, which the kubelet's reader expects. */
function containerLog(at: Date): string {
  return ["starting", "working", "done"]
    .map((text, second) => `${new Date(at.getTime() + second * 1000).toISOString()} stdout F ${text}\n`)
    .join("");
}

function kwokConfig(directory: string): string {
  const logs = {
    apiVersion: "kwok.x-k8s.io/v1alpha1",
    kind: "ClusterLogs",
    metadata: { name: "every-container" },
    spec: {
      logs: [{ logsFile: join(directory, "container.log"), previousLogsFile: join(directory, "container.log") }],
    },
  };
  return `${readFileSync(join(import.meta.dirname, "kwok", "stages.yaml"), "utf8")}---\n${stringify(logs)}`;
}

/** Writes everything the programs of a plane read: keys, tokens, kubeconfigs, policies, stages. */
export function writePlaneFiles(plane: PlaneFile): void {
  const { directory } = plane;
  for (const name of ["certs", "kubeconfigs", "logs"]) mkdirSync(join(directory, name));
  const write = (name: string, text: string) => writeFileSync(join(directory, name), text, { mode: 0o600 });
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  write("sa.pub", publicKey.export({ type: "spki", format: "pem" }).toString());
  write("sa.key", privateKey.export({ type: "pkcs1", format: "pem" }).toString());
  const authority = makeCertificate({ name: "rig-client-ca", authority: true });
  writeFileSync(clientCaOf(plane).certificate, authority.certificate, { mode: 0o600 });
  writeFileSync(clientCaOf(plane).key, authority.key, { mode: 0o600 });
  const client = makeCertificate({ name: "kube-apiserver", organization: "system:masters", issuer: authority });
  writeFileSync(kubeletClientOf(plane).certificate, client.certificate, { mode: 0o600 });
  writeFileSync(kubeletClientOf(plane).key, client.key, { mode: 0o600 });
  write("tokens.csv", tokenFile(plane.users));
  write("audit-policy.yaml", stringify(auditPolicy));
  write("container.log", containerLog(new Date()));
  write("kwok.yaml", kwokConfig(directory));
  writeKubeconfig(plane, "admin", plane.users.admin);
  writeKubeconfig(plane, "controller-manager", plane.users.controllerManager);
  writeKubeconfig(plane, "kwok", plane.users.kwok);
}
