/** Writes docs/schema/: the JSON Schema of each report, from the types in src/model/report.ts. `--check` only compares. */
import { join } from "node:path";
import { createGenerator } from "ts-json-schema-generator";
import type { Schema, SchemaGenerator } from "ts-json-schema-generator";
import { finish } from "./generated-files.ts";

const root = join(import.meta.dirname, "..");

const reports = [
  "TriageReport",
  "ExposureReport",
  "CarrierReport",
  "ReaderReport",
  "StaleReport",
  "AccessReport",
  "ReplayReport",
  "CleanupPlan",
  "HoldReport",
  "CleanupResult",
  "VersionReport",
  "BundleReport",
  "LabPlan",
  "ExplainReport",
];

/**
 * The schema files by path. Readers of reports must expect more fields than these, so additional ones are allowed; in what people
 * write, the rules file, none is.
 */
export function schemaFiles(): Map<string, string> {
  const ofReports = generatorOf("src/model/report.ts", true);
  const ofRules = generatorOf("src/model/own-rules.ts", false);
  return new Map([
    ...reports.map((name) => schemaFile(name, ofReports.createSchema(name))),
    schemaFile("Rules", ofRules.createSchema("OwnRulesFile")),
  ]);
}

function generatorOf(file: string, additionalProperties: boolean): SchemaGenerator {
  return createGenerator({
    path: join(root, file),
    tsconfig: join(root, "tsconfig.json"),
    skipTypeCheck: true,
    expose: "export",
    topRef: false,
    jsDoc: "extended",
    additionalProperties,
    encodeRefs: true,
    sortProps: true,
  });
}

function schemaFile(name: string, schema: Schema): [path: string, text: string] {
  return [`docs/schema/${name}.json`, `${JSON.stringify(polished(name, schema), null, 2)}\n`];
}

/** The report itself at the top, with a title; every time is RFC 3339, which a type cannot say. */
function polished(title: string, { $schema, $ref, definitions = {}, ...rest }: Schema): Schema {
  const time = definitions["Time"];
  if (typeof time === "object") time.format = "date-time";
  const alias = decodeURIComponent($ref?.replace("#/definitions/", "") ?? "");
  const { [alias]: top, ...others } = definitions;
  return { $schema, title, ...(typeof top === "object" ? top : rest), definitions: others } as Schema;
}

if (import.meta.main) await finish(schemaFiles(), root, process.argv.includes("--check"), "npm run generate");
