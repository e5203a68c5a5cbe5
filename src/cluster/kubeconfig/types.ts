/** `clusters[].cluster` of a kubeconfig; paths are absolute. Field names are the file's own (clientcmd/api/v1/types.go). */
export interface Cluster {
  server?: string;
  "tls-server-name"?: string;
  "insecure-skip-tls-verify"?: boolean;
  "certificate-authority"?: string;
  "certificate-authority-data"?: string;
  "proxy-url"?: string;
  "disable-compression"?: boolean;
  /** The extension that is handed to exec plugins as `spec.cluster.config`. */
  execConfig?: unknown;
}

/** How to get credentials from a program (`users[].user.exec`). */
export interface ExecConfig {
  apiVersion?: string;
  command?: string;
  args: string[];
  env: { name: string; value: string }[];
  installHint?: string;
  provideClusterInfo?: boolean;
  interactiveMode?: string;
}

/** `users[].user` of a kubeconfig; paths are absolute. */
export interface User {
  "client-certificate"?: string;
  "client-certificate-data"?: string;
  "client-key"?: string;
  "client-key-data"?: string;
  token?: string;
  tokenFile?: string;
  username?: string;
  password?: string;
  as?: string;
  "as-uid"?: string;
  "as-groups": string[];
  "as-user-extra": Record<string, string[]>;
  "auth-provider"?: { name: string; config?: Record<string, unknown> };
  exec?: ExecConfig;
}

/** `contexts[].context` of a kubeconfig. */
export interface Context {
  cluster?: string;
  user?: string;
  namespace?: string;
}

/** One kubeconfig, or several merged. */
export interface Kubeconfig {
  currentContext: string;
  clusters: Map<string, Cluster>;
  users: Map<string, User>;
  contexts: Map<string, Context>;
  /** Names of clusters that several files give different servers. */
  sharedNames?: Set<string>;
}

/** What one connection is made from: a context, after flags have overridden parts of it. */
export interface Target {
  context: string | null;
  namespace: string;
  clusterName: string;
  /** The cluster's name where it means this server alone; empty where a flag chose the server, or files give the name different ones. */
  knownAs: string;
  cluster: Cluster & { server: string };
  userName: string;
  user: User;
}
