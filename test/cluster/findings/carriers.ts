import { expect } from "vitest";
import type { Carrier, ClosesBecause, ExposureClass, ExposureItem, Reader } from "../../../src/model/report.ts";
import type { Stored } from "../../control-plane/story.ts";
import { created, deletionOf, hoursBetween, plus, refOf, runEnds, type Facts, type Run } from "./facts.ts";

/** The end of a window, and what its explanation has to say. */
export interface End {
  closes: string | null;
  closesBecause: ClosesBecause;
  closesIsBound: boolean;
  closesWhy: RegExp;
  /** Absent: nothing counts runs. */
  closesAfterRuns?: number;
  /** Absent: nothing has to happen for it. */
  closesAssumes?: string;
}

/** The beginning of a window, and what its explanation has to say. */
export interface Beginning {
  opens: string;
  opensNotBefore: string;
  opensIsBound: boolean;
  opensBecause: RegExp;
}

/** One carrier that a finding must have. */
export interface Expected extends End, Beginning {
  class: ExposureClass;
  object: Stored;
  path: string;
  /** What ends it soonest: a command as it stands, or what it has to look like. */
  endsBy: string | RegExp | null;
}

/** Jobs and pods cannot change their template. */
export function withIt(object: Stored): Beginning {
  const at = created(object);
  return { opens: at, opensNotBefore: at, opensIsBound: false, opensBecause: /created/ };
}

/** A beginning that is a fact: a start, a binding, a creation. */
export function since(opens: string, opensBecause: RegExp): Beginning {
  return { opens, opensNotBefore: opens, opensIsBound: false, opensBecause };
}

/** Nothing ends it. */
export function never(closesWhy: RegExp): End {
  return { closes: null, closesBecause: "never", closesIsBound: false, closesWhy };
}

/** A CronJob that runs every so many hours, and how many successful runs it keeps. */
export interface Kept {
  cronJob: Stored;
  runs: Run[];
  hours: number;
  limit: number;
}

/** The history limit ends it at the earliest when so many more runs are through. */
export function afterRuns({ cronJob, runs, hours, limit }: Kept, more: number): End {
  const closesWhy = new RegExp(`keeps ${String(limit)} successful.*\\b${String(more)} more successful runs?\\b`);
  return {
    closes: runEnds(cronJob, runs, hours, more),
    closesBecause: "history-limit",
    closesIsBound: true,
    closesWhy,
    closesAfterRuns: more,
    closesAssumes: more === 1 ? "the next run succeeds" : `the next ${String(more)} runs succeed`,
  };
}

/** It is deleted or changed, and read back until etcd and the watch cache have forgotten it. */
export function forgotten(takenAt: string, how: "deleted" | "changed"): End {
  return {
    closes: plus(takenAt, 600),
    closesBecause: "compaction",
    closesIsBound: true,
    closesWhy: new RegExp(`^${how}; by an old resourceVersion list reads it back .*about 10 minutes, watch maybe`),
    closesAssumes: "the watch cache of the API server has forgotten it by then",
  };
}

/** The TTL ends it; a bound, because a deleted object can be read back for some minutes. */
export function byTtl(closes: string, seconds: number): End {
  return {
    closes,
    closesBecause: "ttl",
    closesIsBound: true,
    closesWhy: new RegExp(
      `TTL of ${String(seconds)} s after it finished; list reads it back .*, watch maybe for longer$`,
    ),
  };
}

/** The containers that used it have ended. */
export function whenUsed(closes: string, closesWhy: RegExp): End {
  return { closes, closesBecause: "container-finished", closesIsBound: false, closesWhy };
}

/** A literal in a Job and in its pod, at this place of the pod's spec. */
export function inRun(
  { job, pod }: Run,
  literal: ExposureClass,
  place: string,
  end: End,
  endsBy: Expected["endsBy"] = deletionOf(job),
): Expected[] {
  return [
    { class: literal, object: job, path: `spec.template.${place}`, endsBy, ...withIt(job), ...end },
    { class: literal, object: pod, path: place, endsBy, ...withIt(pod), ...end },
  ];
}

/** A literal in a CronJob's template ends when somebody edits it. */
export function inTemplate(cronJob: Stored, name: string, path: string, beginning: Beginning): Expected {
  const { namespace, name: called } = cronJob["metadata"];
  return {
    class: "literal-env",
    object: cronJob,
    path,
    endsBy: `kubectl edit cronjob/${called} -n ${namespace}  # take ${name} out of ${path} and mount it from a Secret`,
    ...beginning,
    ...never(/until the template changes or the CronJob is deleted/),
  };
}

const ANNOTATION = "metadata.annotations[kubectl.kubernetes.io/last-applied-configuration]";

