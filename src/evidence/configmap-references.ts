import type { Json } from "../model/api.ts";
import type { ConfigMapReference, ConfigMapUse } from "../model/workload.ts";
import type { ContainerAt } from "./container-literals.ts";
import { booleanAt, listAt, objectAt, objectsAt, stringAt } from "./json.ts";
import type { Mask } from "./mask.ts";
import { containersByVolume } from "./mounts.ts";

type At = Pick<ConfigMapReference, "path" | "field" | "containers">;

/** Every ConfigMap of its namespace that a pod spec names, in the order of the spec. `path` leads to the spec. */
export function configMapReferences(
  spec: Json | null,
  path: string,
  containers: ContainerAt[],
  mask: Mask,
): ConfigMapReference[] {
  const mounted = containersByVolume(containers);
  return [
    ...containers.flatMap((container) => inContainer(container, mask)),
    ...objectsAt(spec, "volumes").flatMap(([volume, index]) =>
      inVolume(volume, `${path}.volumes[${String(index)}]`, mounted, mask),
    ),
  ];
}

function reference(use: ConfigMapUse, json: Json | null, keys: string[] | null, at: At): ConfigMapReference[] {
  const configMap = stringAt(json, "name");
  return configMap === null ? [] : [{ use, configMap, keys, optional: booleanAt(json, "optional") ?? false, ...at }];
}

function inContainer({ raw, name, path, field }: ContainerAt, mask: Mask): ConfigMapReference[] {
  const env = objectsAt(raw, "env").flatMap(([entry, index]) => {
    const json = objectAt(objectAt(entry, "valueFrom"), "configMapKeyRef");
    const key = stringAt(json, "key");
    return reference("env", json, key === null ? null : [mask.keep(key)], {
      path: `${path}.env[${String(index)}].valueFrom.configMapKeyRef`,
      field: `${field}.env[${mask.keep(stringAt(entry, "name") ?? "")}]`,
      containers: [name],
    });
  });
  const envFrom = objectsAt(raw, "envFrom").flatMap(([entry, index]) =>
    reference("envFrom", objectAt(entry, "configMapRef"), null, {
      path: `${path}.envFrom[${String(index)}].configMapRef`,
      field: `${field}.envFrom`,
      containers: [name],
    }),
  );
  return [...env, ...envFrom];
}

function inVolume(volume: Json, path: string, mounted: Map<string, Set<string>>, mask: Mask): ConfigMapReference[] {
  const name = stringAt(volume, "name") ?? "";
  const at = (suffix: string): At => ({
    path: `${path}.${suffix}`,
    field: `spec.volumes[${mask.keep(name)}]`,
    containers: [...(mounted.get(name) ?? [])],
  });
  const own = objectAt(volume, "configMap");
  return [
    ...reference("volume", own, items(own, mask), at("configMap")),
    ...objectsAt(objectAt(volume, "projected"), "sources").flatMap(([source, index]) => {
      const json = objectAt(source, "configMap");
      return reference("projected", json, items(json, mask), at(`projected.sources[${String(index)}].configMap`));
    }),
  ];
}

/** `items`: the keys that become files; none given means all. */
function items(source: Json | null, mask: Mask): string[] | null {
  if (listAt(source, "items").length === 0) return null;
  return objectsAt(source, "items").flatMap(([item]) => mask.keepOptional(stringAt(item, "key")) ?? []);
}
