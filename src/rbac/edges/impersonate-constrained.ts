import type { SubjectRef } from "../../model/report.ts";
import { api, clusterScoped, type Edge, type Need, type Outcome, type Site } from "../edge.ts";
import { accountsNamed } from "../gains.ts";
import { coversName, namesOf, type Held } from "../held.ts";
import type { Position } from "../position.ts";
import { MASTERS, nodeOf, nodeUsername, serviceAccountOf } from "../subjects.ts";

const GROUP = "authentication.k8s.io";
const GROUPS: Need = { verbs: ["impersonate:user-info"], on: [clusterScoped(GROUP, "groups")], named: "always" };

/** Modes by the verb's end, each with the resource that it is asked for on. */
const MODES = {
  serviceaccount: "serviceaccounts",
  "user-info": "users",
  "arbitrary-node": "nodes",
  "associated-node": "nodes",
} as const;

export const impersonateConstrained: Edge = {
  id: "impersonate-constrained",
  name: "constrained impersonation of users, ServiceAccounts and nodes",
  grants: "those requests as somebody else that the rules with impersonate-on: name, as far as that one may make them",
  effect: "act-as",
  needs: [
    {
      verbs: Object.keys(MODES).map((mode) => `impersonate:${mode}`),
      on: [api(GROUP, "serviceaccounts"), clusterScoped(GROUP, "users"), clusterScoped(GROUP, "nodes")],
      named: "always",
    },
  ],
  since: "1.36",
  until: null,
  caveat:
    "each request also needs impersonate-on:MODE:VERB on what it asks for; system:masters cannot be impersonated this way; in 1.35 behind a feature gate; a right that is taken away is remembered for up to ten seconds",
  impersonates: true,
  prevent: [
    "Name the accounts by resourceNames, and grant `impersonate-on:` for harmless requests alone: no Secrets, no pods, no roles.",
  ],
  looksAt: ["pods"],
  notDemonstrated: null,
  source: "apiserver/pkg/endpoints/filters/impersonation/mode.go (KEP-5284)",
  reach(site) {
    const [held] = site.held;
    const by = site.holder;
    if (held === undefined || by === null) return [];
    if (!site.bindings.some(({ role }) => role?.rules.some(({ rule }) => rule.verbs.some(isOnBehalf)))) {
      return [{ latent: "it may make no request on behalf of anybody (impersonate-on)" }];
    }
    const subjects: Record<keyof typeof MODES, (site: Site, held: Held) => SubjectRef[]> = {
      serviceaccount: accounts,
      "user-info": users,
      "arbitrary-node": anyNode,
      "associated-node": ownNodes,
    };
    return (Object.keys(MODES) as (keyof typeof MODES)[]).flatMap((mode): Outcome[] => {
      const asked = held.matches.some(({ verb, on }) => verb === `impersonate:${mode}` && on.resource === MODES[mode]);
      const to = asked ? subjects[mode](site, held).map((as): Position => ({ kind: "constrained", by, mode, as })) : [];
      return to.length === 0 ? [] : [{ to }];
    });
  },
};

function isOnBehalf(verb: string): boolean {
  return verb === "*" || verb.startsWith("impersonate-on:");
}

function accounts(site: Site, held: Held): SubjectRef[] {
  return accountsNamed(site, { ...held, where: site.where }, { absent: true }).flatMap((position) => {
    if (position.kind === "subject") return [position.subject];
    return position.kind === "accounts" ? site.world.accountsWithRights(position.namespace) : [];
  });
}

/** Users by name, and the groups that may be named beside them. */
function users({ world, heldFor }: Site, held: Held): SubjectRef[] {
  const names = namesOf(held);
  const named = (kind: "User" | "Group", list: readonly string[]): SubjectRef[] =>
    list.map((name) => ({ kind, namespace: null, name }));
  const groups = heldFor(GROUPS).map(namesOf);
  return [
    ...(names === null ? world.usersWithRights : named("User", names)).filter(
      ({ name }) => nodeOf(name) === null && serviceAccountOf(name) === null,
    ),
    ...groups
      .flatMap((list) => (list === null ? world.groupsWithRights : named("Group", list)))
      .filter(({ name }) => name !== MASTERS),
  ];
}

function anyNode({ world }: Site, held: Held): SubjectRef[] {
  return world.nodes.filter((name) => coversName(held, name)).map(nodeSubject);
}

/** The nodes on which the holder's own pods run; they are asked for under the literal name "*". */
function ownNodes({ world, holder }: Site, held: Held): SubjectRef[] {
  if (holder?.kind !== "ServiceAccount" || !coversName(held, "*")) return [];
  return world.nodesOfAccount(holder.namespace ?? "", holder.name).map(nodeSubject);
}

function nodeSubject(node: string): SubjectRef {
  return { kind: "User", namespace: null, name: nodeUsername(node) };
}
