import type { Answer, ControlPlane } from "./provider.ts";
import { type Stored } from "./story.ts";

const GROUPS: Record<string, [group: string, resource: string]> = {
  Namespace: ["api/v1", "namespaces"],
  Node: ["api/v1", "nodes"],
  Pod: ["api/v1", "pods"],
  Secret: ["api/v1", "secrets"],
  ConfigMap: ["api/v1", "configmaps"],
  ServiceAccount: ["api/v1", "serviceaccounts"],
  Event: ["api/v1", "events"],
  ReplicationController: ["api/v1", "replicationcontrollers"],
  Deployment: ["apis/apps/v1", "deployments"],
  ReplicaSet: ["apis/apps/v1", "replicasets"],
  StatefulSet: ["apis/apps/v1", "statefulsets"],
  DaemonSet: ["apis/apps/v1", "daemonsets"],
  CronJob: ["apis/batch/v1", "cronjobs"],
  Job: ["apis/batch/v1", "jobs"],
  NetworkPolicy: ["apis/networking.k8s.io/v1", "networkpolicies"],
  Role: ["apis/rbac.authorization.k8s.io/v1", "roles"],
  RoleBinding: ["apis/rbac.authorization.k8s.io/v1", "rolebindings"],
  ClusterRole: ["apis/rbac.authorization.k8s.io/v1", "clusterroles"],
  ClusterRoleBinding: ["apis/rbac.authorization.k8s.io/v1", "clusterrolebindings"],
};

/** The plural resource of a kind: `Job` → `jobs`. Throws for a kind that tests do not use. */
export function resourceOf(kind: string): string {
  const entry = GROUPS[kind];
  if (!entry) throw new Error(`no API path is known for kind ${kind}`);
  return entry[1];
}

/** The request path of one object, or of a collection where the name is absent. `namespace` is null for cluster-scoped kinds. */
export function pathOf(kind: string, namespace: string | null, name?: string, subresource?: string): string {
  const resource = resourceOf(kind);
  const scope = namespace === null ? "" : `/namespaces/${namespace}`;
  return [`/${GROUPS[kind]![0]}${scope}/${resource}`, name, subresource].filter(Boolean).join("/");
}

/** Sends a request as cluster-admin that has to succeed. Throws with the server's reason, never with the body sent. */
export async function must(plane: ControlPlane, method: string, path: string, body?: unknown): Promise<Stored> {
  const contentType = method === "PATCH" ? "application/merge-patch+json" : "application/json";
  const answer = await plane.request(method, path, body, { contentType });
  if (answer.status >= 300) {
    throw new Error(
      `${method} ${path}: ${String(answer.status)} ${String(answer.body?.reason)}: ${String(answer.body?.message)}`,
    );
  }
  return answer.body;
}

/** Reads an object, or null where there is none. */
export async function find(
  plane: ControlPlane,
  kind: string,
  namespace: string | null,
  name: string,
): Promise<Stored | null> {
  const answer = await plane.request("GET", pathOf(kind, namespace, name));
  if (answer.status === 404) return null;
  if (answer.status !== 200) throw new Error(`GET ${kind} ${name}: ${String(answer.status)} ${answer.body?.message}`);
  return answer.body;
}

/** Every object of a kind in a namespace, optionally narrowed by a label selector. */
export async function list(plane: ControlPlane, kind: string, namespace: string, labels = ""): Promise<Stored[]> {
  const query = labels === "" ? "" : `?labelSelector=${encodeURIComponent(labels)}`;
  return (await must(plane, "GET", pathOf(kind, namespace) + query))["items"];
}

/** Creates an object unless one of that name is there already, and returns what the server has. */
export async function ensure(plane: ControlPlane, object: Stored): Promise<Stored> {
  const { namespace = null, name } = object["metadata"];
  const answer = await plane.request("POST", pathOf(object["kind"], namespace), object);
  if (answer.status === 201) return answer.body;
  const existing = answer.status === 409 ? await find(plane, object["kind"], namespace, name) : null;
  if (existing) return existing;
  throw new Error(`create ${object["kind"]} ${name}: ${String(answer.status)} ${answer.body?.message}`);
}