/** The same literal in what `kubectl apply` noted on the object itself; `path` is its place in the object. */
export function applied(object: Stored, path: string, beginning: Beginning, end: End): Expected {
  const { namespace, name } = object["metadata"];
  const over = end.closesBecause === "compaction";
  const what = `${String(object["kind"]).toLowerCase()}/${String(name)} -n ${String(namespace)}`;
  return {
    class: "literal-annotation",
    object,
    path: `${ANNOTATION}.${path}`,
    endsBy: over ? null : `kubectl annotate ${what} kubectl.kubernetes.io/last-applied-configuration-`,
    ...beginning,
    ...end,
  };
}

/**
 * Compares all carriers of an item with those that it must have: no more, no fewer, each with its reasons. Nothing in the
 * cast that can be ended is still in use, so that ending it saves what is left of its window.
 */
export function expectCarriers(item: ExposureItem, expected: Expected[], takenAt: string): void {
  const wanted = expected.map(({ object, opensBecause, closesWhy, endsBy, ...one }) => ({
    closesAfterRuns: null,
    closesAssumes: null,
    ...one,
    object: refOf(object),
    opensBecause: expect.stringMatching(opensBecause) as string,
    closesWhy: expect.stringMatching(closesWhy) as string,
    endsBy: endsBy instanceof RegExp ? (expect.stringMatching(endsBy) as string) : endsBy,
    savesHours:
      one.closes === null ? null : (expect.closeTo(Math.max(0, hoursBetween(takenAt, one.closes)), 1) as number),
  }));
  expect(item.carriers.toSorted(byPlace)).toEqual(wanted.sort(byPlace));
  const opens = expected.map((one) => one.opens).sort()[0];
  const open = expected.some(({ closes }) => closes === null);
  const closes = open
    ? null
    : expected
        .map((one) => one.closes)
        .sort()
        .at(-1);
  expect(item).toMatchObject({ opens, closes });
}

function byPlace(a: Pick<Carrier, "class" | "object" | "path">, b: typeof a): number {
  const place = ({ object, path, class: one }: typeof a) => `${object.kind} ${object.name} ${one} ${path}`;
  return place(a).localeCompare(place(b));
}

/** One reader that an item must have. */
export function reader(title: string, provedSince: string, ...through: string[]): Reader {
  const [kind = "", path = ""] = title.split(" ");
  const [namespace, name] = kind === "ServiceAccount" ? (path.split("/") as [string, string]) : [null, path];
  return { subject: { kind: kind as "User", namespace, name }, provedSince, through, grants: [] };
}

/** By which requests a holder of `view` reads these: get, list and watch, and get of the status, which returns the whole. */
const VIEWED = {
  cronjobs: ["cronjobs-get", "cronjobs-list", "cronjobs-status-get", "cronjobs-watch"],
  jobs: ["jobs-get", "jobs-list", "jobs-status-get", "jobs-watch"],
  pods: ["pods-get", "pods-list", "pods-status-get", "pods-watch"],
  "deleted cronjobs": ["cronjobs-list", "cronjobs-watch"],
  "deleted jobs": ["jobs-list", "jobs-watch"],
};

/** The readers of a literal in the `database` namespace: the Group with `view`, and every account that is there. */
export function literalReaders(facts: Facts, ...resources: (keyof typeof VIEWED)[]): Reader[] {
  const view = facts.granted(
    ["RoleBinding", "oncall-view"],
    ["ClusterRole", "view"],
    ["ClusterRole", "system:aggregate-to-view"],
  );
  const pods = facts.granted(["RoleBinding", "accounts-read-pods"], ["Role", "read-pods"]);
  return [
    reader("Group oncall", view, ...resources.flatMap((one) => VIEWED[one])),
    reader("Group system:serviceaccounts:database", pods, "pods-get", "pods-list"),
  ];
}

/** The readers of any Secret of the `database` namespace, beside those who have it by name. */
export function secretReaders(facts: Facts): Reader[] {
  const both = ["secrets-get", "secrets-list"];
  const backup = facts.granted(["ClusterRoleBinding", "backup-reader"], ["ClusterRole", "secret-reader"]);
  const audit = facts.granted(["RoleBinding", "audit-secrets"], ["ClusterRole", "secret-reader"]);
  const report = facts.granted(["RoleBinding", "report-secrets"], ["Role", "read-secrets"]);
  return [
    reader("ServiceAccount database/audit", audit, ...both),
    reader("ServiceAccount database/backup", backup, ...both),
    reader("ServiceAccount database/report", report, ...both),
  ];
}

/** Nobody but these, in any order; the cast has nothing that everyone reads. */
export function expectReaders(item: ExposureItem, readers: Reader[]): void {
  const byName = (a: Reader, b: Reader) => a.subject.name.localeCompare(b.subject.name);
  const without = item.readers.items.map((one): Reader => ({ ...one, grants: [] }));
  expect(without.toSorted(byName)).toEqual(readers.sort(byName));
  // A node reads by no rule; whoever else does has one for each of its edges.
  for (const { subject, through, grants } of item.readers.items) {
    const granted = [...new Set(grants.flatMap((grant) => grant.through))].sort();
    if (!subject.name.startsWith("system:node:")) expect(granted).toEqual(through);
  }
  expect(item.readers).toMatchObject({ everyone: false, count: readers.length });
}
