import { configurationError } from "../errors.ts";
import type { Target } from "../kubeconfig/types.ts";
import type { Authenticator } from "./authenticator.ts";

/**
 * `auth-provider` entries (oidc, gcp, azure), which kubectl has dropped and old kubeconfigs still hold: the Kubernetes
 * client for JavaScript knows how to refresh them. Its errors may quote a token, so they are not repeated.
 */
export function legacyProvider(target: Target): Authenticator {
  const provider = target.user["auth-provider"];
  const name = provider?.name ?? "";
  return {
    async credentials() {
      const { KubeConfig } = await import("@kubernetes/client-node");
      const config = new KubeConfig();
      config.loadFromClusterAndUser(
        { name: "cluster", server: target.cluster.server, skipTLSVerify: false },
        { name: "user", authProvider: provider },
      );
      const request: { headers: Record<string, string> } = { headers: {} };
      try {
        await config.applyToHTTPSOptions(request);
      } catch {
        throw configurationError(
          `getting credentials: the auth-provider "${name}" of the kubeconfig failed`,
          "Sign in again with the provider's own tool, or replace the auth-provider by an exec plugin.",
        );
      }
      const authorization = request.headers["Authorization"];
      if (authorization === undefined) {
        throw configurationError(
          `no Auth Provider found for name "${name}"`,
          "Replace the auth-provider of the kubeconfig's user by an exec plugin.",
        );
      }
      return { authorization, certificate: null };
    },
    renew: () => Promise.resolve(false),
  };
}
