import type { ContainerAt } from "./container-literals.ts";
import { objectsAt, stringAt } from "./json.ts";

/** Names of the containers that mount each volume, by the volume's name. */
export function containersByVolume(containers: ContainerAt[]): Map<string, Set<string>> {
  const mounted = new Map<string, Set<string>>();
  for (const { raw, name } of containers) {
    for (const [mount] of objectsAt(raw, "volumeMounts")) {
      const volume = stringAt(mount, "name") ?? "";
      mounted.set(volume, (mounted.get(volume) ?? new Set()).add(name));
    }
  }
  return mounted;
}
