import type { Json } from "../model/api.ts";
import type { SecretReference, SecretUse } from "../model/workload.ts";
import type { ContainerAt } from "./container-literals.ts";
import { booleanAt, listAt, objectAt, objectsAt, stringAt, valueBelow } from "./json.ts";
import type { Mask } from "./mask.ts";
import { containersByVolume } from "./mounts.ts";

/** Every Secret of its namespace that a pod spec names, in the order of the spec. `path` and `field` lead to the spec. */
export function secretReferences(
  spec: Json | null,
  path: string,
  containers: ContainerAt[],
  mask: Mask,
): SecretReference[] {
  const mounted = containersByVolume(containers);
  return [
    ...containers.flatMap((container) => inContainer(container, mask)),
    ...objectsAt(spec, "volumes").flatMap(([volume, index]) =>
      inVolume(volume, `${path}.volumes[${String(index)}]`, mounted, mask),
    ),
    ...objectsAt(spec, "imagePullSecrets").flatMap(([pull, index]) =>
      reference("pull", pull, "name", null, {
        path: `${path}.imagePullSecrets[${String(index)}]`,
        field: `spec.imagePullSecrets[${mask.keep(stringAt(pull, "name") ?? "")}]`,
        containers: [],
      }),
    ),
  ];
}

type At = Pick<SecretReference, "path" | "field" | "containers">;

function reference(
  use: SecretUse,
  json: Json | null,
  nameKey: string,
  keys: string[] | null,
  at: At,
): SecretReference[] {
  const secret = stringAt(json, nameKey);
  return secret === null ? [] : [{ use, secret, keys, optional: booleanAt(json, "optional") ?? false, ...at }];
}

function inContainer({ raw, name, path, field }: ContainerAt, mask: Mask): SecretReference[] {
  const env = objectsAt(raw, "env").flatMap(([entry, index]) => {
    const json = objectAt(objectAt(entry, "valueFrom"), "secretKeyRef");
    const key = stringAt(json, "key");
    return reference("env", json, "name", key === null ? null : [mask.keep(key)], {
      path: `${path}.env[${String(index)}].valueFrom.secretKeyRef`,
      field: `${field}.env[${mask.keep(stringAt(entry, "name") ?? "")}]`,
      containers: [name],
    });
  });
  const envFrom = objectsAt(raw, "envFrom").flatMap(([entry, index]) =>
    reference("envFrom", objectAt(entry, "secretRef"), "name", null, {
      path: `${path}.envFrom[${String(index)}].secretRef`,
      field: `${field}.envFrom`,
      containers: [name],
    }),
  );
  return [...env, ...envFrom];
}

/** Volume sources through which the kubelet alone uses a Secret, with the key that holds its name (core/v1 types.go). */
const STORAGE: [string[], string][] = [
  [["flexVolume", "secretRef"], "name"],
  [["rbd", "secretRef"], "name"],
  [["cephfs", "secretRef"], "name"],
  [["cinder", "secretRef"], "name"],
  [["iscsi", "secretRef"], "name"],
  [["scaleIO", "secretRef"], "name"],
  [["storageos", "secretRef"], "name"],
  [["azureFile"], "secretName"],
];

function inVolume(volume: Json, path: string, mounted: Map<string, Set<string>>, mask: Mask): SecretReference[] {
  const name = stringAt(volume, "name") ?? "";
  const field = `spec.volumes[${mask.keep(name)}]`;
  const containers = [...(mounted.get(name) ?? [])];
  const at = (suffix: string): At => ({ path: `${path}.${suffix}`, field, containers });
  const secret = objectAt(volume, "secret");
  const csi = objectAt(objectAt(volume, "csi"), "nodePublishSecretRef");
  return [
    ...reference("volume", secret, "secretName", items(secret, mask), at("secret")),
    ...objectsAt(objectAt(volume, "projected"), "sources").flatMap(([source, index]) => {
      const json = objectAt(source, "secret");
      return reference("projected", json, "name", items(json, mask), at(`projected.sources[${String(index)}].secret`));
    }),
    ...reference("csi", csi, "name", null, at("csi.nodePublishSecretRef")),
    ...STORAGE.flatMap(([keys, nameKey]) => {
      const json = valueBelow(volume, ...keys) as Json | null;
      return reference("storage", json, nameKey, null, { ...at(keys.join(".")), containers: [] });
    }),
  ];
}

/** `items` of a Secret source: the keys that become files; none given means all. */
function items(source: Json | null, mask: Mask): string[] | null {
  if (listAt(source, "items").length === 0) return null;
  return objectsAt(source, "items").flatMap(([item]) => mask.keepOptional(stringAt(item, "key")) ?? []);
}
