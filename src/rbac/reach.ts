import type { Reach, SubjectRef, Way } from "../model/report.ts";
import { allBindingsOf, chainOf, MASTERS_CHAIN } from "./authorize.ts";
import type { Binding, Grant, Rbac } from "./compile.ts";
import type { Edge } from "./edge.ts";
import { provedSince } from "./proved-since.ts";
import { readEdges } from "./readers.ts";
import { compareText, groupKey, identityOf, isObjectName, keysOf, MASTERS, normalise } from "./subjects.ts";
import { matchingRules } from "./who-can.ts";

/** The edges that ways and reach are computed from: direct reads of Secrets. */
export const SECRET_EDGES: readonly Edge[] = readEdges("", "secrets");

const EVERYTHING: Reach = { cluster: true, namespaces: [], secrets: [] };

/** Every way in which a subject reads Secrets, shortest first, then widest. */
export function waysOf(rbac: Rbac, subject: SubjectRef): Way[] {
  const named = normalise(subject);
  const identity = identityOf(named);
  const ways = identity.groups.includes(MASTERS) ? SECRET_EDGES.map(mastersWay) : [];
  const own = named.kind === "Group" ? groupKey(named.name) : keysOf(identity)[0];
  for (const binding of allBindingsOf(rbac, identity)) {
    const group = binding.subjects.some(({ key }) => key === own)
      ? null
      : identity.groups.find((name) => binding.subjects.some(({ key }) => key === groupKey(name)))!;
    for (const edge of SECRET_EDGES) ways.push(...waysThrough(rbac, binding, edge, group));
  }
  return noteUnlisted(ways).sort(compareWays);
}

/** What a subject reads directly, as the smallest set that says it. */
export function reachOf(rbac: Rbac, subject: SubjectRef): Reach {
  return unite(waysOf(rbac, subject).map((way) => way.scope));
}

/** The union of scopes: a whole cluster swallows namespaces, a whole namespace the Secrets named in it. */
export function unite(scopes: readonly Reach[]): Reach {
  if (scopes.some((scope) => scope.cluster)) return EVERYTHING;
  const namespaces = new Set(scopes.flatMap((scope) => scope.namespaces));
  const secrets = new Map<string, { namespace: string; name: string }>();
  for (const { secrets: named } of scopes) {
    for (const secret of named) {
      if (!namespaces.has(secret.namespace)) secrets.set(`${secret.namespace}/${secret.name}`, secret);
    }
  }
  return {
    cluster: false,
    namespaces: [...namespaces].sort(compareText),
    secrets: [...secrets.values()].sort((a, b) => compareText(a.namespace, b.namespace) || compareText(a.name, b.name)),
  };
}

/** The Secrets that one rule opens through one binding, or null where no Secret can be meant. */
export function scopeOf(rbac: Pick<Rbac, "namespaces">, { binding, rule }: Grant, { needs }: Edge): Reach | null {
  const { resourceNames } = rule.rule;
  const whole = resourceNames.length === 0 || (needs.named !== "always" && resourceNames.includes(""));
  if (whole) {
    return binding.namespace === "" ? EVERYTHING : { cluster: false, namespaces: [binding.namespace], secrets: [] };
  }
  const names = needs.named === "never" ? [] : resourceNames.filter(isObjectName);
  const namespaces = binding.namespace === "" ? rbac.namespaces : [binding.namespace];
  const secrets = namespaces.flatMap((namespace) => names.map((name) => ({ namespace, name })));
  // With a name but no known namespace the grant still stands; it only has nothing to point at yet.
  return names.length === 0 ? null : unite([{ cluster: false, namespaces: [], secrets }]);
}

function waysThrough(rbac: Rbac, binding: Binding, edge: Edge, group: string | null): Way[] {
  if (binding.role === null) return [];
  return matchingRules(binding.role, edge.needs).flatMap((rule) => {
    const grant = { binding, rule };
    const scope = scopeOf(rbac, grant, edge);
    if (scope === null) return [];
    const notes = [
      group === null ? "" : `as a member of ${group}`,
      isNamed(scope) && binding.namespace === "" ? "in every namespace, later ones too" : "",
      isNamed(scope) && edge.needs.named === "by-field-selector" ? "only with fieldSelector metadata.name" : "",
    ];
    const note = notes.filter((text) => text !== "").join("; ");
    return [
      {
        edge: edge.id,
        effect: edge.effect,
        scope,
        chain: chainOf(grant),
        provedSince: provedSince(grant),
        verified: null,
        note: note === "" ? null : note,
      },
    ];
  });
}

function isNamed(scope: Reach): boolean {
  return !scope.cluster && scope.namespaces.length === 0;
}

function mastersWay(edge: Edge): Way {
  const note = "the API server lets this group through before any rule is read";
  const chain = [...MASTERS_CHAIN];
  return { edge: edge.id, effect: edge.effect, scope: EVERYTHING, chain, provedSince: null, verified: null, note };
}

/** A get without a list opens a Secret only to those who know its name. */
function noteUnlisted(ways: Way[]): Way[] {
  const getEdges = new Set(SECRET_EDGES.filter(({ needs }) => needs.named === "always").map(({ id }) => id));
  const listed = unite(ways.filter((way) => !getEdges.has(way.edge)).map((way) => way.scope));
  return ways.map((way) => {
    const { scope, note } = way;
    const known =
      isNamed(scope) ||
      listed.cluster ||
      (!scope.cluster && scope.namespaces.every((name) => listed.namespaces.includes(name)));
    if (!getEdges.has(way.edge) || known) return way;
    return { ...way, note: [note, "the name must be known"].filter((text) => text !== null).join("; ") };
  });
}

/** Shortest chain first, then the widest scope, then by edge and names. */
function compareWays(a: Way, b: Way): number {
  return (
    a.chain.length - b.chain.length ||
    compareWidth(a.scope, b.scope) ||
    compareText(a.edge, b.edge) ||
    compareText(chainText(a), chainText(b))
  );
}

/** Negative where `a` is wider. */
export function compareWidth(a: Reach, b: Reach): number {
  return (
    Number(b.cluster) - Number(a.cluster) ||
    b.namespaces.length - a.namespaces.length ||
    b.secrets.length - a.secrets.length
  );
}

function chainText(way: Way): string {
  return way.chain
    .map(
      ({ kind, namespace, name, rule }) => `${kind} ${namespace ?? ""} ${name} ${String(rule ?? -1).padStart(6, "0")}`,
    )
    .join(" ");
}
