import { AUTHENTICATED, NODES as KUBELETS, type Identity } from "../../src/rbac/subjects.ts";
import type { ResourceRequest } from "../../src/rbac/rules.ts";
import type { Draw } from "./draw.ts";
import { ACCOUNTS, NAMESPACES } from "./words.ts";

const NODES = ["n1", "n2", "n2.example"];
const SECRETS = ["db", "api", "pull", "tls.example", "unnamed", ""];
const PHASES = ["Succeeded", "Failed", "Running", "Pending", "Unknown"];

type Reference = (secret: string) => object;

/** Every volume source that names a Secret (VisitPodSecretNames of pkg/api/v1/pod/util.go), and some that name something else. */
const VOLUMES: Reference[] = [
  (secretName) => ({ secret: { secretName, optional: true } }),
  (name) => ({ projected: { sources: [{ secret: { name } }, { serviceAccountToken: { path: "token" } }] } }),
  (name) => ({
    projected: { sources: [{ configMap: { name } }, { secret: { name: "db", items: [{ key: "k", path: "p" }] } }] },
  }),
  (name) => ({ csi: { driver: "secrets.example", nodePublishSecretRef: { name } } }),
  (name) => ({ flexVolume: { driver: "flex.example", secretRef: { name } } }),
  (name) => ({ rbd: { monitors: [], image: "i", secretRef: { name } } }),
  (name) => ({ cephfs: { monitors: [], secretRef: { name } } }),
  (name) => ({ iscsi: { targetPortal: "t", iqn: "q", lun: 0, secretRef: { name } } }),
  (name) => ({ scaleIO: { gateway: "g", system: "s", secretRef: { name } } }),
  (name) => ({ storageos: { secretRef: { name } } }),
  (secretName) => ({ azureFile: { secretName, shareName: "s" } }),
  (name) => ({ cinder: { volumeID: "v", secretRef: { name } } }),
  (name) => ({ configMap: { name } }),
  (name) => ({ persistentVolumeClaim: { claimName: name } }),
  () => ({ emptyDir: {} }),
];

const IN_CONTAINERS: Reference[] = [
  (name) => ({ env: [{ name: "A", valueFrom: { secretKeyRef: { name, key: "k", optional: true } } }] }),
  (name) => ({ envFrom: [{ prefix: "P_", secretRef: { name } }] }),
  (name) => ({ envFrom: [{ configMapRef: { name } }], env: [{ name: "A", value: name }] }),
  (name) => ({ env: [{ name: "A", valueFrom: { configMapKeyRef: { name, key: "k" } } }] }),
];

/** The part of a random pod that requests are derived from. */
export interface OddPod {
  metadata: { name: string; namespace: string; [other: string]: unknown };
  spec: { nodeName?: string; serviceAccountName?: string; [other: string]: unknown };
  [other: string]: unknown;
}

/** A random pod as an API server serves it after admission: it names a ServiceAccount unless it is a mirror pod. */
function randomPod(draw: Draw, name: string): OddPod {
  const secret = () => draw.prefer(SECRETS);
  const containers = (most: number) =>
    draw.times(draw.below(most + 1), (index) => ({
      name: `c${String(index)}`,
      image: "registry.example/i:1",
      ...(draw.chance(0.5) ? draw.pick(IN_CONTAINERS)(secret()) : {}),
    }));
  const mirror = draw.chance(0.12);
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: draw.prefer(NAMESPACES),
      uid: name,
      ...(mirror ? { annotations: { "kubernetes.io/config.mirror": draw.pick(["5f1b", ""]) } } : {}),
      // Says where a static pod came from, and anybody may write it: it takes no rights away.
      ...(!mirror && draw.chance(0.05) ? { annotations: { "kubernetes.io/config.source": "file" } } : {}),
      ...(draw.chance(0.1) ? { deletionTimestamp: "2026-11-22T00:00:00Z" } : {}),
    },
    spec: {
      ...(draw.chance(0.85) ? { nodeName: draw.prefer(NODES) } : {}),
      ...(mirror && draw.chance(0.7) ? {} : { serviceAccountName: draw.prefer(ACCOUNTS) }),
      containers: containers(2),
      initContainers: containers(1),
      ephemeralContainers: containers(1),
      volumes: draw.times(draw.below(3), (index) => ({ name: `v${String(index)}`, ...draw.pick(VOLUMES)(secret()) })),
      ...(draw.chance(0.2) ? { imagePullSecrets: [{ name: secret() }] } : {}),
    },
    status: { phase: draw.pick(PHASES) },
  };
}

/** Random pods with unique names. */
export function randomPods(draw: Draw): OddPod[] {
  return draw.times(1 + draw.below(5), (index) => randomPod(draw, `p${String(index)}`));
}

/** A kubelet, of this node where one is given, or somebody who looks like one. */
export function randomKubelet(draw: Draw, node = draw.prefer(NODES)): Identity {
  const name = `system:node:${node}`;
  const groups = [KUBELETS, AUTHENTICATED];
  if (draw.chance(0.85)) return { name, groups };
  return draw.pick<Identity>([
    { name, groups: [AUTHENTICATED] },
    { name: node, groups },
    { name: "system:node:", groups },
    { name: `System:Node:${node}`, groups },
    { name, groups: [KUBELETS] },
    { name: "system:node:elsewhere", groups },
  ]);
}

/** What a kubelet asks for the Secrets and the ServiceAccount of one of these pods, or something that it may not. */
export function randomKubeletRequest(
  draw: Draw,
  pods: readonly OddPod[],
): { user: Identity; request: ResourceRequest } {
  const { metadata, spec } = draw.pick(pods);
  const user = randomKubelet(draw, draw.chance(0.7) ? spec.nodeName : undefined);
  const where = {
    group: draw.chance(0.95) ? "" : "apps",
    namespace: draw.chance(0.8) ? metadata.namespace : draw.pick(["", "elsewhere", ...NAMESPACES]),
  };
  if (draw.chance(0.65)) {
    const subresource = draw.chance(0.95) ? "" : "status";
    const verb = draw.prefer(["get", "list", "watch", "update", "deletecollection", "*"]);
    const request = { verb, resource: "secrets", subresource, name: namedBy(draw, spec), ...where };
    return { user, request };
  }
  const mints = draw.chance(0.7);
  const verb = mints === draw.chance(0.9) ? "create" : draw.prefer(["get", "list", "create"]);
  const subresource = mints ? draw.prefer(["token", "token", "token", ""]) : "";
  const account = draw.chance(0.7) ? spec.serviceAccountName : undefined;
  const name = account ?? draw.prefer([...ACCOUNTS, "nobody", ""]);
  return { user, request: { verb, resource: "serviceaccounts", subresource, name, ...where } };
}

/** One of the names in a pod's spec, or any. */
function namedBy(draw: Draw, spec: object): string {
  const text = JSON.stringify(spec);
  const named = SECRETS.filter((secret) => text.includes(`"${secret}"`));
  return named.length > 0 && draw.chance(0.7) ? draw.pick(named) : draw.pick(SECRETS);
}
