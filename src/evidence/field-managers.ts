import type { FieldManager } from "../model/object.ts";
import { fieldAt } from "../credentials/own-rules-annotation.ts";
import type { Json } from "../model/api.ts";
import { asObject, objectAt, objectsAt, stringAt, timeAt, valueAt } from "./json.ts";
import { HOLD_MANAGER } from "../model/managers.ts";
import type { ProjectionContext } from "./context.ts";
import type { Mask } from "./mask.ts";

/** metadata.managedFields, reduced to the fields whose change a report dates (fieldsV1 format: structured-merge-diff). */
export function fieldManagers(meta: Json | null, context: ProjectionContext): FieldManager[] {
  return objectsAt(meta, "managedFields").map(([entry]) =>
    context.intern({
      manager: context.mask.keep(stringAt(entry, "manager") ?? ""),
      operation: context.mask.keep(stringAt(entry, "operation") ?? ""),
      subresource: context.mask.keepOptional(stringAt(entry, "subresource")),
      time: timeAt(entry, "time"),
      fields: context.intern([...heldFields(entry), ...ownedFields(objectAt(entry, "fieldsV1"), context.mask)]),
    }),
  );
}

/** Whose hold suspended a CronJob: its release starts it again. */
function heldFields(entry: Json): string[] {
  const isHold = (stringAt(entry, "manager") ?? "").startsWith(HOLD_MANAGER);
  return isHold && has(below(objectAt(entry, "fieldsV1"), "spec"), "suspend") ? ["spec.suspend"] : [];
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
function ownedFields(root: Json | null, mask: Mask): string[] {
  const spec = below(root, "spec");
  const job = below(spec, "jobTemplate");
  const template = below(below(job, "spec"), "template");
  return [
    ...annotations(root, "metadata.annotations", mask),
    ...annotations(job, "jobTemplate.metadata.annotations", mask),
    ...annotations(template, "template.metadata.annotations", mask),
    // Of a Job's template, for whoever set it, because its pods inherit it.
    ...annotations(below(spec, "template"), "template.metadata.annotations", mask).filter(
      (field) => field === fieldAt("template."),
    ),
    ...containerFields(below(spec, "ephemeralContainers"), "spec.ephemeralContainers", mask),
    ...podFields(below(template, "spec"), mask),
    ...["data", "binaryData"].flatMap((map) => ownedKeys(below(root, map), mask).map((key) => `${map}[${key}]`)),
    ...["rules", "subjects", "roleRef", "aggregationRule", "secrets", "imagePullSecrets"].filter((name) =>
      has(root, name),
    ),
  ].sort();
}

function podFields(spec: Json | null, mask: Mask): string[] {
  return [
    ...["containers", "initContainers"].flatMap((list) => containerFields(below(spec, list), `spec.${list}`, mask)),
    ...named(below(spec, "volumes"), "spec.volumes", mask).flatMap(([path, volume]) =>
      volumeFields(path, volume, mask),
    ),
    ...named(below(spec, "imagePullSecrets"), "spec.imagePullSecrets", mask).map(([path]) => path),
  ];
}

function containerFields(list: Json | null, at: string, mask: Mask): string[] {
  return named(list, at).flatMap(([path, container]) => [
    ...named(below(container, "env"), `${path}.env`, mask).flatMap(([field, entry]) =>
      isValueOwner(entry) ? field : [],
    ),
    ...CONTAINER_FIELDS.filter((name) => has(container, name)).map((name) => `${path}.${name}`),
    ...HANDLERS.flatMap((keys) => handlerFields(container, keys, path)),
  ]);
}

/**
 * A manager whose value another one changed keeps the variable's name: after `kubectl apply` and `kubectl edit` both own the
 * entry, and only the editor its value.
 */
function isValueOwner(entry: Json): boolean {
  return has(entry, "value") || has(entry, "valueFrom");
}

/** Where a volume's literals stand (volume-literals.ts), key by key, and the sources that name Secrets as wholes. */
function volumeFields(path: string, volume: Json, mask: Mask): string[] {
  const keys = (source: string, map: string): string[] =>
    ownedKeys(below(below(volume, source), map), mask).map((key) => `${path}.${source}.${map}[${key}]`);
  return [
    ...keys("csi", "volumeAttributes"),
    ...keys("flexVolume", "options"),
    ...(has(below(volume, "gitRepo"), "repository") ? [`${path}.gitRepo.repository`] : []),
    ...["secret", "projected"].filter((source) => has(volume, source)).map((source) => `${path}.${source}`),
  ];
}

function handlerFields(container: Json, keys: string[], path: string): string[] {
  const handler = keys.reduce<Json | null>((json, key) => below(json, key), container);
  const at = [path, ...keys].join(".");
  return [
    ...(has(below(handler, "exec"), "command") ? [`${at}.exec.command`] : []),
    ...["path", "httpHeaders"]
      .filter((key) => has(below(handler, "httpGet"), key))
      .map((key) => `${at}.httpGet.${key}`),
  ];
}

/** Entries of an associative list: `k:{"name":"backup"}` becomes `path[backup]`. Names that may hold a credential are masked as in literals. */
function named(list: Json | null, path: string, mask: Mask | null = null): [string, Json][] {
  return Object.entries(list ?? {}).flatMap(([key, value]): [string, Json][] => {
    const name = key.startsWith("k:") ? listKey(key.slice(2)) : null;
    return name === null ? [] : [[`${path}[${mask?.keep(name) ?? name}]`, asObject(value) ?? {}]];
  });
}

function listKey(text: string): string | null {
  try {
    return stringAt(JSON.parse(text), "name");
  } catch {
    return null;
  }
}

function annotations(object: Json | null, path: string, mask: Mask): string[] {
  return ownedKeys(below(below(object, "metadata"), "annotations"), mask).map((key) => `${path}[${key}]`);
}

function ownedKeys(map: Json | null, mask: Mask): string[] {
  return Object.keys(map ?? {}).flatMap((key) => (key.startsWith("f:") ? mask.keep(key.slice(2)) : []));
}

function below(json: Json | null, name: string): Json | null {
  return asObject(valueAt(json, `f:${name}`));
}

function has(json: Json | null, name: string): boolean {
  return valueAt(json, `f:${name}`) !== undefined;
}
