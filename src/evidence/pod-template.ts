import type { Json } from "../model/api.ts";
import type { Container, PodTemplate, TokenProjection } from "../model/workload.ts";
import type { ProjectionContext } from "./context.ts";
import { configMapReferences } from "./configmap-references.ts";
import { containerLiterals } from "./container-literals.ts";
import type { ContainerAt } from "./container-literals.ts";
import { booleanAt, integerAt, objectAt, objectsAt, stringAt } from "./json.ts";
import { nodeAccess } from "./node-access.ts";
import { secretReferences } from "./secret-references.ts";
import { volumeLiterals } from "./volume-literals.ts";

const LISTS = ["containers", "initContainers", "ephemeralContainers"] as const;

/** A pod spec, reduced; `path` is where it stands in its object (`spec`, `spec.template.spec`, …). Equal ones are one object. */
export function podTemplate(spec: Json | null, path: string, context: ProjectionContext): PodTemplate {
  return context.templates.get(spec, path, context, () => projected(spec, path, context));
}

function projected(spec: Json | null, path: string, context: ProjectionContext): PodTemplate {
  const containers = containersOf(spec, path);
  return context.intern({
    serviceAccountName: stringAt(spec, "serviceAccountName") ?? stringAt(spec, "serviceAccount") ?? "default",
    automountServiceAccountToken: booleanAt(spec, "automountServiceAccountToken"),
    nodeName: stringAt(spec, "nodeName"),
    restartPolicy: context.mask.keepOptional(stringAt(spec, "restartPolicy")),
    containers: containers.map(({ raw, name, kind }) => ({
      name,
      kind,
      image: context.mask.keep(stringAt(raw, "image") ?? ""),
      imagePullPolicy: context.mask.keepOptional(stringAt(raw, "imagePullPolicy")),
    })),
    literals: [
      ...containers.flatMap((container) => containerLiterals(container, context)),
      ...volumeLiterals(spec, path, context),
    ],
    secretReferences: secretReferences(spec, path, containers, context.mask),
    configMapReferences: configMapReferences(spec, path, containers, context.mask),
    tokens: tokenProjections(spec, path, context),
    nodeAccess: nodeAccess(spec, containers, context),
  });
}

interface DeclaredContainer extends ContainerAt {
  kind: Container["kind"];
}

/** All containers of a pod spec: main, init (those that restart are sidecars) and ephemeral ones. */
export function containersOf(spec: Json | null, path: string): DeclaredContainer[] {
  return LISTS.flatMap((list) =>
    objectsAt(spec, list).map(([raw, index]) => {
      const name = stringAt(raw, "name") ?? "";
      const at = { path: `${path}.${list}[${String(index)}]`, field: `spec.${list}[${name}]` };
      return { raw, name, kind: kindOf(list, raw), ...at };
    }),
  );
}

function kindOf(list: (typeof LISTS)[number], raw: Json): Container["kind"] {
  if (list === "containers") return "container";
  if (list === "ephemeralContainers") return "ephemeral";
  return stringAt(raw, "restartPolicy") === "Always" ? "sidecar" : "init";
}

/** Projected tokens. Volumes are named by index: admission gives them a random name, and equal pods must stay equal. */
function tokenProjections(spec: Json | null, path: string, context: ProjectionContext): TokenProjection[] {
  return objectsAt(spec, "volumes").flatMap(([volume, v]) =>
    objectsAt(objectAt(volume, "projected"), "sources").flatMap(([source, s]) => {
      const token = objectAt(source, "serviceAccountToken");
      if (token === null) return [];
      return {
        audience: context.mask.keepOptional(stringAt(token, "audience")),
        expirationSeconds: integerAt(token, "expirationSeconds"),
        path: `${path}.volumes[${String(v)}].projected.sources[${String(s)}].serviceAccountToken`,
      };
    }),
  );
}
