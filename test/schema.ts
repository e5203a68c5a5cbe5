import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type AnySchemaObject, type ValidateFunction } from "ajv";
import * as addFormats from "ajv-formats";

const ajv = new Ajv({ allErrors: true, strictTypes: false });
(addFormats.default as unknown as (ajv: Ajv) => void)(ajv);
const compiled = new Map<string, ValidateFunction>();

/** The published schema, but with nothing allowed that it does not name: a field that is new must get there. */
function strictSchema(kind: string): AnySchemaObject {
  const path = join(import.meta.dirname, "../docs/schema", `${kind}.json`);
  return JSON.parse(readFileSync(path, "utf8"), (_, value: unknown) => {
    const schema = value as { type?: unknown; properties?: unknown } | null;
    return typeof value === "object" && schema?.type === "object" && schema.properties !== undefined
      ? { ...schema, additionalProperties: false }
      : value;
  }) as AnySchemaObject;
}

/** What of a report its published schema does not allow, by the report's own kind; empty when it keeps to it. */
export function schemaErrors(report: { kind: string }): string[] {
  let validate = compiled.get(report.kind);
  if (validate === undefined) compiled.set(report.kind, (validate = ajv.compile(strictSchema(report.kind))));
  return validate(report)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ""}`);
}
