import type { MayDelete } from "../model/hold.ts";
import type { ObjectRef } from "../model/object.ts";
import type { SubjectRef } from "../model/report.ts";
import type { Rbac } from "../rbac/compile.ts";
import { compareSubjects, isEveryone, subjectText } from "../rbac/subjects.ts";
import { bindingsFor, operationGrants, whoCan, type Operation } from "../rbac/who-can.ts";

interface Way extends Operation {
  /** Whose names a rule may be limited to. */
  kind: string;
  says: string;
}

const way = (verb: string, group: string, resource: string, kind: string, subresource = ""): Way => {
  const says = subresource === "eviction" ? `evict ${resource}` : `${verb} ${resource}`;
  return { verb, group, resource, subresource, kind, says };
};

/** What takes CronJobs, Jobs and pods away, whatever their fields say. */
const WAYS: readonly Way[] = [
  way("delete", "batch", "cronjobs", "CronJob"),
  way("deletecollection", "batch", "cronjobs", "CronJob"),
  way("delete", "batch", "jobs", "Job"),
  way("deletecollection", "batch", "jobs", "Job"),
  way("delete", "", "pods", "Pod"),
  way("deletecollection", "", "pods", "Pod"),
  way("create", "", "pods", "Pod", "eviction"),
  way("delete", "", "namespaces", "Namespace"),
];

interface Known {
  subject: SubjectRef;
  can: Set<string>;
  builtIn: boolean;
}

/**
 * Who may delete or evict these objects, their pods or their namespaces. Whoever may only patch them can undo the hold, and
 * is not among them.
 */
export function mayDelete(rbac: Rbac, objects: readonly ObjectRef[]): MayDelete {
  const found = new Map<string, Known>();
  let complete = true;
  for (const [namespace, there] of Map.groupBy(objects, (one) => one.namespace ?? "")) {
    complete &&= rbac.whole(namespace);
    const ask = (one: Way, name: string): void => {
      for (const { subject, builtIn } of whoCan(rbac, { ...one, namespace, name })) {
        const known = found.getOrInsertComputed(subjectText(subject), () => ({
          subject,
          can: new Set(),
          builtIn: true,
        }));
        known.can.add(one.says);
        known.builtIn &&= builtIn;
      }
    };
    for (const one of WAYS) {
      const names = one.kind === "Namespace" ? [namespace] : ["", ...namedByRules(rbac, namespace, one, there)];
      for (const name of names) ask(one, name);
    }
  }
  const all = [...found.values()].sort((a, b) => compareSubjects(a.subject, b.subject));
  const people = all.filter(({ builtIn }) => !builtIn);
  return {
    subjects: people.map(({ subject, can }) => ({ subject, can: [...can] })),
    builtIn: all.length - people.length,
    everyone: people.some(({ subject }) => isEveryone(subject)),
    complete,
  };
}

/** Of these objects those that rules name; of pods the names are not known, so that any that a rule names may be theirs. */
function namedByRules(rbac: Rbac, namespace: string, one: Way, objects: readonly ObjectRef[]): string[] {
  // A deletion of a collection names no object.
  if (one.verb === "deletecollection") return [];
  const names = new Set(
    bindingsFor(rbac, namespace).flatMap((bindings) => [...operationGrants(bindings, one).byName.keys()]),
  );
  if (one.kind === "Pod") return [...names];
  return objects.filter(({ kind, name }) => kind === one.kind && names.has(name)).map(({ name }) => name);
}
