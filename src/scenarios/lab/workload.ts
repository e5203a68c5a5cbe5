/**
 * What a process in a container needs to tell of a value by the run's fingerprint: the two blocks of HMAC (RFC 2104) as
 * escapes for printf, because a shell has no HMAC.
 */
export function hashingOf(key: Buffer): { name: string; value: string }[] {
  const block = Buffer.alloc(64);
  key.copy(block);
  return [
    { name: "INNER", value: escapes(block, 0x36) },
    { name: "OUTER", value: escapes(block, 0x5c) },
  ];
}

function escapes(block: Buffer, pad: number): string {
  return [...block].map((byte) => `\\${(byte ^ pad).toString(8).padStart(3, "0")}`).join("");
}

/**
 * A shell's function `fingerprint TEXT`: prints the 32 hexadecimal digits of Canary.fingerprint, with sha256sum and what
 * POSIX gives a shell. It reads INNER and OUTER (`Canary.hashing`).
 */
export const FINGERPRINT = `octal() {
  hex=$1
  while [ -n "$hex" ]; do
    rest=\${hex#??}
    printf '\\\\%03o' "0x\${hex%"$rest"}"
    hex=$rest
  done
}
fingerprint() {
  sum=$( { printf "$INNER"; printf %s "$1"; } | sha256sum)
  sum=$( { printf "$OUTER"; printf "$(octal "\${sum%% *}")"; } | sha256sum)
  sum=\${sum%% *}
  printf %.32s "$sum"
}`;
