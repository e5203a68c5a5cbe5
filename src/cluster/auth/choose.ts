import type { Target } from "../kubeconfig/types.ts";
import type { ConnectOptions } from "../options.ts";
import { type Authenticator, fixed } from "./authenticator.ts";
import { basic, bearer } from "./bearer.ts";
import { execPlugin } from "./exec-plugin.ts";
import { legacyProvider } from "./legacy.ts";
import { tokenFile } from "./token-file.ts";

/**
 * The way in which this user proves who they are. Nothing is sent over plain http, as in client-go; a token or password
 * is used rather than a plugin (client_config.go, exec.go UpdateTransportConfig).
 */
export function chooseAuthenticator(target: Target, proxy: string | null, options: ConnectOptions): Authenticator {
  const { user } = target;
  if (!target.cluster.server.startsWith("https:")) return fixed(null);
  if (user.tokenFile !== undefined) return tokenFile(user.tokenFile, user.token ?? null);
  if (user.token !== undefined) return fixed(bearer(user.token));
  if (user.username !== undefined || user.password !== undefined) {
    return fixed(basic(user.username ?? "", user.password ?? ""));
  }
  const certified = user["client-certificate"] !== undefined || user["client-certificate-data"] !== undefined;
  if (user.exec !== undefined && !certified) return execPlugin(user.exec, target.cluster, proxy, options);
  if (user["auth-provider"] !== undefined) return legacyProvider(target);
  return fixed(null);
}
