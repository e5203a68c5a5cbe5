import type { ChainLink, SubjectRef, Way } from "../model/report.ts";
import type { EffectiveRole } from "./compile.ts";
import { nodeOf } from "./subjects.ts";

/**
 * Where somebody can stand: what an edge leads to, and what other edges lead on from. Namespace "" is the whole cluster.
 * `borrowed` is set for identities that are only impersonated: each request is still authenticated as somebody else, whom the
 * API server asks whether he may impersonate, so that nothing is impersonated from there. `start` is where a search begins: there, what groups give counts as the subject's
 * own, while elsewhere the groups are positions themselves.
 */
export type Position =
  /** A ServiceAccount, user or group with the rights that bindings give it. */
  | { kind: "subject"; subject: SubjectRef; start?: true; borrowed?: true }
  /** A user name and at most one group, with the group system:authenticated and nothing that these would imply elsewhere. */
  | { kind: "identity"; name: string; group: string | null; borrowed?: true }
  /** Any ServiceAccount of a namespace; `absent`: also one that does not exist. */
  | { kind: "accounts"; namespace: string; absent: boolean; borrowed?: true }
  /** Any user name, a ServiceAccount's too where it is not borrowed: a certificate may carry it. */
  | { kind: "users"; borrowed?: true }
  /** Any group but system:masters, which has every right. */
  | { kind: "groups"; borrowed?: true }
  /** A node's own identity, with what the Node authorizer gives it. */
  | { kind: "node"; name: string; borrowed?: true }
  /** Whichever node somebody likes. */
  | { kind: "nodes"; borrowed?: true }
  /** Inside the running containers of pods. `names` null: of all there. */
  | { kind: "pods"; namespace: string; names: readonly string[] | null }
  /** Inside the running containers of a node. `name` null: of any. */
  | { kind: "node-pods"; name: string | null }
  /** The tokens in Secrets that are known to hold some. `names` null: of all there. */
  | { kind: "tokens"; namespace: string; names: readonly string[] | null }
  /** Every right there is, in a namespace. */
  | { kind: "everything"; namespace: string }
  /** What a binding of one role in that namespace would add to the holder's rights; null: to nobody's. */
  | { kind: "role"; role: EffectiveRole; namespace: string; holder: SubjectRef | null; borrowed?: true }
  /** Somebody else's rights, as far as the impersonator may also use them (constrained impersonation). */
  | { kind: "constrained"; by: SubjectRef; mode: string; as: SubjectRef };

/** Tells positions apart. JSON keeps the parts apart, whatever a hostile name holds. */
export function positionKey(position: Position): string {
  if (position.kind !== "role") return JSON.stringify(position);
  const { kind, meta } = position.role.role;
  return JSON.stringify([
    "role",
    kind,
    meta.namespace,
    meta.name,
    position.namespace,
    position.holder,
    isBorrowed(position),
  ]);
}

/** True where whoever stands there is authenticated as somebody else. */
export function isBorrowed(position: Position): boolean {
  return position.kind === "constrained" || ("borrowed" in position && position.borrowed === true);
}

/** The link of a chain that stands for a position; null where its members, or what follows from it, have links of their own. */
export function positionLink(position: Position): ChainLink | null {
  switch (position.kind) {
    case "subject":
      return { ...position.subject };
    case "identity":
      return identityLink(position);
    case "constrained":
      return nodeLink(position.as) ?? { ...position.as };
    case "accounts":
    case "users":
    case "groups":
    case "node":
    case "nodes":
    case "pods":
    case "node-pods":
    case "tokens":
    case "everything":
    case "role":
      return null;
  }
}

/** A position as a report names it: one place for each name, and one without a name where it stands for any. */
export function destinations(position: Position): Way["leadsTo"] {
  const any = (kind: string, namespace = ""): Way["leadsTo"] => [{ kind, namespace: namespace || null, name: null }];
  switch (position.kind) {
    case "subject":
      return [{ ...position.subject }];
    case "identity":
      return [identityLink(position)];
    case "constrained":
      return [nodeLink(position.as) ?? { ...position.as }];
    case "accounts":
      return any("ServiceAccount", position.namespace);
    case "users":
      return any("User");
    case "groups":
      return any("Group");
    case "node":
      return [{ kind: "Node", namespace: null, name: position.name }];
    case "nodes":
      return any("Node");
    case "pods":
      return (position.names ?? [null]).map((name) => ({ kind: "Pod", namespace: position.namespace || null, name }));
    case "node-pods":
      return any("Pod");
    case "tokens":
      return [];
    case "everything":
      return any("*", position.namespace);
    case "role": {
      const { kind, meta } = position.role.role;
      return [{ kind, namespace: meta.namespace, name: meta.name }];
    }
  }
}

type Named = { kind: string; namespace: null; name: string };

/** A group stands for its members, whatever their name. */
function identityLink({ name, group }: { name: string; group: string | null }): Named {
  return group === null ? { kind: "User", namespace: null, name } : { kind: "Group", namespace: null, name: group };
}

/** A node's user stands for the node. */
function nodeLink({ kind, name }: SubjectRef): Named | null {
  const node = kind === "User" ? nodeOf(name) : null;
  return node === null ? null : { kind: "Node", namespace: null, name: node };
}
