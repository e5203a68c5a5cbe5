import type { Json } from "../../model/api.ts";
import type { Place } from "./stage.ts";

/** Where the API server is reached, as the endpoints of default/kubernetes say. */
export interface ServerAddress {
  address: string;
  port: number;
}

/** How much of the cluster the twins of a run may take together. */
const QUOTA = {
  pods: "60",
  "requests.cpu": "4",
  "requests.memory": "4Gi",
  "limits.cpu": "16",
  "limits.memory": "8Gi",
  secrets: "100",
  "count/jobs.batch": "300",
  "count/cronjobs.batch": "40",
};

/** The Pod Security level of the namespaces: `baseline`, but where the image needs more. */
export type PodSecurity = "baseline" | "privileged";

/**
 * The namespaces of a run and what bounds them, in the order in which they are made: a quota, defaults by which pods meet it, and a
 * network policy that lets pods reach DNS in kube-system and the API server alone, and lets nobody reach them.
 */
export function baseObjects(place: Place, server: readonly ServerAddress[], podSecurity: PodSecurity): Json[] {
  const namespaces = [place.namespace, place.other];
  return [
    ...namespaces.map((name) => namespaceObject(name, podSecurity)),
    ...namespaces.flatMap((namespace) => [
      { ...named("v1", "ResourceQuota", namespace), spec: { hard: QUOTA } },
      { ...named("v1", "LimitRange", namespace), spec: { limits: [limits()] } },
      { ...named("networking.k8s.io/v1", "NetworkPolicy", namespace), spec: networkPolicy(server) },
    ]),
  ];
}

function named(apiVersion: string, kind: string, namespace: string): Json {
  return { apiVersion, kind, metadata: { name: "lab", namespace } };
}

function namespaceObject(name: string, podSecurity: PodSecurity): Json {
  const labels = { "pod-security.kubernetes.io/enforce": podSecurity };
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
}

function limits(): Json {
  return {
    type: "Container",
    defaultRequest: { cpu: "10m", memory: "16Mi" },
    default: { cpu: "200m", memory: "128Mi" },
  };
}

function networkPolicy(server: readonly ServerAddress[]): Json {
  const dns = ["UDP", "TCP"].map((protocol) => ({ protocol, port: 53 }));
  const toServer = server.map(({ address, port }) => ({
    to: [{ ipBlock: { cidr: `${address}/${address.includes(":") ? "128" : "32"}` } }],
    ports: [{ protocol: "TCP", port }],
  }));
  const toDns = {
    to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } }],
    ports: dns,
  };
  return { podSelector: {}, policyTypes: ["Ingress", "Egress"], ingress: [], egress: [toDns, ...toServer] };
}

/** The addresses in the EndpointSlice of the API server; empty where it has none. */
export function addressesIn(slice: Json): ServerAddress[] {
  const ports = (slice["ports"] as { port?: number; protocol?: string }[] | null | undefined) ?? [];
  const endpoints = (slice["endpoints"] as { addresses?: string[] }[] | null | undefined) ?? [];
  const addresses = endpoints.flatMap((one) => one.addresses ?? []);
  return addresses.flatMap((address) => ports.flatMap(({ port }) => (port === undefined ? [] : [{ address, port }])));
}
