import { match } from "../rule.ts";
import type { FormRule, Match } from "../rule.ts";

const BEGIN = "-----BEGIN ";
const END = "-----END ";
const LONGEST_LABEL = 64;
const SHORTEST_BODY = 16;

/** A client's key in a kubeconfig: base64 of a PEM block (client-go tools/clientcmd/api/v1 types.go). */
const KUBECONFIG = /client-key-data["']?\s{0,4}:\s{0,4}["']?([A-Za-z0-9+/=]{40,16384})/g;

function keysOfKubeconfigs(text: string): Match[] {
  if (!text.includes("client-key-data")) return [];
  return Array.from(text.matchAll(KUBECONFIG), ({ index, 0: line, 1: data = "" }) => {
    const end = index + line.length;
    const secret = Buffer.from(data, "base64").toString("utf8").trim() || data;
    return { ...match(end - data.length, end, "private-key", "certain", "is a client's key in a kubeconfig"), secret };
  });
}

/** The private lines of a PuTTY key file (PuTTY manual, appendix C). */
const PUTTY =
  /^PuTTY-User-Key-File-[123]:[^\n]{1,256}\n(?:(?!PuTTY-User)[^\n]{0,256}\n){1,40}?Private-Lines: \d{1,4}\r?\n(?:[A-Za-z0-9+/=]{1,128}\r?\n?){1,64}/gm;

function keysOfPutty(text: string): Match[] {
  if (!text.includes("PuTTY-User-Key-File-")) return [];
  return Array.from(text.matchAll(PUTTY), ({ index, 0: whole }) =>
    match(index, index + whole.trimEnd().length, "ssh-key", "certain", "is a private key of PuTTY"),
  );
}

function keyOf(label: string, text: string): Pick<Match, "kind" | "because"> {
  const isSsh = /^(OPENSSH|SSH2)\b/.test(label);
  const isEncrypted = label.includes("ENCRYPTED") || /^.{0,64}Proc-Type: 4,ENCRYPTED/s.test(text);
  const because = `is a ${isSsh ? "private key of SSH" : "PEM block with a private key"}${isEncrypted ? ", which a passphrase protects" : ""}`;
  return { kind: isSsh ? "ssh-key" : "private-key", because };
}

/** PEM blocks (RFC 7468) whose label ends in PRIVATE KEY, with real or escaped line ends; public keys and certificates are none. Also keys in kubeconfigs. */
export const privateKey: FormRule = {
  id: "private-key",
  find(text) {
    const found = [...keysOfKubeconfigs(text), ...keysOfPutty(text)];
    let footer = -1;
    for (let at = text.indexOf(BEGIN); at >= 0; at = text.indexOf(BEGIN, at + BEGIN.length)) {
      const label = text.slice(at + BEGIN.length, at + BEGIN.length + LONGEST_LABEL);
      const labelEnd = label.indexOf("-----");
      if (labelEnd < 0 || !/PRIVATE KEY( BLOCK)?$/.test(label.slice(0, labelEnd))) continue;
      const body = at + BEGIN.length + labelEnd + 5;
      const next = text.indexOf(BEGIN, body);
      const stop = next < 0 ? text.length : next;
      // The footer after one key without a footer is also the next key's: it is looked for once.
      if (footer < body) footer = indexOrEnd(text, END, body);
      const close = footer < stop ? indexOrEnd(text, "-----", footer + END.length) : stop;
      const end = Math.min(close + 5, stop);
      if (end - body < SHORTEST_BODY) continue;
      const { kind, because } = keyOf(label.slice(0, labelEnd), text.slice(body, body + 96));
      found.push(match(at, end, kind, "certain", because));
    }
    return found;
  },
};

function indexOrEnd(text: string, what: string, from: number): number {
  const at = text.indexOf(what, from);
  return at < 0 ? text.length : at;
}
