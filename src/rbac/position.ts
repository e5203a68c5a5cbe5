import type { ChainLink, SubjectRef, Way } from "../model/report.ts";
import type { EffectiveRole } from "./compile.ts";
import { nodeOf } from "./subjects.ts";

/** Where somebody can stand: what an edge leads to, and what other edges lead on from. Namespace "" is the whole cluster. */
export type Position =
  /** A ServiceAccount, user or group with the rights that bindings give it. */
  | { kind: "subject"; subject: SubjectRef }
  /** Any ServiceAccount of a namespace; `absent`: also one that does not exist, as in impersonation. */
  | { kind: "accounts"; namespace: string; absent: boolean }
  /** Any user, whatever name. */
  | { kind: "users" }
  /** Any user name on a certificate, a ServiceAccount's too. */
  | { kind: "usernames" }
  /** One such name, with what bindings to the name give: a certificate brings no groups of a ServiceAccount. */
  | { kind: "username"; name: string }
  /** Any group but system:masters, which has every right. */
  | { kind: "groups" }
  /** A node's own identity, with what the Node authorizer gives it. */
  | { kind: "node"; name: string }
  /** Whichever node somebody likes. */
  | { kind: "nodes" }
  /** Inside the running containers of pods. `names` null: of all there. */
  | { kind: "pods"; namespace: string; names: readonly string[] | null }
  /** Inside the running containers of a node. `name` null: of any. */
  | { kind: "node-pods"; name: string | null }
  /** Every right there is, in a namespace. */
  | { kind: "everything"; namespace: string }
  /** The rules of one role, as a binding in that namespace would give them. */
  | { kind: "role"; role: EffectiveRole; namespace: string }
  /** Somebody else's rights, as far as the impersonator may also use them (constrained impersonation). */
  | { kind: "constrained"; by: SubjectRef; mode: string; as: SubjectRef };

/** Tells positions apart. JSON keeps the parts apart, whatever a hostile name holds. */
export function positionKey(position: Position): string {
  if (position.kind !== "role") return JSON.stringify(position);
  const { kind, meta } = position.role.role;
  return JSON.stringify(["role", kind, meta.namespace, meta.name, position.namespace]);
}

/** The link of a chain that stands for a position; null where its members, or what follows from it, have links of their own. */
export function positionLink(position: Position): ChainLink | null {
  switch (position.kind) {
    case "subject":
      return { ...position.subject };
    case "constrained":
      return nodeLink(position.as) ?? { ...position.as };
    case "username":
      return { kind: "User", namespace: null, name: position.name };
    case "node":
    case "accounts":
    case "users":
    case "usernames":
    case "groups":
    case "nodes":
    case "pods":
    case "node-pods":
    case "everything":
    case "role":
      return null;
  }
}

/** A node's user stands for the node. */
function nodeLink({ kind, name }: SubjectRef): { kind: string; namespace: null; name: string } | null {
  const node = kind === "User" ? nodeOf(name) : null;
  return node === null ? null : { kind: "Node", namespace: null, name: node };
}

/** A position as a report names it: one place for each name, and one without a name where it stands for any. */
export function destinations(position: Position): Way["leadsTo"] {
  switch (position.kind) {
    case "subject":
      return [{ ...position.subject }];
    case "constrained":
      return [nodeLink(position.as) ?? { ...position.as }];
    case "username":
      return [{ kind: "User", namespace: null, name: position.name }];
    case "accounts":
      return [{ kind: "ServiceAccount", namespace: position.namespace || null, name: null }];
    case "users":
    case "usernames":
      return [{ kind: "User", namespace: null, name: null }];
    case "groups":
      return [{ kind: "Group", namespace: null, name: null }];
    case "node":
      return [{ kind: "Node", namespace: null, name: position.name }];
    case "nodes":
      return [{ kind: "Node", namespace: null, name: null }];
    case "pods":
      return (position.names ?? [null]).map((name) => ({ kind: "Pod", namespace: position.namespace || null, name }));
    case "node-pods":
      return [{ kind: "Pod", namespace: null, name: null }];
    case "everything":
      return [{ kind: "*", namespace: position.namespace || null, name: null }];
    case "role": {
      const { kind, meta } = position.role.role;
      return [{ kind, namespace: meta.namespace, name: meta.name }];
    }
  }
}
