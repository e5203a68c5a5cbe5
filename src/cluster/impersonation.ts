import type { User } from "./kubeconfig/types.ts";

/**
 * The Impersonate- headers, names and values in turn: one header for each group and each extra value, which is how the
 * API server wants them (transport/round_trippers.go). Values go out as UTF-8 bytes.
 */
export function impersonationHeaders(user: User): string[] {
  if (user.as === undefined) return [];
  const headers = ["Impersonate-User", bytes(user.as)];
  if (user["as-uid"] !== undefined) headers.push("Impersonate-Uid", bytes(user["as-uid"]));
  for (const group of user["as-groups"]) headers.push("Impersonate-Group", bytes(group));
  for (const [key, values] of Object.entries(user["as-user-extra"])) {
    for (const value of values) headers.push(`Impersonate-Extra-${headerKey(key)}`, bytes(value));
  }
  return headers;
}

/** HTTP writes headers as Latin-1; each UTF-8 byte travels as one such character. */
function bytes(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** Percent-encodes what a header name may not hold, and the percent sign itself. */
function headerKey(key: string): string {
  return [...Buffer.from(key, "utf8")]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9!#$&'*+.^_`|~-]/.test(character)
        ? character
        : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    })
    .join("");
}
