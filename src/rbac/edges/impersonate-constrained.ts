import { api, clusterScoped, core, type Edge, type Need, type Outcome, type Site } from "../edge.ts";
import { accountsNamed } from "../gains.ts";
import { commonNames, coversName, namesOf, type Held } from "../held.ts";
import type { Position } from "../position.ts";
import type { SubjectRef } from "../../model/report.ts";
import { covers, unite } from "../scopes.ts";
import { MASTERS, nodeOf } from "../subjects.ts";

const GROUP = "authentication.k8s.io";

const GROUPS: Need = { verbs: ["impersonate:user-info"], on: [clusterScoped(GROUP, "groups")], named: "always" };
const AS_NODE: Need = {
  verbs: ["impersonate-on:arbitrary-node:get"],
  on: [core("secrets")],
  named: "always",
};

export const impersonateConstrained: Edge = {
  id: "impersonate-constrained",
  name: "constrained impersonation of users, ServiceAccounts and nodes",
  grants: "those requests as somebody else that the rules with impersonate-on: name, as far as that one may make them",
  effect: "act-as",
  needs: [
    {
      verbs: ["impersonate:serviceaccount", "impersonate:user-info", "impersonate:arbitrary-node"],
      on: [api(GROUP, "serviceaccounts"), clusterScoped(GROUP, "users"), clusterScoped(GROUP, "nodes")],
      named: "always",
    },
  ],
  since: "1.36",
  until: null,
  caveat:
    "each request also needs impersonate-on:MODE:VERB on what it asks for; system:masters cannot be impersonated this way; in 1.35 behind a feature gate",
  looksAt: ["pods"],
  notDemonstrated: null,
  source: "apiserver/pkg/endpoints/filters/impersonation/mode.go (KEP-5284)",
  reach(site) {
    const [held] = site.held;
    const by = site.holder;
    if (held === undefined || by === null) return [];
    const at = (verb: string, resource: string): boolean =>
      held.matches.some((match) => match.verb === `impersonate:${verb}` && match.on.resource === resource);
    const outcomes: Outcome[] = [];
    if (at("serviceaccount", "serviceaccounts")) {
      outcomes.push({ to: borrowed(by, "serviceaccount", accountSubjects(site, held)) });
    }
    if (at("user-info", "users")) outcomes.push({ to: borrowed(by, "user-info", userSubjects(site, held)) });
    if (at("arbitrary-node", "nodes")) outcomes.push(asNodes(site, held));
    return outcomes.filter(({ to, reads }) => (to?.length ?? 0) > 0 || reads !== undefined);
  },
};

function borrowed(by: SubjectRef, mode: string, subjects: readonly SubjectRef[]): Position[] {
  return subjects.map((as) => ({ kind: "constrained", by, mode, as }));
}

function accountSubjects(site: Site, held: Held): SubjectRef[] {
  return accountsNamed(site, { ...held, where: site.where }, true).flatMap((position) =>
    position.kind === "subject"
      ? [position.subject]
      : position.kind === "accounts"
        ? site.world.accountsWithRights(position.namespace)
        : [],
  );
}

/** Users by name, and the groups that may be named beside them. */
function userSubjects({ world, heldFor }: Site, held: Held): SubjectRef[] {
  const names = namesOf(held);
  const users =
    names === null ? world.usersWithRights : names.map((name): SubjectRef => ({ kind: "User", namespace: null, name }));
  const groups = heldFor(GROUPS).flatMap((rule) => {
    const named = namesOf(rule);
    return named === null
      ? world.groupsWithRights
      : named.map((name): SubjectRef => ({ kind: "Group", namespace: null, name }));
  });
  return [...users.filter(({ name }) => nodeOf(name) === null), ...groups.filter(({ name }) => name !== MASTERS)];
}

/** What the Node authorizer gives a node, as far as the impersonator may also get it. */
function asNodes({ world, heldFor }: Site, held: Held): Outcome {
  const nodes = world.nodes.filter((name) => coversName(held, name));
  const theirs = nodes.flatMap((name) => [...(world.nodeReach(name)?.secrets.values() ?? [])]);
  const mine = heldFor(AS_NODE).map(({ where, names }) =>
    world.secretsAt(where, commonNames({ names }, { names: null })),
  );
  const both = theirs
    .filter((secret) => mine.some((reach) => covers(reach, secret)))
    .map(({ namespace, name }) => ({ namespace, name }));
  return both.length === 0 ? {} : { reads: unite([{ cluster: false, namespaces: [], secrets: both }]) };
}
