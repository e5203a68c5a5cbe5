import type { Reach, SubjectRef, Way } from "../model/report.ts";
import type { Resource } from "../model/snapshot.ts";
import type { Binding } from "./compile.ts";
import type { Held } from "./held.ts";
import type { Position } from "./position.ts";
import type { World } from "./world.ts";

/**
 * Whether a request along an edge carries the object's name, which is what resourceNames are compared with.
 * `always`: in its path. `by-field-selector`: it may, as fieldSelector metadata.name (requestinfo.go). `never`: only a rule
 * without names, or with the empty one, covers it. `either`: both are of use, and the edge looks which it is.
 */
export type Named = "always" | "by-field-selector" | "never" | "either";

/** A resource or subresource of the API, as a rule names it. */
export interface ApiResource {
  group: string;
  resource: string;
  subresource: string;
  /** True where a request for it has no namespace, so that only a ClusterRoleBinding grants it. */
  clusterScoped: boolean;
}

/** Stands for whichever subresource, where its name is free: the keys of userextras. */
export const ANY_SUBRESOURCE = "*";

/** `core("pods/exec")`: a resource of the core group. */
export function core(path: string): ApiResource {
  return api("", path);
}

/** `api("batch", "cronjobs")`, `api("", "pods/exec")`: a namespaced resource of a group. */
export function api(group: string, path: string): ApiResource {
  const [resource = "", subresource = ""] = path.split("/");
  return { group, resource, subresource, clusterScoped: false };
}

/** As api(), for what has no namespace. */
export function clusterScoped(group: string, path: string): ApiResource {
  return { ...api(group, path), clusterScoped: true };
}

/** One right that an edge needs: any of the verbs on any of the resources. */
export interface Need {
  verbs: readonly string[];
  on: readonly ApiResource[];
  named: Named;
}

/** How the holder gets at a Secret: itself, as somebody else, in a running container, after an event, or with luck. */
export type Effect = Way["effect"];

/** What is read apart from the rest of an object: its metadata, its status, and what a pod's containers printed. */
export type Part = "spec" | "metadata" | "status" | "log";

/** What the answer holds where it is the object: all but the log, which is none of its fields. */
const WHOLE: readonly Part[] = ["spec", "metadata", "status"];

/** Where an edge's needs are held together. */
export interface Site {
  world: World;
  /** What covers each need, in the order of the edge's needs; they may come from different bindings. */
  held: readonly Held[];
  /** The namespace in which all of them hold; "" is everywhere, later namespaces included. */
  where: string;
  /** Whether the same holder has another right there, named or not. */
  may(need: Need, where: string): boolean;
  /** Rules of the same holder that cover another need. */
  heldFor(need: Need): readonly Held[];
  /** The bindings that give the holder its rights. */
  bindings: readonly Binding[];
  /** Who holds them; null where they are a role's, or borrowed. */
  holder: SubjectRef | null;
  /** True where they are only lent by impersonation. */
  borrowed: boolean;
}

/** What a holder gains at one site. All parts of one outcome come by the same act. */
export interface Outcome {
  /** Secrets that it then reads. */
  reads?: Reach;
  /** What it then acts as, or executes in. */
  to?: Position[];
  /** The effect where it differs from the edge's. */
  effect?: Effect;
  /** What must be true besides the right, at this site. */
  note?: string;
  /** Instead of all else: why the right reaches nothing now. It would, once that changes. */
  latent?: string;
}

/** One way to reach a credential. Each stands in its own file under edges/, named by its id. */
export interface Edge {
  /** Stable; reports and documentation refer to it. */
  id: string;
  /** What people call the request. */
  name: string;
  /** What the holder gets by it. */
  grants: string;
  effect: Effect;
  /** All of them are needed. Empty for what follows from a place and not from a rule. */
  needs: readonly Need[];
  /** Of the object that the need is on, or of the node's pods, the parts that come back; absent: all of them. */
  parts?: readonly Part[];
  /** First Kubernetes version that has this way, `1.36`; null: all supported ones. */
  since: string | null;
  /** First Kubernetes version that no longer has it; null: none. */
  until: string | null;
  /** What must be true besides the right, or null. */
  caveat: string | null;
  /** What ends or prevents it besides taking the right away, most effective first. Absent for direct reads: their kinds say it. */
  prevent?: readonly string[];
  /** Where the rule comes from: a file of Kubernetes or a document. */
  source: string;
  /** True where it lends an identity for single requests: not from an identity that is itself only lent. */
  impersonates?: true;
  /** The kinds of evidence, besides roles and bindings, from which it is told what the edge leads to. */
  looksAt: readonly Resource[];
  /** Null: a test carries it out on the real control plane. Else: why that cannot show it. */
  notDemonstrated: string | null;
  /** What is gained where the needs are held. Absent for direct reads, which gain the object itself. */
  reach?: (site: Site) => Outcome[];
}

/** True for the edges by which the object itself is read. */
export function isRead(edge: Edge): edge is Edge & { effect: "read"; needs: readonly [Need] } {
  return edge.effect === "read" && edge.reach === undefined && edge.needs.length === 1;
}

/** What comes back along an edge as it is; nothing where the edge is no read of its own. */
export function partsOf(edge: Edge): readonly Part[] {
  return edge.parts ?? (isRead(edge) ? WHOLE : []);
}
