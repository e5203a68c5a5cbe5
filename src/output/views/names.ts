import type { Also } from "../../model/cleanup.ts";
import type { ObjectRef } from "../../model/object.ts";
import type { Report, SubjectRef } from "../../model/report.ts";
import { shellQuote } from "../shell.ts";

/** `job/x`: short, and what the command line takes. */
export function objectName({ kind, name }: Pick<ObjectRef, "kind" | "name">): string {
  return `${kind.toLowerCase()}/${name}`;
}

/** `job/x (database)`. */
export function objectWithNamespace(object: Pick<ObjectRef, "kind" | "name" | "namespace">): string {
  return object.namespace === null ? objectName(object) : `${objectName(object)} (${object.namespace})`;
}

/** `job/x -n database`: as words for a shell, whatever a file calls its objects. */
export function objectWords(object: Pick<ObjectRef, "kind" | "name" | "namespace">): string {
  return `${shellQuote(objectName(object))}${withNamespace(object.namespace)}`;
}

/** ` -n database`, for a shell; empty without one. */
export function withNamespace(namespace: string | null): string {
  return namespace === null ? "" : ` -n ${shellQuote(namespace)}`;
}

/** `Suspend cronjob/backup`: a change beside a cleanup, as the beginning of a sentence. */
export function changeTitle({ way, object }: { way: Also["way"]; object: Pick<ObjectRef, "kind" | "name"> }): string {
  const titles = {
    suspend: "Suspend",
    ttl: "Set the TTL of the Jobs to come of",
    "history-limit": "Lower the history limits of",
    "delete-token": "Delete the legacy token in",
  };
  return `${titles[way]} ${objectName(object)}`;
}

/** `ServiceAccount database/backup`, `User alice`. */
export function subjectTitle({ kind, namespace, name }: SubjectRef): string {
  return namespace === null ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** `sa/backup`, `user:alice`, `group:ops`: as the command line takes it. */
export function subjectWord({ kind, name }: SubjectRef): string {
  return kind === "ServiceAccount" ? `sa/${name}` : `${kind.toLowerCase()}:${name}`;
}

/** True where the scope is one namespace, so that a column for it would say nothing, as in kubectl without -A. */
export function inOneNamespace({ metadata }: Pick<Report, "metadata">): boolean {
  return metadata.scope.namespaces?.length === 1;
}

/** `21 pods, 21 jobs, 1 cronjob`: objects by kind, most first. */
export function kindsOf(objects: readonly Pick<ObjectRef, "kind">[]): string {
  const counts = [...Map.groupBy(objects, ({ kind }) => kind)].map(([kind, { length }]) => ({ kind, length }));
  counts.sort((a, b) => b.length - a.length || (a.kind < b.kind ? -1 : 1));
  return counts.map(({ kind, length }) => `${length} ${kind.toLowerCase()}${length === 1 ? "" : "s"}`).join(", ");
}

/** The first few of a list, and how many more there are. */
export function someOf(texts: readonly string[], most: number): string {
  const shown = texts.slice(0, most).join(", ");
  return texts.length > most ? `${shown} and ${texts.length - most} more` : shown;
}
