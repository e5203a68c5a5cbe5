import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { isIP } from "node:net";
import { bits, boolean, integer, octets, oid, sequence, set, tagged, time, utf8 } from "./der.ts";

/** A certificate made for one test run; nothing of it is kept. */
export interface Made {
  name: string;
  /** PEM. */
  certificate: string;
  /** PKCS#8 PEM. */
  key: string;
  privateKey: KeyObject;
}

interface Wanted {
  name: string;
  /** Host names and IP addresses; none for an authority or a client. */
  hosts?: string[];
  organization?: string;
  notBefore?: Date;
  notAfter?: Date;
  authority?: boolean;
  /** Itself when absent. */
  issuer?: Made;
}

const DAY = 86_400_000;
const ECDSA_SHA256 = sequence(oid("1.2.840.10045.4.3.2"));

/** Makes an X.509 v3 certificate with a P-256 key: Node can sign but not make certificates. */
export function makeCertificate(wanted: Wanted): Made {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const subject = distinguishedName(wanted.name, wanted.organization);
  const issuer = wanted.issuer === undefined ? subject : distinguishedName(wanted.issuer.name, undefined);
  const notBefore = wanted.notBefore ?? new Date(Date.now() - DAY);
  const notAfter = wanted.notAfter ?? new Date(Date.now() + DAY);
  const body = sequence(
    tagged(0, integer(Buffer.from([2]))),
    integer(randomBytes(8)),
    ECDSA_SHA256,
    issuer,
    sequence(time(notBefore), time(notAfter)),
    subject,
    publicKey.export({ type: "spki", format: "der" }),
    tagged(3, sequence(...extensions(wanted))),
  );
  const signature = sign("sha256", body, wanted.issuer?.privateKey ?? privateKey);
  const der = sequence(body, ECDSA_SHA256, bits(signature));
  return {
    name: wanted.name,
    certificate: pem("CERTIFICATE", der),
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    privateKey,
  };
}

function distinguishedName(commonName: string, organization: string | undefined): Buffer {
  const attribute = (id: string, value: string): Buffer => set(sequence(oid(id), utf8(value)));
  const parts = organization === undefined ? [] : [attribute("2.5.4.10", organization)];
  return sequence(...parts, attribute("2.5.4.3", commonName));
}

function extensions({ hosts = [], authority = false }: Wanted): Buffer[] {
  const extension = (id: string, critical: boolean, value: Buffer): Buffer =>
    sequence(oid(id), ...(critical ? [boolean(true)] : []), octets(value));
  if (authority) {
    const certSign = bits(Buffer.from([0b00000100]), 2);
    return [extension("2.5.29.19", true, sequence(boolean(true))), extension("2.5.29.15", true, certSign)];
  }
  const names = hosts.map((host) =>
    isIP(host) === 4
      ? tagged(7, Buffer.from(host.split(".").map(Number)), true)
      : tagged(2, Buffer.from(host, "latin1"), true),
  );
  const usage = sequence(oid("1.3.6.1.5.5.7.3.1"), oid("1.3.6.1.5.5.7.3.2"));
  return [
    extension("2.5.29.37", false, usage),
    ...(names.length === 0 ? [] : [extension("2.5.29.17", false, sequence(...names))]),
  ];
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
