import { parseTemplate } from "../jsonpath/parse.ts";
import type { Template } from "../jsonpath/nodes.ts";
import { TemplateError } from "../template-error.ts";

/** One column of custom-columns: its header, and the path that its cells are at. */
export interface CustomColumn {
  header: string;
  path: Template;
}

const form = "Expected format is one line of space separated headers, one line of space separated column specs.";

/** Reads `HEADER:path,HEADER:path` (kubectl pkg/cmd/get, customcolumn.go). Throws TemplateError for what kubectl refuses. */
export function readColumns(spec: string): CustomColumn[] {
  return spec.split(",").map((part) => {
    const colon = part.indexOf(":");
    if (colon < 0) {
      throw new TemplateError(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`);
    }
    return { header: part.slice(0, colon), path: readPath(part.slice(colon + 1)) };
  });
}

/** Reads a file of custom-columns-file: a line of headers and a line of paths. Throws TemplateError. */
export function readColumnsFile(text: string): CustomColumn[] {
  const [headerLine, pathLine] = linesOf(text);
  if (headerLine === undefined) throw new TemplateError(`invalid template, missing header line. ${form}`);
  if (pathLine === undefined) throw new TemplateError(`invalid template, missing spec line. ${form}`);
  const headers = words(headerLine);
  const paths = words(pathLine);
  if (headers.length !== paths.length) {
    throw new TemplateError(
      `number of headers (${headers.length}) and field specifications (${paths.length}) don't match`,
    );
  }
  return headers.map((header, at) => ({ header, path: readPath(paths[at]!) }));
}

function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function words(line: string): string[] {
  return line.split(/\s+/).filter((word) => word !== "");
}

/** A path with or without braces and the dot in front. */
function readPath(path: string): Template {
  if (path === "") return [];
  const [, inBraces, bare] = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/.exec(path) ?? [];
  const text = inBraces ?? bare;
  if (text === undefined) {
    throw new TemplateError(
      "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'",
    );
  }
  return parseTemplate(`{.${text}}`);
}
