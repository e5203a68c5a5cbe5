/**
 * A plain list of names, as scanners of manifests have one: the parts of names and values that kubescape documents for its
 * controls on credentials (sensitiveKeyNames, sensitiveValues), looked for without regard to case. A value that begins with a
 * slash is taken for a path.
 */
const NAME_PARTS = [
  "aws_access_key_id",
  "aws_secret_access_key",
  "azure_batchai_storage_account",
  "azure_batchai_storage_key",
  "azure_batch_account",
  "azure_batch_key",
  "secret",
  "key",
  "password",
  "pwd",
  "token",
  "jwt",
  "bearer",
  "credential",
];
const VALUES = /BEGIN \w+ PRIVATE KEY|PRIVATE KEY|eyJhbGciO|JWT|Bearer|_key_|_secret_/i;

/** True where the list makes a credential of a named value. */
export function nameListAlone(name: string, value: string): boolean {
  if (value === "" || value.startsWith("/")) return false;
  const lower = name.toLowerCase();
  return NAME_PARTS.some((part) => lower.includes(part)) || VALUES.test(value);
}
