import { hides } from "../scope/seen.ts";
import { CommandError } from "../cli/errors.ts";
import type { Named } from "../cli/arguments.ts";
import { groupResource } from "../cli/resources.ts";
import type { ResourceType } from "../cli/resources.ts";
import type { ObjectRef } from "../model/object.ts";
import type { SubjectRef } from "../model/report.ts";
import type { BlindSpot, Resource, Snapshot } from "../model/snapshot.ts";

type ObjectName = Pick<ObjectRef, "kind" | "namespace" | "name">;

/** What was named, as it stands in the evidence. */
export interface Resolved {
  objects: ObjectName[];
  subjects: SubjectRef[];
}

/**
 * Looks up what was named, in `namespace` or everywhere, so that a mistyped name is an error and not an all-clear.
 * Throws CommandError in kubectl's words; where the kind could not be seen it says that instead.
 */
export function resolve(named: readonly Named[], snapshot: Snapshot, namespace: string | null): Resolved {
  const resolved: Resolved = { objects: [], subjects: [] };
  for (const one of named) {
    if (one.what === "object") {
      const found = find(one.type, one.name, snapshot, namespace);
      for (const object of found) {
        if (object.kind === "ServiceAccount") resolved.subjects.push({ ...object, kind: "ServiceAccount" });
        else resolved.objects.push(object);
      }
    } else {
      resolved.subjects.push(subject(one.what, one.name));
    }
  }
  return resolved;
}

/** A user that is a ServiceAccount's name is that ServiceAccount (apiserver, serviceaccount.SplitUsername). */
function subject(what: "user" | "group", name: string): SubjectRef {
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name);
  if (what === "user" && account !== null) return { kind: "ServiceAccount", namespace: account[1]!, name: account[2]! };
  return { kind: what === "user" ? "User" : "Group", namespace: null, name };
}

function find(type: ResourceType, name: string | null, snapshot: Snapshot, namespace: string | null): ObjectName[] {
  const inScope = (object: ObjectName): boolean => namespace === null || object.namespace === namespace;
  const found = objectsOf(type.kind, snapshot).filter(
    (object) => inScope(object) && (name === null || object.name === name),
  );
  if (found.length > 0) return unique(found);
  const blind = unseen(type, snapshot, namespace);
  if (name === null) return [];
  if (blind !== null) throw blindError(type, name, blind);
  const where = namespace === null ? "" : ` in namespace "${namespace}"`;
  const source =
    where === "" && snapshot.metadata.scope.namespaces !== null ? " in the namespaces that were read" : where;
  throw new CommandError(
    `Error from server (NotFound): ${groupResource(type)} "${name}" not found${source}`,
    namespace === null ? null : "Look in the whole cluster by leaving out -n.",
  );
}

function objectsOf(kind: ResourceType["kind"], snapshot: Snapshot): ObjectName[] {
  const refs = (objects: readonly { meta: { name: string; namespace: string | null } }[]): ObjectName[] =>
    objects.map(({ meta }) => ({ kind, namespace: meta.namespace, name: meta.name }));
  switch (kind) {
    // What was deleted minutes ago can be named, too.
    case "CronJob":
      return refs([...snapshot.cronjobs, ...(snapshot.earlier?.cronjobs ?? [])]);
    case "Job":
      return refs([...snapshot.jobs, ...(snapshot.earlier?.jobs ?? [])]);
    case "Pod":
      return refs([...snapshot.pods, ...(snapshot.earlier?.pods ?? [])]);
    case "ServiceAccount":
      return [...refs(snapshot.serviceaccounts), ...mentionedAccounts(snapshot)];
  }
}

/** Accounts that workloads run as or bindings name; they matter even if the object was deleted or not seen. */
function mentionedAccounts(snapshot: Snapshot): ObjectName[] {
  const account = (namespace: string | null, name: string): ObjectName => ({ kind: "ServiceAccount", namespace, name });
  const used = [
    ...snapshot.cronjobs.map(({ meta, job }) => account(meta.namespace, job.template.serviceAccountName)),
    ...snapshot.jobs.map(({ meta, spec }) => account(meta.namespace, spec.template.serviceAccountName)),
    ...snapshot.pods.map(({ meta, template }) => account(meta.namespace, template.serviceAccountName)),
  ];
  const bound = [...snapshot.rolebindings, ...snapshot.clusterrolebindings].flatMap(({ meta, subjects }) =>
    subjects.flatMap((one) => {
      if (one.kind === "ServiceAccount") return [account(one.namespace ?? meta.namespace, one.name)];
      const ref = one.kind === "User" ? subject("user", one.name) : null;
      return ref?.kind === "ServiceAccount" ? [account(ref.namespace, ref.name)] : [];
    }),
  );
  return [...used, ...bound].filter(({ name }) => name !== "");
}

function unseen(type: ResourceType, snapshot: Snapshot, namespace: string | null): BlindSpot | "not collected" | null {
  if (!snapshot.collected.includes(type.plural as Resource)) return "not collected";
  return snapshot.blindSpots.find((spot) => spot.resource === type.plural && hides(spot, namespace)) ?? null;
}

function blindError(type: ResourceType, name: string, blind: BlindSpot | "not collected"): CommandError {
  const what = `cannot tell whether ${groupResource(type)} "${name}" exists`;
  if (blind === "not collected") {
    return new CommandError(
      `${what}: the evidence holds no ${type.plural}`,
      `Add them: kubectl get ${type.plural} -A -o json`,
    );
  }
  if (blind.reason === "NotInEvidence") {
    return new CommandError(`${what}: ${blind.message}`, `Add them: kubectl get ${type.plural} -A -o json`);
  }
  const where = blind.namespace === null ? "the whole cluster" : `namespace "${blind.namespace}"`;
  return new CommandError(
    `${what}: ${type.plural} of ${where} could not be listed (${blind.reason})`,
    "The least rights that each command needs: kubectl cronaudit explain rights",
  );
}

function unique(objects: ObjectName[]): ObjectName[] {
  const byKey = new Map(objects.map((object) => [`${object.namespace ?? ""}/${object.name}`, object]));
  return [...byKey.keys()].sort().map((key) => byKey.get(key)!);
}
