import type { FieldManager } from "../model/object.ts";
import type { Json } from "../model/api.ts";
import { asObject, objectAt, objectsAt, stringAt, timeAt, valueAt } from "./json.ts";
import type { ProjectionContext } from "./context.ts";

/** metadata.managedFields, reduced to the fields whose change a report dates (fieldsV1 format: structured-merge-diff). */
export function fieldManagers(meta: Json | null, context: ProjectionContext): FieldManager[] {
  return objectsAt(meta, "managedFields").map(([entry]) =>
    context.intern({
      manager: context.mask.keep(stringAt(entry, "manager") ?? ""),
      operation: context.mask.keep(stringAt(entry, "operation") ?? ""),
      subresource: context.mask.keepOptional(stringAt(entry, "subresource")),
      time: timeAt(entry, "time"),
      fields: context.intern(ownedFields(objectAt(entry, "fieldsV1"))),
    }),
  );
}

const CONTAINER_FIELDS = ["command", "args", "envFrom"];
const HANDLERS = [
  ["livenessProbe"],
  ["readinessProbe"],
  ["startupProbe"],
  ["lifecycle", "postStart"],
  ["lifecycle", "preStop"],
];

/** The templates of Jobs and pods cannot change, so their creation dates them: only what may be added later is read there. */
function ownedFields(root: Json | null): string[] {
  const spec = below(root, "spec");
  const job = below(spec, "jobTemplate");
  const template = below(below(job, "spec"), "template");
  return [
    ...annotations(root, "metadata.annotations"),
    ...annotations(job, "jobTemplate.metadata.annotations"),
    ...annotations(template, "template.metadata.annotations"),
    ...containerFields(below(spec, "ephemeralContainers"), "spec.ephemeralContainers"),
    ...podFields(below(template, "spec")),
    ...["rules", "subjects", "roleRef", "aggregationRule", "secrets", "imagePullSecrets"].filter((name) =>
      has(root, name),
    ),
  ].sort();
}

function podFields(spec: Json | null): string[] {
  return [
    ...["containers", "initContainers"].flatMap((list) => containerFields(below(spec, list), `spec.${list}`)),
    ...["volumes", "imagePullSecrets"].flatMap((list) =>
      named(below(spec, list), `spec.${list}`).map(([path]) => path),
    ),
  ];
}

function containerFields(list: Json | null, at: string): string[] {
  return named(list, at).flatMap(([path, container]) => [
    ...named(below(container, "env"), `${path}.env`).map(([field]) => field),
    ...CONTAINER_FIELDS.filter((name) => has(container, name)).map((name) => `${path}.${name}`),
    ...HANDLERS.flatMap((keys) => handlerFields(container, keys, path)),
  ]);
}

function handlerFields(container: Json, keys: string[], path: string): string[] {
  const handler = keys.reduce<Json | null>((json, key) => below(json, key), container);
  const at = [path, ...keys].join(".");
  return [
    ...(has(below(handler, "exec"), "command") ? [`${at}.exec.command`] : []),
    ...(has(below(handler, "httpGet"), "httpHeaders") ? [`${at}.httpGet.httpHeaders`] : []),
  ];
}

/** Entries of an associative list: `k:{"name":"backup"}` becomes `path[backup]`. */
function named(list: Json | null, path: string): [string, Json][] {
  return Object.entries(list ?? {}).flatMap(([key, value]): [string, Json][] => {
    const name = key.startsWith("k:") ? listKey(key.slice(2)) : null;
    return name === null ? [] : [[`${path}[${name}]`, asObject(value) ?? {}]];
  });
}

function listKey(text: string): string | null {
  try {
    return stringAt(JSON.parse(text), "name");
  } catch {
    return null;
  }
}

function annotations(object: Json | null, path: string): string[] {
  return Object.keys(below(below(object, "metadata"), "annotations") ?? {})
    .filter((key) => key.startsWith("f:"))
    .map((key) => `${path}[${key.slice(2)}]`);
}

function below(json: Json | null, name: string): Json | null {
  return asObject(valueAt(json, `f:${name}`));
}

function has(json: Json | null, name: string): boolean {
  return valueAt(json, `f:${name}`) !== undefined;
}
