/** What random objects and requests are made of. The first entries of a list are drawn most; the last ones are the awkward. */

export const GROUP = "rbac.authorization.k8s.io";
export const NAMESPACES = ["a", "b", "a-b"];
export const ACCOUNTS = ["default", "backup", "rotate.daily"];
export const NAMES = ["db", "api", "tls.example", "x", "", "*", "DB", "d*", "db/x", "dé"];

export const VERBS = [
  "get",
  "list",
  "watch",
  "create",
  "delete",
  "update",
  "patch",
  "deletecollection",
  "escalate",
  "bind",
  "impersonate",
  "approve",
  "use",
  "GET",
  "Get",
  "get*",
  "*",
  "",
];

export const API_GROUPS = ["", "batch", "apps", GROUP, "v1", "core", "BATCH", "*", "*.k8s.io"];

/** Resource and subresource of requests; a resource may hold a slash or a star as SubjectAccessReviews may. */
export const RESOURCES = [
  "secrets",
  "pods",
  "serviceaccounts",
  "jobs",
  "cronjobs",
  "clusterroles",
  "configmaps",
  "namespaces",
  "nodes",
  "Secrets",
  "pods/log",
  "*",
  "",
];
export const SUBRESOURCES = ["log", "token", "exec", "status", "ephemeralcontainers", "proxy/x", "*", "Log"];

export const RULE_VERBS = ["*", ...VERBS];
export const RULE_GROUPS = ["", "*", "batch", ...API_GROUPS];
export const RULE_RESOURCES = [
  "secrets",
  "*",
  "pods",
  "*/log",
  "pods/*",
  "*/*",
  "pods/log",
  "serviceaccounts/token",
  "secrets/*",
  "*/token",
  "*/proxy/x",
  "*/",
  "pods/",
  "**",
  "**/log",
  "pod*",
  "*/l*",
  ...RESOURCES,
];

export const PATHS = ["/healthz", "/healthz/ping", "/api", "/apis/batch", "/", "/healthz/", "/metrics", "", "*", "api"];
export const RULE_PATHS = [
  "/healthz",
  "/healthz/*",
  "*",
  "/api*",
  "/api/**",
  "/healthz*",
  "**",
  "/*",
  "/",
  "",
  "/met*rics",
  "*/ping",
  "/HEALTHZ",
];

export const USERS = ["alice", "dev", "*", "system:anonymous", "Alice", "system:serviceaccount:a", "a:backup"];
export const GROUPS = [
  "system:serviceaccounts",
  "system:authenticated",
  "dev",
  "system:serviceaccounts:a",
  "system:serviceaccounts:b",
  "system:unauthenticated",
  "system:nodes",
  "alice",
  "*",
  "system:serviceaccounts:",
];
