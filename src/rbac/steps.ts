import type { Reach, SubjectRef } from "../model/report.ts";
import { isRead, type Edge, type Effect, type Need, type Outcome, type Site } from "./edge.ts";
import { edges } from "./edges/index.generated.ts";
import type { Binding, EffectiveRole } from "./compile.ts";
import { alike, creating, partOf } from "./creating.ts";
import { holdsEverything, isUnnamed, meet, namesOf, roleMatches, type Held, type Rights } from "./held.ts";
import { positionKey, type Position } from "./position.ts";
import { CREATE_ACCOUNTS } from "./resources.ts";
import { isNamed, NO_SECRET, unite } from "./scopes.ts";
import type { World } from "./world.ts";

/** One use of an edge: what is held for it, and what it gains. */
export interface Step {
  edge: Edge;
  effect: Effect;
  held: readonly Held[];
  reads: Reach;
  to: readonly Position[];
  note: string | null;
}

/** A right that reaches nothing now, and why. */
export interface Latent {
  edge: Edge;
  held: readonly Held[];
  why: string;
}

/** What somebody's rules lead to at once. */
export interface Steps {
  steps: readonly Step[];
  latent: readonly Latent[];
  /** Every edge whose needs are held, whatever it leads to. */
  asked: ReadonlySet<Edge>;
  /** True where a rule names Secrets in all namespaces. */
  everywhere: boolean;
}

/** Who holds the rights, and what is asked of them. */
export interface Holding {
  /** Direct reads alone. */
  direct: boolean;
  /** Null where they are a role's, or somebody else's. */
  holder: SubjectRef | null;
  /** Only what needs one of these bindings; null: everything. */
  own: ReadonlySet<Binding> | null;
  /** True where they are borrowed by impersonation, which does not impersonate in turn. */
  borrowed: boolean;
  /** Of these rights those that were not held before: only what they have a part in is looked for. Null: all are new. */
  added: Rights | null;
}

/** The edges that start from a rule, and that may end at a Secret. */
export const RULE_EDGES: readonly Edge[] = edges.filter(
  (edge: Edge) => edge.needs.length > 0 && (edge.reach !== undefined || readsSecrets(edge)),
);

/** True for a direct read of Secrets. */
export function readsSecrets(edge: Edge): boolean {
  if (edge.id === "node-authorizer") return true;
  return isRead(edge) && edge.needs[0].on.every(({ group, resource }) => group === "" && resource === "secrets");
}

/** The direct reads of Secrets. */
export const SECRET_READS: readonly Edge[] = RULE_EDGES.filter(readsSecrets);

/** Every step that these rights allow. */
export function stepsFrom(world: World, rights: Rights, { direct, holder, own, borrowed, added }: Holding): Steps {
  const steps: Step[] = [];
  const latent: Latent[] = [];
  const asked = new Set<Edge>();
  let everywhere = false;
  for (const edge of edgesOf(rights)) {
    if (direct && !readsSecrets(edge)) continue;
    if (added !== null && !takesPart(edge, added)) continue;
    const served = world.isServed(edge);
    if (served === false) continue;
    const found: Step[] = [];
    for (const { held, where } of sites(edge, rights)) {
      if (own !== null && !held.some(({ binding }) => binding === null || own.has(binding))) continue;
      // What a new binding gives can be given to whoever is authenticated: it is not lent.
      if (borrowed && edge.impersonates === true && held.some(({ binding }) => binding !== null)) continue;
      asked.add(edge);
      everywhere ||= where === "" && readsSecrets(edge) && held[0]!.names !== null;
      for (const outcome of outcomesAt(edge, { world, rights, held, where, holder, borrowed })) {
        if (outcome.latent === undefined) found.push(stepOf(edge, held, outcome, served));
        else if (!held.every(holdsEverything)) latent.push({ edge, held, why: outcome.latent });
      }
    }
    for (const step of edge.needs.length > 1 ? onceEach(found) : found) steps.push(step);
  }
  return { steps: noteUnknownNames(steps), latent, asked, everywhere };
}

const edgesOfRole = new WeakMap<EffectiveRole, readonly Edge[]>();

/** The edges, in their order, of which some role covers the first need at all, whatever the names. */
function edgesOf({ roles }: Rights): readonly Edge[] {
  if (roles === null) return RULE_EDGES;
  const some = new Set<Edge>();
  for (const role of roles) {
    const own = edgesOfRole.getOrInsertComputed(role, () =>
      RULE_EDGES.filter(({ needs }) => roleMatches(role, anyNames(needs[0]!), true).length > 0),
    );
    for (const edge of own) some.add(edge);
  }
  return some.size === 0 ? [] : RULE_EDGES.filter((edge) => some.has(edge));
}

const anyNamesOf = new WeakMap<Need, Need>();

