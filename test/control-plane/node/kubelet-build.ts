import { join } from "node:path";
import { cachedProgram } from "../cached-program.ts";
import { go } from "../go.ts";
import { kubernetesFlags, kubernetesTags } from "../targets.ts";

// A module of its own: the control plane's go.mod decides under which key that is cached.
const module = join(import.meta.dirname, "..", "kubelet");

async function version(): Promise<string[]> {
  const { Version, Time } = JSON.parse(await go(["list", "-m", "-json", "k8s.io/kubernetes"], module)) as {
    Version: string;
    Time: string;
  };
  return ["-ldflags", kubernetesFlags(Version, Time).join(" ")];
}

/** The kubelet's path in the cache of the control plane's build, built first where it is missing; about a minute then. */
export async function buildKubelet(log: (line: string) => void, signal?: AbortSignal): Promise<string> {
  const program = {
    name: "kubelet",
    module,
    package: "k8s.io/kubernetes/cmd/kubelet",
    flags: ["-trimpath", "-buildvcs=false", "-tags", kubernetesTags],
    moreFlags: version,
    takes: "for a real node: about a minute where the control plane is built",
  };
  return cachedProgram(program, log, signal);
}
