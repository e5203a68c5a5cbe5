import { percentDecoded } from "../credentials/rules/uri.ts";
import { speakingName } from "../credentials/speaking-name.ts";
import type { Json } from "../model/api.ts";
import type { Literal } from "../model/workload.ts";
import type { ProjectionContext } from "./context.ts";
import { Environment, text } from "./environment.ts";
import { objectAt, objectsAt, stringAt, valueAt, valueBelow } from "./json.ts";
import { literalsAt } from "./literals.ts";
import type { Place } from "./literals.ts";
import { commandIn, valuesIn } from "./own-rules.ts";

/** A container in its pod spec. `path` as in Literal.path, `field` as in Literal.field. */
export interface ContainerAt {
  raw: Json;
  name: string;
  path: string;
  field: string;
}

/** What is put together from several fields is dated by none of them: no field manager owns a place of this name. */
const EXPANDED = "(expanded)";

function expanded<At extends Pick<Place, "field">>(at: At): At {
  return { ...at, field: at.field + EXPANDED };
}

/** Credentials that stand in a container's own fields: variables, command line, probes and lifecycle handlers. */
export function containerLiterals(container: ContainerAt, context: ProjectionContext): Literal[] {
  const env = new Environment();
  const inEnv = envLiterals(container, env, context);
  const known = new Set(inEnv.map(({ fingerprint }) => fingerprint));
  return [
    ...inEnv,
    ...commandLiterals(container, env, known, context),
    ...handlerLiterals(container, env, known, context),
  ];
}

function envLiterals({ raw, name, path, field }: ContainerAt, env: Environment, context: ProjectionContext): Literal[] {
  const known = new Set<string>();
  return objectsAt(raw, "env").flatMap(([entry, index]) => {
    const variable = stringAt(entry, "name") ?? "";
    const value = env.define(entry);
    if (value === null || value === "") return [];
    const at = { path: `${path}.env[${String(index)}].value`, field: `${field}.env[${context.mask.keep(variable)}]` };
    const isWritten = value === text(valueAt(entry, "value"));
    const place: Place = { place: "env", ...(isWritten ? at : expanded(at)), container: name };
    const found = literalsAt(valuesIn(variable, value, context), place, context, { name: variable, text: value });
    const own = isWritten ? found : found.filter(({ fingerprint }) => !known.has(fingerprint));
    for (const { fingerprint } of own) known.add(fingerprint);
    return own;
  });
}

/** Elements that are no strings keep their index as empty ones. */
function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(text) : [];
}

interface Line {
  written: string[];
  /** What the container gets. */
  expanded: string[];
  placeOf(index: number): Pick<Place, "path" | "field">;
}

/** `known`: fingerprints of the variables. $(DB_PASSWORD) in an argument is the variable's credential, and stands at the variable. */
function lineLiterals(line: Line, name: string, known: Set<string>, context: ProjectionContext): Literal[] {
  const byIndex = Map.groupBy(commandIn(line.expanded, context), ({ index }) => index);
  return line.expanded.flatMap((word, index) => {
    const found = byIndex.get(index) ?? [];
    if (found.length === 0 && context.secrets === null) return [];
    const isWritten = line.written[index] === line.expanded[index];
    const at = isWritten ? line.placeOf(index) : expanded(line.placeOf(index));
    const searched = { name: optionBefore(line.expanded, index), text: word };
    const literals = literalsAt(found, { place: "args", ...at, container: name }, context, searched);
    return isWritten ? literals : literals.filter(({ fingerprint }) => !known.has(fingerprint));
  });
}

/** What a word of a command line is called for which no option is known: the option before it. */
function optionBefore(words: readonly string[], index: number): string {
  const before = words[index - 1] ?? "";
  return (before.startsWith("-") ? speakingName(before) : null) ?? "argument";
}

function commandLiterals(
  { raw, name, path, field }: ContainerAt,
  env: Environment,
  known: Set<string>,
  context: ProjectionContext,
): Literal[] {
  const command = strings(valueAt(raw, "command"));
  const written = [...command, ...strings(valueAt(raw, "args"))];
  const placeOf = (index: number): Pick<Place, "path" | "field"> =>
    index < command.length
      ? { path: `${path}.command[${String(index)}]`, field: `${field}.command` }
      : { path: `${path}.args[${String(index - command.length)}]`, field: `${field}.args` };
  return lineLiterals({ written, expanded: written.map((word) => env.expand(word)), placeOf }, name, known, context);
}

const HANDLERS = [
  ["livenessProbe"],
  ["readinessProbe"],
  ["startupProbe"],
  ["lifecycle", "postStart"],
  ["lifecycle", "preStop"],
];

/**
 * Exec commands, HTTP paths and headers of probes and handlers. A probe's command is expanded with literal variables only
 * (pkg/kubelet/prober/prober.go), a lifecycle handler's is not expanded at all.
 */
function handlerLiterals(
  container: ContainerAt,
  env: Environment,
  known: Set<string>,
  context: ProjectionContext,
): Literal[] {
  const { name } = container;
  return HANDLERS.flatMap((keys) => {
    const handler = valueBelow(container.raw, ...keys);
    const path = `${container.path}.${keys.join(".")}`;
    const field = `${container.field}.${keys.join(".")}`;
    const isProbe = keys.length === 1;
    const written = strings(valueBelow(handler, "exec", "command"));
    const expanded = isProbe ? written.map((word) => env.expand(word)) : written;
    const placeOf = (index: number): Pick<Place, "path" | "field"> => ({
      path: `${path}.exec.command[${String(index)}]`,
      field: `${field}.exec.command`,
    });
    const request = objectAt(handler, "httpGet");
    const at = { path: `${path}.httpGet.path`, field: `${field}.httpGet.path` };
    const inPath = { name: "httpGet.path", text: percentDecoded(text(valueAt(request, "path"))) };
    const inHeaders = objectsAt(request, "httpHeaders").flatMap(([header, index]) => {
      const at = { path: `${path}.httpGet.httpHeaders[${String(index)}].value`, field: `${field}.httpGet.httpHeaders` };
      const searched = { name: stringAt(header, "name") ?? "", text: text(valueAt(header, "value")) };
      const found = valuesIn(searched.name, searched.text, context);
      return literalsAt(found, { place: "args", ...at, container: name }, context, searched);
    });
    return [
      ...lineLiterals({ written, expanded, placeOf }, name, known, context),
      ...literalsAt(
        valuesIn(inPath.name, inPath.text, context),
        { place: "args", ...at, container: name },
        context,
        inPath,
      ),
      ...inHeaders,
    ];
  });
}
