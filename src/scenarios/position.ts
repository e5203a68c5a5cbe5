import type { ResourceRequest } from "../model/api.ts";
import type { ReplayStep } from "../model/replay-report.ts";
import type { SubjectRef } from "../model/report.ts";
import { authorize, identityOf } from "../rbac/index.ts";
import type { AssessContext } from "./context.ts";

/** One identity of a User or ServiceAccount with its groups. */
function identityIn(from: readonly SubjectRef[]): { name: string; groups: string[] } {
  const identities = from.map(identityOf);
  return {
    name: identities.find(({ name }) => name !== "")?.name ?? "",
    groups: [...new Set(identities.flatMap(({ groups }) => groups))],
  };
}

/**
 * Whether the identity that is replayed from may make a request, by RBAC as it was seen. Null: there is no such identity, or
 * grants may be missing from the evidence and none of those that were seen is enough.
 */
export function may({ from, judgement, snapshot }: AssessContext, request: ResourceRequest): boolean | null {
  if (from.length === 0) return null;
  const { rbac } = judgement.world;
  if (authorize(rbac, identityIn(from), request).allowed) return true;
  return rbac.whole(request.namespace === "" ? null : request.namespace) && snapshot.otherAuthorizers !== true
    ? false
    : null;
}

/** The position in words: `user alice`, `serviceaccount/backup (database)`; null where there is none. */
export function positionText(from: readonly SubjectRef[]): string | null {
  const [first] = from.toSorted((a, b) => Number(a.kind === "Group") - Number(b.kind === "Group"));
  return first === undefined ? null : inWords(first);
}

/** An identity in words. */
export function inWords({ kind, namespace, name }: SubjectRef): string {
  return kind === "ServiceAccount" ? `serviceaccount/${name} (${namespace ?? ""})` : `${kind.toLowerCase()} ${name}`;
}

/** A request by the position, or by whom the threat model supposes to hold the right. */
export function requestStep(
  context: AssessContext,
  { supposed, request, yields }: { supposed: string; request: ResourceRequest; yields: string },
): ReplayStep {
  const [as] = context.from.toSorted((a, b) => Number(a.kind === "Group") - Number(b.kind === "Group"));
  return {
    actor: positionText(context.from) ?? supposed,
    as: as ?? null,
    act: requestText(request),
    request,
    yields,
    allowed: may(context, request),
    verified: null,
  };
}

/** An act that is no request of the position. */
export function otherStep(actor: string, act: string, yields: string): ReplayStep {
  return { actor, as: null, act, request: null, yields, allowed: null, verified: null };
}

const METHODS: Readonly<Record<string, string>> = {
  get: "GET",
  list: "GET",
  watch: "GET",
  create: "POST",
  update: "PUT",
  patch: "PATCH",
  delete: "DELETE",
  deletecollection: "DELETE",
};

/** Verbs of which each request names its object. */
const NAMING: ReadonlySet<string> = new Set(["get", "update", "patch", "delete"]);

/** `GET /api/v1/namespaces/database/pods`: a request as an audit log shows it, at version v1 of its group; `{name}`: any. */
export function requestText({ verb, group, resource, subresource, namespace, name }: ResourceRequest): string {
  const method = METHODS[verb] ?? verb.toUpperCase();
  const base = group === "" ? "/api/v1" : `/apis/${group}/v1`;
  const one = name === "" && (subresource !== "" || NAMING.has(verb)) ? "{name}" : name;
  const parts = [base, ...(namespace === "" ? [] : ["namespaces", namespace]), resource, one, subresource];
  const path = parts.filter((part) => part !== "").join("/");
  return `${method} ${path}${verb === "watch" ? "?watch=true" : ""}`;
}
