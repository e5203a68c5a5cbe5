import type { SecretValues } from "./secret-values.ts";

/** How far Secrets were compared, in words; nothing where nobody asked. */
export function comparisonNotes(secrets: SecretValues | null): string[] {
  if (secrets === null) return [];
  const { secrets: read, values, left } = secrets.result();
  const compared = `Secrets read and compared: ${String(read)}, with ${String(values)} ${values === 1 ? "value" : "values"}`;
  const said = left.map(({ reason, values: many }) => `${String(many)} (${reason})`).join(", ");
  return [left.length === 0 ? compared : `${compared}; not compared: ${said}`];
}
