import type { Part } from "../rbac/edge.ts";
import type { Readable } from "../rbac/readers.ts";
import type { Access, Found, ReadResource } from "./class.ts";

type Told = Readable & { part: Part };
type ByRbac = Extract<Access, { by: "rbac" }>;

const GROUPS: Record<ReadResource, string> = {
  pods: "",
  "pods/log": "",
  secrets: "",
  configmaps: "",
  jobs: "batch",
  cronjobs: "batch",
};

/** The objects through which identities read a credential by RBAC; with a pod goes its node, whose kubelet tells of its pods. */
export function readablesOf({ access, path }: Pick<Found, "access" | "path">): Told[] {
  const objects: Told[] = [];
  for (const one of access) if (one.by === "rbac") objects.push(readable(one, path));
  const inPods = objects.filter(({ resource, deleted }) => resource === "pods" && deleted !== true);
  for (const { part } of inPods) {
    for (const one of access) {
      if (one.by === "node") objects.push({ group: "", resource: "nodes", namespace: "", name: one.node, part });
    }
  }
  return objects;
}

function readable({ resource, namespace, name, deleted }: ByRbac, path: string): Told {
  const isLog = resource === "pods/log";
  const what = { group: GROUPS[resource], resource: isLog ? "pods" : resource, namespace, name };
  return { ...what, part: isLog ? "log" : partAt(path), ...(deleted === true ? { deleted } : {}) };
}

/** A path begins with the part of the object that it leads into. */
function partAt(path: string): Part {
  return path.startsWith("metadata.") ? "metadata" : path.startsWith("status.") ? "status" : "spec";
}
