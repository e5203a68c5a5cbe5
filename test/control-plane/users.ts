import { randomBytes } from "node:crypto";

/** One line of the API server's token file. */
export interface StaticUser {
  name: string;
  groups: string[];
}

/**
 * The identities every plane knows by token, beside the ServiceAccounts; none but `admin` and `kwok` may do anything
 * until a test binds a role to it.
 */
export const staticUsers = {
  admin: { name: "admin", groups: ["system:masters"] },
  controllerManager: { name: "system:kube-controller-manager", groups: [] },
  kwok: { name: "kwok", groups: ["system:masters"] },
  /** The kubelet of the fake node: what whoever took the node can do. */
  node: { name: "system:node:rig-0", groups: ["system:nodes"] },
  /** The kubelet of the real node, where there is one. */
  realNode: { name: "system:node:rig-real", groups: ["system:nodes"] },
  /** A developer: bind the group, or her alone. */
  alice: { name: "alice", groups: ["developers"] },
  /** A second developer, to tell a group's rights from one person's. */
  bob: { name: "bob", groups: ["developers"] },
  /** On call: a group of her own, `oncall`, beside the developers'. */
  carol: { name: "carol", groups: ["developers", "oncall"] },
  /** Signed in and nothing else: has what system:authenticated has. */
  mallory: { name: "mallory", groups: [] },
} as const satisfies Record<string, StaticUser>;

export type StaticUserId = keyof typeof staticUsers;

/** A fresh random token for each user; no two planes share one. */
export function newTokens(): Record<StaticUserId, string> {
  const ids = Object.keys(staticUsers) as StaticUserId[];
  return Object.fromEntries(ids.map((id) => [id, randomBytes(24).toString("hex")])) as Record<StaticUserId, string>;
}

/** The `--token-auth-file`: token, user name, uid, groups. */
export function tokenFile(tokens: Record<StaticUserId, string>): string {
  const lines = Object.entries(staticUsers).map(([id, { name, groups }], index) => {
    return `${tokens[id as StaticUserId]},${name},${index + 1},"${groups.join(",")}"`;
  });
  return `${lines.join("\n")}\n`;
}
