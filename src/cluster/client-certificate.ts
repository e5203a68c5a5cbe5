import { X509Certificate } from "node:crypto";

/**
 * What a client certificate has to do with a 401: kube-apiserver asks for one without insisting on it, so that an
 * expired one fails as missing credentials and not in the handshake. Null where the certificate is in order or absent.
 */
export function certificateNote(pem: string | null, nowMs: number): string | null {
  if (pem === null) return null;
  try {
    const { validFromDate, validToDate } = new X509Certificate(pem);
    if (nowMs > validToDate.getTime()) {
      return `The client certificate of the kubeconfig's user expired at ${validToDate.toISOString()}: renew it.`;
    }
    if (nowMs < validFromDate.getTime()) {
      return `The client certificate of the kubeconfig's user is valid from ${validFromDate.toISOString()}: check this machine's clock.`;
    }
    return null;
  } catch {
    return null;
  }
}
