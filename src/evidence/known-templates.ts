import { hash } from "node:crypto";
import type { Json } from "../model/api.ts";
import type { PodTemplate } from "../model/workload.ts";
import type { ProjectionContext } from "./context.ts";
import { objectsAt, stringAt } from "./json.ts";

/** What the ServiceAccount admission plugin calls the volume of a pod's token: the end is random. */
const TOKEN_VOLUME = /^kube-api-access-[a-z0-9]{5}$/;

/**
 * Templates by the pod specs that they were read from: of 10,000 pods of one CronJob one is searched for credentials. What is
 * remembered of a spec is a hash, which ends with the collection.
 */
export class KnownTemplates {
  readonly #known = new Map<string, PodTemplate>();

  /** The template of an equal spec at the same place, or a new one. What an annotation or a rules file says is asked anew. */
  get(spec: Json | null, path: string, context: ProjectionContext, read: () => PodTemplate): PodTemplate {
    const { own, secrets } = context;
    if (spec === null || own.rules !== null || own.ignores.length > 0 || secrets !== null) return read();
    const key = hash("sha256", path + keyOf(spec), "base64");
    return this.#known.getOrInsertComputed(key, read);
  }
}

/** The spec as text, without the name of the token's volume. */
function keyOf(spec: Json): string {
  const [volume] = objectsAt(spec, "volumes").filter(([one]) => TOKEN_VOLUME.test(stringAt(one, "name") ?? ""));
  if (volume === undefined) return JSON.stringify(spec);
  const name = stringAt(volume[0], "name");
  const unnamed = (one: unknown): unknown =>
    typeof one === "object" && one !== null && "name" in one && one.name === name ? { ...one, name: "" } : one;
  return JSON.stringify(spec, (key, value: unknown) =>
    (key === "volumes" || key === "volumeMounts") && Array.isArray(value) ? value.map(unnamed) : value,
  );
}