/**
 * Asks until the probe answers something other than null or false, and returns it. The probe may note what it saw;
 * after `seconds` (60: a busy machine rests for half of that) the last note, or the last error of the probe, is in the failure.
 */
export async function waitFor<T>(
  what: string,
  probe: (note: (seen: string) => void) => Promise<T | null | false>,
  { seconds = 60, everyMs = 50 } = {},
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  let seen = "nothing";
  for (;;) {
    try {
      const answer = await probe((text) => (seen = text));
      if (answer !== null && answer !== false) return answer;
    } catch (error) {
      seen = error instanceof Error ? error.message : String(error);
    }
    if (Date.now() > end) throw new Error(`waited ${String(seconds)} s for ${what}; last seen: ${seen}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

/** A ServiceAccount that can be acted as. */
export interface Actor {
  /** `system:serviceaccount:NAMESPACE:NAME`. */
  user: string;
  /** A real token; keep it out of everything that is written. */
  token: string;
  request(method: string, path: string, body?: unknown): Promise<Answer>;
  /** A kubeconfig with this token, whose context names the account's namespace unless told otherwise. */
  kubeconfig(contextNamespace?: string): Promise<string>;
}

/**
 * Acts as a ServiceAccount, with a token as the kubelet would ask for it (TokenRequest, 3607 s), bound to a pod where
 * one is named. The account is created when it is missing; the pod has to exist.
 */
export async function actAs(
  plane: ControlPlane,
  namespace: string,
  name: string,
  options: { pod?: string; seconds?: number; audiences?: string[] } = {},
): Promise<Actor> {
  await ensure(plane, { apiVersion: "v1", kind: "ServiceAccount", metadata: { namespace, name } });
  const spec: Stored = { expirationSeconds: options.seconds ?? 3607, audiences: options.audiences ?? [] };
  if (options.pod !== undefined) {
    const { metadata } = await must(plane, "GET", pathOf("Pod", namespace, options.pod));
    spec["boundObjectRef"] = { apiVersion: "v1", kind: "Pod", name: options.pod, uid: metadata.uid };
  }
  const review = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec };
  const path = pathOf("ServiceAccount", namespace, name, "token");
  const token: string = (await must(plane, "POST", path, review))["status"].token;
  return {
    user: `system:serviceaccount:${namespace}:${name}`,
    token,
    request: (method, target, body) => plane.request(method, target, body, { token }),
    kubeconfig: (context = namespace) => plane.kubeconfigFor(token, { namespace: context, name }),
  };
}

/** Who is granted what by `allow`. `namespace` null grants it everywhere, by a ClusterRoleBinding. */
export interface Grant {
  name: string;
  namespace: string | null;
  subjects: { kind: "User" | "Group" | "ServiceAccount"; name: string; namespace?: string }[];
  verbs: string[];
  resources: string[];
  apiGroups?: string[];
  resourceNames?: string[];
}

/** Writes one role and one binding of the same name. The authorizer may need a moment: poll the first use. */
export async function allow(plane: ControlPlane, grant: Grant): Promise<void> {
  const { name, namespace, verbs, resources, apiGroups = [""], resourceNames = [] } = grant;
  const prefix = namespace === null ? "Cluster" : "";
  const metadata = namespace === null ? { name } : { name, namespace };
  const apiVersion = "rbac.authorization.k8s.io/v1";
  const rules = [{ verbs, apiGroups, resources, ...(resourceNames.length > 0 ? { resourceNames } : {}) }];
  await ensure(plane, { apiVersion, kind: `${prefix}Role`, metadata, rules });
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: `${prefix}Role`, name };
  const subjects = grant.subjects.map((subject) =>
    subject.kind === "ServiceAccount" ? subject : { ...subject, apiGroup: "rbac.authorization.k8s.io" },
  );
  await ensure(plane, { apiVersion, kind: `${prefix}RoleBinding`, metadata, roleRef, subjects });
}
