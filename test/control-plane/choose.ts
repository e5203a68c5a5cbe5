import { startPlane } from "./plane.ts";
import type { StartOptions } from "./plane.ts";
import type { ControlPlane } from "./provider.ts";

/** The environment variable that says which cluster the tests run against. */
export const variable = "CRONAUDIT_TEST_CLUSTER";

export type Choice = { provider: "built" } | { provider: "existing"; context: string } | { provider: "kind" };

/**
 * Reads the choice: `built` (also when unset) starts a control plane of its own, `context:NAME` means that context of
 * the kubeconfig and never the current one by itself, `kind` a cluster in Docker.
 */
export function chooseProvider(env: Record<string, string | undefined>): Choice {
  const value = env[variable] ?? "";
  if (value === "" || value === "built") return { provider: "built" };
  if (value === "kind") return { provider: "kind" };
  if (value === "context" || value === "context:") {
    throw new Error(`${variable}=${value} names no context; tests create and delete objects, so write context:NAME`);
  }
  if (value.startsWith("context:")) return { provider: "existing", context: value.slice("context:".length) };
  throw new Error(`${variable}=${value} is not one of built, context:NAME, kind`);
}

/** Opens the chosen cluster; only `built` exists so far, the others say so. */
export async function openCluster(choice: Choice, options: StartOptions): Promise<ControlPlane> {
  switch (choice.provider) {
    case "built":
      return startPlane(options);
    case "existing":
      throw new Error(
        `tests on an existing cluster (context ${choice.context}) are not supported yet; unset ${variable}`,
      );
    case "kind":
      throw new Error(`tests on a kind cluster are not supported yet; unset ${variable}`);
  }
}
