/** One program of the control plane and how it is built. */
export interface Target {
  name: string;
  /** The folder whose go.mod pins it. */
  module: "etcd" | "kubernetes" | "kwok";
  package: string;
  tags: string | null;
}

/** Raised when the cache's layout changes. */
export const format = 1;

/** The tags that Kubernetes' own release builds use for its programs (hack/lib/golang.sh). */
export const kubernetesTags = "selinux,notest,grpcnotrace";

/** What is built, in this order. */
export const targets: Target[] = [
  { name: "etcd", module: "etcd", package: "go.etcd.io/etcd/server/v3", tags: null },
  { name: "kwok", module: "kwok", package: "sigs.k8s.io/kwok/cmd/kwok", tags: null },
  ...["kube-apiserver", "kube-controller-manager", "kubectl"].map((name): Target => {
    return { name, module: "kubernetes", package: `k8s.io/kubernetes/cmd/${name}`, tags: kubernetesTags };
  }),
];

/**
 * Linker flags that give the programs their version: without them /version answers v0.0.0-master.
 * The commit is not known from a module, and `archive` is what Kubernetes calls a tree without git.
 */
export function kubernetesFlags(version: string, builtAt: string): string[] {
  const [major, minor] = version.slice(1).split(".");
  const values = {
    gitVersion: version,
    gitMajor: major,
    gitMinor: minor,
    gitTreeState: "archive",
    gitCommit: "unknown",
    buildDate: builtAt,
  };
  const packages = ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"];
  return ["-s", "-w", ...packages.flatMap((path) => Object.entries(values).map(([k, v]) => `-X ${path}.${k}=${v}`))];
}
