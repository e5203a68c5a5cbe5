import type { IncomingMessage, ServerResponse } from "node:http";

/** Sends JSON. */
export function answer(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { "Content-Type": "application/json", ...headers });
  response.end(text);
}

/** Sends a Kubernetes Status. */
export function status(
  response: ServerResponse,
  code: number,
  reason: string,
  message: string,
  headers: Record<string, string> = {},
): void {
  const body = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason, code };
  answer(response, code, body, headers);
}

const KINDS: Record<string, string> = {
  namespaces: "Namespace",
  pods: "Pod",
  secrets: "Secret",
  configmaps: "ConfigMap",
  nodes: "Node",
  serviceaccounts: "ServiceAccount",
  jobs: "Job",
  cronjobs: "CronJob",
  roles: "Role",
  rolebindings: "RoleBinding",
  clusterroles: "ClusterRole",
  clusterrolebindings: "ClusterRoleBinding",
};

/** What a quiet, empty cluster answers: its version, who asks, and lists of nothing. */
export function honest(request: IncomingMessage, response: ServerResponse): void {
  const { pathname } = new URL(request.url ?? "/", "https://127.0.0.1");
  if (pathname === "/version") return answer(response, 200, { major: "1", minor: "36", gitVersion: "v1.36.4" });
  if (pathname.endsWith("/selfsubjectreviews")) {
    const [apiVersion, kind] = ["authentication.k8s.io/v1", "SelfSubjectReview"];
    return answer(response, 201, { apiVersion, kind, status: { userInfo: { username: "alice" } } });
  }
  const kind = KINDS[pathname.split("/").at(-1) ?? ""];
  if (kind === undefined) return status(response, 404, "NotFound", "the server could not find the requested resource");
  const wanted = request.headers.accept ?? "";
  const name = wanted.includes("PartialObjectMetadataList") ? "PartialObjectMetadata" : kind;
  answer(response, 200, { kind: `${name}List`, apiVersion: "v1", metadata: { resourceVersion: "7" }, items: [] });
}

/** A pod as a list has it, about as large as a small real one; with a template too, so that it passes for a Job. */
export function pod(number: number): Record<string, unknown> {
  const containers = [{ name: "main", image: "registry.test/a:1", args: ["y".repeat(500)] }];
  return {
    metadata: {
      name: `pod-${number}`,
      namespace: "team",
      uid: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
      resourceVersion: String(1000 + number),
      managedFields: [{ manager: "kubelet", fieldsV1: { padding: "x".repeat(1500) } }],
    },
    spec: { containers, template: { spec: { containers } } },
    status: { phase: "Succeeded" },
  };
}
