import type { ExposureClass } from "../model/report.ts";
import { partsOf, type Edge, type Part } from "../rbac/edge.ts";
import { edges } from "../rbac/edges/index.generated.ts";

/** What a direct read has to return, for a credential of a class to be in it. */
interface ReadFrom {
  resources: readonly string[];
  parts: readonly Part[];
}

const SPECS: ReadFrom = { resources: ["pods", "jobs", "cronjobs"], parts: ["spec"] };
const SECRETS: ReadFrom = { resources: ["secrets"], parts: ["spec"] };

const READ_FROM: Readonly<Record<ExposureClass, ReadFrom | null>> = {
  "literal-env": SPECS,
  "literal-args": SPECS,
  "literal-annotation": { resources: SPECS.resources, parts: ["spec", "metadata"] },
  "termination-message": { resources: ["pods"], parts: ["status"] },
  log: { resources: ["pods"], parts: ["log"] },
  "configmap-env": { resources: ["configmaps"], parts: ["spec"] },
  "secret-env": SECRETS,
  "secret-volume": SECRETS,
  "pull-secret": SECRETS,
  "token-legacy": SECRETS,
  "token-bound": null,
  "node-grant": null,
};

/** The ids of the classes. */
export function classIds(): ExposureClass[] {
  return Object.keys(READ_FROM) as ExposureClass[];
}

/** The direct reads that return what carries a credential of the class: `through` of its readers holds no other ids. */
export function edgesReading(id: ExposureClass): Edge[] {
  const from = READ_FROM[id];
  if (from === null) return [];
  const { resources, parts } = from;
  // A kubelet tells of the pods of its node.
  const named = resources.includes("pods") ? [...resources, "nodes"] : resources;
  return (edges as readonly Edge[]).filter(
    (edge) =>
      partsOf(edge).some((part) => parts.includes(part)) &&
      edge.needs.some(({ on }) => on.some(({ resource }) => named.includes(resource))),
  );
}