/** Needs are told apart by identity, so that what is known of roles is known once. */
function anyNames(need: Need): Need {
  return anyNamesOf.getOrInsertComputed(need, () => ({ ...need, named: "either" }));
}

/** Where a binding more matters by itself, to whoever may rewrite roles, and accounts that can be made, all is looked at. */
function takesPart({ needs }: Edge, added: Rights): boolean {
  return [...needs, CREATE_ACCOUNTS].some(
    (need) => need.verbs.includes("escalate") || added.held(partOf(need)).length > 0,
  );
}

function outcomesAt(
  edge: Edge,
  { rights, ...at }: { rights: Rights } & Pick<Site, "world" | "held" | "where" | "holder" | "borrowed">,
): Outcome[] {
  if (edge.reach === undefined) return [readOutcome(at.world, edge.needs[0]!, at.held[0]!)];
  const site: Site = {
    ...at,
    bindings: rights.bindings,
    heldFor: (need) => rights.held(need),
    may: (need, at) => rights.held(need).some((one) => one.where === "" || one.where === at),
  };
  return edge.reach(site);
}

function stepOf(edge: Edge, held: readonly Held[], outcome: Outcome, served: boolean | null): Step {
  const gated = served === null ? versionNote(edge) : null;
  const notes = [outcome.note, gated].filter((note) => note !== undefined && note !== null);
  return {
    edge,
    effect: served === null ? "maybe" : (outcome.effect ?? edge.effect),
    held,
    reads: outcome.reads ?? NO_SECRET,
    to: outcome.to ?? [],
    note: notes.length === 0 ? null : notes.join("; "),
  };
}

/** Two grants together can be had from many pairs of rules: one stands for all that come to the same, and says how many. */
function onceEach(found: readonly Step[]): Step[] {
  const alike = Map.groupBy(found, ({ effect, reads, to, note }) =>
    JSON.stringify([effect, reads, to.map(positionKey), note]),
  );
  return [...alike.values()].map(([first, ...others]) => {
    const more = others.length === 0 ? null : `by ${String(others.length)} other combinations of grants too`;
    const notes = [first!.note, more].filter((note) => note !== null);
    return { ...first!, note: notes.length === 0 ? null : notes.join("; ") };
  });
}

function versionNote({ since, until }: Edge): string {
  return until === null ? `if Kubernetes is ${since ?? ""} or later` : `if Kubernetes is older than ${until}`;
}

function readOutcome(world: World, { named }: Need, held: Held): Outcome {
  // A list or watch without a name needs a rule without names, or with the empty one; a get always carries its name.
  const whole = held.names === null || (named !== "always" && isUnnamed(held));
  const names = whole ? null : namesOf(held);
  const reads = world.secretsAt(held.where, names);
  const tokens = world.holdsTokens(held.where, names)
    ? [{ kind: "tokens" as const, namespace: held.where, names }]
    : [];
  const notes = [
    !whole && held.where === "" ? "in every namespace, later ones too" : "",
    !whole && named === "by-field-selector" ? "only with fieldSelector metadata.name" : "",
  ].filter((note) => note !== "");
  return { reads, to: tokens, ...(notes.length === 0 ? {} : { note: notes.join("; ") }) };
}

/** Where all needs are held together. For several needs, rules that say the same of place and names are one. */
function sites(edge: Edge, rights: Rights): { held: Held[]; where: string }[] {
  let found: { held: Held[]; where: string }[] = [{ held: [], where: "" }];
  const several = edge.needs.length > 1;
  for (const need of edge.needs) {
    const all = need.named === "never" && need.verbs.includes("create") ? creating(rights, need) : rights.held(need);
    if (all.length === 0) return [];
    const distinct = several ? alike(all) : all;
    found = found.flatMap(({ held, where }) =>
      distinct.flatMap((one) => {
        const both = meet(where, one.where);
        return both === null ? [] : [{ held: [...held, one], where: both }];
      }),
    );
  }
  // A rule that covers everything has an edge of its own, which says all that the others would, but for what takes luck.
  if (readsSecrets(edge) || edge.id === "everything") return found;
  return found.filter(({ held, where }) => (edge.effect === "maybe" && where !== "") || !held.every(holdsEverything));
}

/** A get without a list opens a Secret only to those who know its name. */
function noteUnknownNames(steps: Step[]): Step[] {
  const listed = unite(steps.filter(({ edge }) => readsSecrets(edge) && !needsName(edge)).map(({ reads }) => reads));
  return steps.map((step) => {
    if (!readsSecrets(step.edge) || !needsName(step.edge) || isNamed(step.reads)) return step;
    const known =
      listed.cluster ||
      (!step.reads.cluster && step.reads.namespaces.every((name) => listed.namespaces.includes(name)));
    if (known) return step;
    return { ...step, note: [step.note, "the name must be known"].filter((text) => text !== null).join("; ") };
  });
}

function needsName({ needs }: Edge): boolean {
  return needs[0]?.named === "always";
}
