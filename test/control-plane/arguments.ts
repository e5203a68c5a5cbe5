import { join } from "node:path";
import { caFileOf, clientCaOf, kubeconfigPath, kubeletClientOf } from "./plane-file.ts";
import type { PlaneFile } from "./plane-file.ts";
import type { Program } from "./processes.ts";

const controllers = [
  "cronjob-controller",
  "job-controller",
  "ttl-after-finished-controller",
  "garbage-collector-controller",
  "pod-garbage-collector-controller",
  "namespace-controller",
  "serviceaccount-controller",
  "serviceaccount-token-controller",
  "legacy-serviceaccount-token-cleaner-controller",
  "root-ca-certificate-publisher-controller",
  "clusterrole-aggregation-controller",
  "resourcequota-controller",
  // Those that make pods and claims out of what an attacker may write, and the one that signs client certificates.
  "deployment-controller",
  "replicaset-controller",
  "statefulset-controller",
  "daemonset-controller",
  "replicationcontroller-controller",
  "ephemeral-volume-controller",
  "certificatesigningrequest-signing-controller",
];

function etcd({ directory, ports }: PlaneFile): string[] {
  return [
    `--data-dir=${directory}/etcd`,
    `--listen-client-urls=http://127.0.0.1:${ports.etcd}`,
    `--advertise-client-urls=http://127.0.0.1:${ports.etcd}`,
    `--listen-peer-urls=http://127.0.0.1:${ports.etcdPeer}`,
    `--initial-advertise-peer-urls=http://127.0.0.1:${ports.etcdPeer}`,
    `--initial-cluster=default=http://127.0.0.1:${ports.etcdPeer}`,
    "--quota-backend-bytes=8589934592",
    "--unsafe-no-fsync",
    "--log-level=warn",
  ];
}

function apiserver(plane: PlaneFile): string[] {
  const { directory, ports } = plane;
  const file = (name: string) => join(directory, name);
  return [
    `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
    // Stored as JSON, an object can be read from etcd, made older and put back.
    "--storage-media-type=application/json",
    "--bind-address=127.0.0.1",
    `--secure-port=${ports.apiserver}`,
    "--advertise-address=127.0.0.1",
    "--endpoint-reconciler-type=none",
    "--service-cluster-ip-range=10.0.0.0/24",
    "--allow-privileged=true",
    `--cert-dir=${file("certs")}`,
    "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
    `--service-account-key-file=${file("sa.pub")}`,
    `--service-account-signing-key-file=${file("sa.key")}`,
    "--authorization-mode=Node,RBAC",
    "--anonymous-auth=false",
    `--token-auth-file=${file("tokens.csv")}`,
    `--client-ca-file=${clientCaOf(plane).certificate}`,
    "--enable-bootstrap-token-auth=true",
    "--enable-admission-plugins=NodeRestriction",
    "--kubelet-preferred-address-types=InternalIP,Hostname",
    `--kubelet-client-certificate=${kubeletClientOf(plane).certificate}`,
    `--kubelet-client-key=${kubeletClientOf(plane).key}`,
    `--audit-policy-file=${file("audit-policy.yaml")}`,
    `--audit-log-path=${file("audit.log")}`,
    "--audit-log-mode=blocking",
    "--audit-log-maxsize=0",
    "--shutdown-delay-duration=0s",
    "--profiling=false",
    ...(plane.apiserver ?? []),
  ];
}

function controllerManager(plane: PlaneFile): string[] {
  const kubeconfig = kubeconfigPath(plane, "controller-manager");
  return [
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${plane.ports.controllerManager}`,
    "--leader-elect=false",
    "--use-service-account-credentials=true",
    `--root-ca-file=${caFileOf(plane)}`,
    `--service-account-private-key-file=${plane.directory}/sa.key`,
    `--cluster-signing-cert-file=${clientCaOf(plane).certificate}`,
    `--cluster-signing-key-file=${clientCaOf(plane).key}`,
    "--kube-api-qps=200",
    "--kube-api-burst=300",
    `--controllers=${controllers.join(",")}`,
    ...(plane.controllers ?? []),
  ];
}

function kwok(plane: PlaneFile): string[] {
  const configs = [join(plane.directory, "kwok.yaml"), ...plane.binaries.nodeStages];
  return [
    `--kubeconfig=${kubeconfigPath(plane, "kwok")}`,
    // Only nodes that ask for it, so that a real kubelet's node can stand beside the fake one.
    "--manage-all-nodes=false",
    "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake",
    ...configs.map((path) => `--config=${path}`),
    "--node-ip=127.0.0.1",
    "--node-name=localhost",
    `--node-port=${plane.ports.kwok}`,
    `--server-address=127.0.0.1:${plane.ports.kwok}`,
    `--tls-cert-file=${caFileOf(plane)}`,
    `--tls-private-key-file=${plane.directory}/certs/apiserver.key`,
    "--node-lease-duration-seconds=40",
  ];
}

/** The path and the arguments that each program of a plane is started with. */
export function commandOf(plane: PlaneFile, program: Program): { path: string; args: string[] } {
  const { binaries } = plane;
  switch (program) {
    case "etcd":
      return { path: binaries.etcd, args: etcd(plane) };
    case "kube-apiserver":
      return { path: binaries.apiserver, args: apiserver(plane) };
    case "kube-controller-manager":
      return { path: binaries.controllerManager, args: controllerManager(plane) };
    case "kwok":
      return { path: binaries.kwok, args: kwok(plane) };
  }
}
