import { generateKeyPairSync, sign } from "node:crypto";
import { bits, integer, oid, sequence, set, tagged, utf8 } from "../../faults/der.ts";

/** Makes a PKCS#10 request for a certificate of this common name, with its key, both PEM. */
export function certificateRequest(commonName: string): { request: string; key: string } {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const body = sequence(
    integer(Buffer.from([0])),
    sequence(set(sequence(oid("2.5.4.3"), utf8(commonName)))),
    publicKey.export({ type: "spki", format: "der" }),
    tagged(0, Buffer.alloc(0)),
  );
  const der = sequence(body, sequence(oid("1.2.840.10045.4.3.2")), bits(sign("sha256", body, privateKey)));
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return {
    request: `-----BEGIN CERTIFICATE REQUEST-----\n${lines.join("\n")}\n-----END CERTIFICATE REQUEST-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}
