import type { Format } from "../format.ts";
import { csv } from "./csv.ts";
import { customColumns, customColumnsFile } from "./custom-columns.ts";
import { html } from "./html.ts";
import { json } from "./json.ts";
import { jsonpath, jsonpathAsJson, jsonpathFile } from "./jsonpath.ts";
import { markdown } from "./markdown.ts";
import { name } from "./name.ts";
import { sarif } from "./sarif.ts";
import { table } from "./table.ts";
import { wide } from "./wide.ts";
import { yaml } from "./yaml.ts";

/** Every format by its name; -o takes these. */
export const formats = {
  table,
  wide,
  json,
  yaml,
  name,
  jsonpath,
  "jsonpath-as-json": jsonpathAsJson,
  "jsonpath-file": jsonpathFile,
  "custom-columns": customColumns,
  "custom-columns-file": customColumnsFile,
  csv,
  markdown,
  html,
  sarif,
} as const satisfies Record<string, Format>;

/** Their names, in the order of help. */
export const formatNames = Object.keys(formats) as (keyof typeof formats)[];

/** The formats of reports that hold no findings. */
export const formatNamesWithoutFindings = formatNames.filter((format) => format !== "sarif");

/** The format that -o names, null where there is none, and what stands behind its `=`: null where it has none. */
export function formatOf(output: string): { format: Format | null; argument: string | null } {
  const equals = output.indexOf("=");
  const word = equals < 0 ? output : output.slice(0, equals);
  const format = Object.hasOwn(formats, word) ? (formats as Record<string, Format>)[word]! : null;
  if (equals >= 0 && format?.takes === undefined) return { format: null, argument: null };
  return { format, argument: equals < 0 ? null : output.slice(equals + 1) };
}
