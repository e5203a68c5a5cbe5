import { expect } from "vitest";
import type { Carrier, ClosesBecause, ExposureClass, ExposureItem, Reader } from "../../../src/model/report.ts";
import type { Stored } from "../../control-plane/story.ts";
import { created, refOf, type Facts, type Run } from "./facts.ts";

/** The end of a window, and what its explanation has to say. */
export interface End {
  closes: string | null;
  closesBecause: ClosesBecause;
  closesIsBound: boolean;
  closesWhy: RegExp;
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

/** A history limit ends it after so many more runs, at a time that nobody knows. */
export function afterRuns(limit: number, runs: number): End {
  const closesWhy = new RegExp(`keeps ${String(limit)} successful.*\\b${String(runs)} more successful runs?\\b`);
  return { closes: null, closesBecause: "history-limit", closesIsBound: true, closesWhy };
}

/** The TTL ends it; a bound, because a deleted object can be read back for some minutes. */
export function byTtl(closes: string, seconds: number): End {
  return {
    closes,
    closesBecause: "ttl",
    closesIsBound: true,
    closesWhy: new RegExp(`TTL of ${String(seconds)} s after it finished`),
  };
}

/** The containers that used it have ended. */
export function whenUsed(closes: string, closesWhy: RegExp): End {
  return { closes, closesBecause: "container-finished", closesIsBound: false, closesWhy };
}

/** A literal in a Job and in its pod, at this place of the pod's spec. */
export function inRun({ job, pod }: Run, literal: ExposureClass, place: string, end: End): Expected[] {
  return [
    { class: literal, object: job, path: `spec.template.${place}`, ...withIt(job), ...end },
    { class: literal, object: pod, path: place, ...withIt(pod), ...end },
  ];
}

const ANNOTATION = "metadata.annotations[kubectl.kubernetes.io/last-applied-configuration]";

/** The same literal in what `kubectl apply` noted on the object itself; `path` is its place in the object. */
export function applied(object: Stored, path: string, beginning: Beginning, end: End): Expected {
  return { class: "literal-annotation", object, path: `${ANNOTATION}.${path}`, ...beginning, ...end };
}

/** Compares all carriers of an item with those that it must have: no more, no fewer, each with its reasons. */
export function expectCarriers(item: ExposureItem, expected: Expected[]): void {
  const wanted = expected.map(({ object, opensBecause, closesWhy, ...one }) => ({
    ...one,
    object: refOf(object),
    opensBecause: expect.stringMatching(opensBecause) as string,
    closesWhy: expect.stringMatching(closesWhy) as string,
  }));
  expect(item.carriers.toSorted(byPlace)).toMatchObject(wanted.sort(byPlace));
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
  return { subject: { kind: kind as "User", namespace, name }, provedSince, through };
}

/** The readers of a literal in the `database` namespace: the Group with `view`, and every account that is there. */
export function literalReaders(facts: Facts, ...resources: ("cronjobs" | "jobs" | "pods")[]): Reader[] {
  const view = facts.granted(
    ["RoleBinding", "oncall-view"],
    ["ClusterRole", "view"],
    ["ClusterRole", "system:aggregate-to-view"],
  );
  const pods = facts.granted(["RoleBinding", "accounts-read-pods"], ["Role", "read-pods"]);
  return [
    reader(
      "Group oncall",
      view,
      ...resources.flatMap((one) => ["get", "list", "watch"].map((verb) => `${one}-${verb}`)),
    ),
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
  expect(item.readers.items.toSorted(byName)).toEqual(readers.sort(byName));
  expect(item.readers).toMatchObject({ everyone: false, count: readers.length });
}
