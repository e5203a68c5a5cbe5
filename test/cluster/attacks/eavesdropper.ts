import { once } from "node:events";
import { createServer } from "node:https";
import { text } from "node:stream/consumers";
import type { AddressInfo } from "node:net";
import { waitFor } from "../../control-plane/act.ts";
import type { Stored } from "../../control-plane/story.ts";
import { makeCertificate } from "../../faults/certificate.ts";

/** An admission webhook on loopback that lets everything pass and keeps what it was shown. */
export interface Eavesdropper {
  clientConfig: { url: string; caBundle: string };
  /** Has somebody write until an object is heard of; the API server takes a moment to read its configuration. */
  heard(write: (round: number) => Promise<void>): Promise<Stored>;
  close(): Promise<void>;
}

/** Starts one with a certificate of its own. */
export async function eavesdrop(): Promise<Eavesdropper> {
  const { certificate, key } = makeCertificate({ name: "eavesdropper", hosts: ["127.0.0.1"] });
  let seen: Stored | null = null;
  const server = createServer({ cert: certificate, key }, (request, response) => {
    void text(request).then((body) => {
      const review = JSON.parse(body).request;
      seen = review.object;
      response.setHeader("content-type", "application/json");
      const answer = { uid: review.uid, allowed: true };
      response.end(JSON.stringify({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", response: answer }));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    clientConfig: { url: `https://127.0.0.1:${port}/`, caBundle: Buffer.from(certificate).toString("base64") },
    heard: (write) => {
      let round = 0;
      return waitFor("the webhook to be called", async () => {
        await write(round++);
        return seen;
      });
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
