import { spawn } from "node:child_process";
import { must, pathOf } from "../act.ts";
import { nodeName } from "../plane-file.ts";
import type { ControlPlane } from "../provider.ts";
import type { Stored } from "../story.ts";
import type { Canaries } from "./values.ts";

/** What a character needs to come to life. */
export interface Scene {
  plane: ControlPlane;
  namespace: string;
  canaries: Canaries;
}

/** One inhabitant of the namespace: what is applied, what then has to happen, and since when it has been there. */
export interface Character {
  name: string;
  /** One sentence: which mistake or which subtlety it stands for. */
  why: string;
  /** Age in days of the objects that are applied; `play` ages what runs. */
  days: number;
  /** Applied with `kubectl apply` before anybody plays; no Jobs, because they would start too early to be aged together. */
  objects(scene: Scene): Stored[];
  play?(scene: Scene): Promise<void>;
}

/** Applies objects as a person does, so that last-applied-configuration and managedFields are kubectl's own. */
export async function apply({ plane, canaries }: Scene, objects: Stored[]): Promise<void> {
  const args = ["--kubeconfig", plane.adminKubeconfig, "apply", "-f", "-"];
  const child = spawn(plane.kubectl, args, { stdio: ["pipe", "ignore", "pipe"] });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  child.stdin.end(JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
  const code = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  if (code === 0) return;
  for (const value of canaries.all) errors = errors.replaceAll(value, "[value]");
  throw new Error(`kubectl apply failed with status ${String(code)}: ${errors.trim()}`);
}

/** Creates a Job as `kubectl create job` does: without last-applied-configuration, under kubectl's field manager. */
export async function createJob({ plane, namespace }: Scene, job: Stored): Promise<Stored> {
  return must(plane, "POST", `${pathOf("Job", namespace)}?fieldManager=kubectl-create`, job);
}

/** A CronJob manifest; `spec` is everything beside schedule and pod template. */
export function cronJob(
  namespace: string,
  name: string,
  schedule: string,
  podSpec: Stored,
  { jobSpec = {}, ...spec }: Stored = {},
): Stored {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { nodeName, restartPolicy: "OnFailure", ...podSpec } };
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { namespace, name },
    spec: { schedule, ...spec, jobTemplate: { spec: { ...jobSpec, template } } },
  };
}

/** A Job manifest; `annotations` go on its pods. */
export function job(namespace: string, name: string, podSpec: Stored, { annotations, ...spec }: Stored = {}): Stored {
  const metadata = annotations === undefined ? {} : { metadata: { annotations } };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { namespace, name },
    spec: { ...spec, template: { ...metadata, spec: { nodeName, restartPolicy: "Never", ...podSpec } } },
  };
}

/** A Secret manifest with stringData, which `kubectl apply` then also writes into its annotation. */
export function secret(namespace: string, name: string, stringData: Record<string, string>): Stored {
  return { apiVersion: "v1", kind: "Secret", metadata: { namespace, name }, type: "Opaque", stringData };
}

/** A ServiceAccount manifest. */
export function serviceAccount(namespace: string, name: string): Stored {
  return { apiVersion: "v1", kind: "ServiceAccount", metadata: { namespace, name } };
}

/** A Role (ClusterRole where the namespace is null) manifest from `[verbs, resources, resourceNames]` rows of the core group. */
export function role(
  namespace: string | null,
  name: string,
  ...rules: [verbs: string[], resources: string[], resourceNames?: string[]][]
): Stored {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: namespace === null ? "ClusterRole" : "Role",
    metadata: namespace === null ? { name } : { namespace, name },
    rules: rules.map(([verbs, resources, resourceNames]) => ({
      apiGroups: [""],
      resources,
      ...(resourceNames === undefined ? {} : { resourceNames }),
      verbs,
    })),
  };
}

/** A RoleBinding (ClusterRoleBinding where the namespace is null) manifest to `Kind/name`. */
export function binding(namespace: string | null, name: string, to: string, ...subjects: Stored[]): Stored {
  const [kind, roleName] = to.split("/");
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: namespace === null ? "ClusterRoleBinding" : "RoleBinding",
    metadata: namespace === null ? { name } : { namespace, name },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name: roleName },
    subjects,
  };
}

/** Binding subjects, as manifests write them. */
export const subject = {
  serviceAccount: (namespace: string, name: string): Stored => ({ kind: "ServiceAccount", namespace, name }),
  user: (name: string): Stored => ({ apiGroup: "rbac.authorization.k8s.io", kind: "User", name }),
  group: (name: string): Stored => ({ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name }),
};
