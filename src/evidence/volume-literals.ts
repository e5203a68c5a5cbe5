import type { Json } from "../model/api.ts";
import type { Literal } from "../model/workload.ts";
import type { ProjectionContext } from "./context.ts";
import { mapAt, objectAt, objectsAt, stringAt, valueBelow } from "./json.ts";
import { literalsAt } from "./literals.ts";
import type { Place } from "./literals.ts";
import { valuesIn } from "./own-rules.ts";

/** Maps of a volume that its driver gets as they are (core/v1 types.go: CSIVolumeSource, FlexVolumeSource). */
const MAPS = [
  ["csi", "volumeAttributes"],
  ["flexVolume", "options"],
] as const;

/** Credentials that stand in a pod's volumes: what CSI and flex drivers get, and the address that a gitRepo clones. */
export function volumeLiterals(spec: Json | null, path: string, context: ProjectionContext): Literal[] {
  return objectsAt(spec, "volumes").flatMap(([volume, index]) => {
    const field = `spec.volumes[${context.mask.keep(stringAt(volume, "name") ?? "")}]`;
    const found = (name: string, value: string, below: string): Literal[] => {
      const at = { path: `${path}.volumes[${String(index)}].${below}`, field: `${field}.${below}` };
      const place: Place = { place: "args", ...at, container: null };
      return literalsAt(valuesIn(name, value, context), place, context, { name, text: value });
    };
    const repository = valueBelow(volume, "gitRepo", "repository");
    return [
      ...MAPS.flatMap(([driver, map]) =>
        mapAt(objectAt(volume, driver), map).flatMap(([key, value]) =>
          found(key, value, `${driver}.${map}[${context.mask.keep(key)}]`),
        ),
      ),
      ...(typeof repository === "string" ? found("repository", repository, "gitRepo.repository") : []),
    ];
  });
}
