import type { Json } from "../model/api.ts";
import type { ContainerAt } from "./container-literals.ts";
import type { ProjectionContext } from "./context.ts";
import { booleanAt, objectAt, objectsAt, stringAt, stringsAt } from "./json.ts";

/** Capabilities with which a container's root is the node's (capabilities(7)). */
const STRONG = new Set(["ALL", "SYS_ADMIN", "SYS_PTRACE", "SYS_MODULE", "DAC_READ_SEARCH"]);

/**
 * What gives the containers of a pod a view of their node, and so of other pods' files and processes: what the Pod Security
 * level baseline forbids (pod-security-admission, policy/check_hostNamespaces.go, check_hostPathVolumes.go,
 * check_privileged.go, check_capabilities_baseline.go, check_windowsHostProcess.go), without what only opens the network.
 */
export function nodeAccess(
  spec: Json | null,
  containers: readonly ContainerAt[],
  context: ProjectionContext,
): string[] {
  const found: string[] = [];
  if (booleanAt(spec, "hostPID") === true) found.push("hostPID");
  for (const { raw, name } of containers) {
    const security = objectAt(raw, "securityContext");
    const windows =
      objectAt(security, "windowsOptions") ?? objectAt(objectAt(spec, "securityContext"), "windowsOptions");
    if (booleanAt(windows, "hostProcess") === true) found.push(`host process container ${name}`);
    if (booleanAt(security, "privileged") === true) found.push(`privileged container ${name}`);
    const added = stringsAt(objectAt(security, "capabilities"), "add").filter((one) => STRONG.has(one));
    if (added.length > 0) found.push(`container ${name} with ${added.join(", ")}`);
  }
  for (const [volume] of objectsAt(spec, "volumes")) {
    const path = stringAt(objectAt(volume, "hostPath"), "path");
    if (path !== null) found.push(`hostPath ${context.mask.keep(path)}`);
  }
  return found;
}
