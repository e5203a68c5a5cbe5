import type { ChainLink, Reach, SubjectRef } from "../model/report.ts";
import type { Pod } from "../model/workload.ts";
import { core, type Edge, type Need } from "./edge.ts";
import { cloudIdentity } from "./edges/cloud-identity.ts";
import { nodeAuthorizer } from "./edges/node-authorizer.ts";
import { nodeToken } from "./edges/node-token.ts";
import { podNeighbours } from "./edges/pod-neighbours.ts";
import { podToken } from "./edges/pod-token.ts";
import { secretToken } from "./edges/secret-token.ts";
import { rightsOfSubject } from "./expand.ts";
import { coversName, impersonateOn, linksOf, type Held } from "./held.ts";
import { accountInside } from "./pods.ts";
import type { Position } from "./position.ts";
import { EVERY_SECRET, NO_SECRET, unite } from "./scopes.ts";
import { SECRET_READS } from "./steps.ts";
import { MASTERS, nodeOf, subjectText } from "./subjects.ts";
import type { World } from "./world.ts";

/** What follows from being somewhere, by no rule of its own; `links` say through which pod or node. */
export interface PlaceStep {
  edge: Edge;
  links: readonly ChainLink[];
  reads: Reach;
  to: readonly Position[];
  note: string | null;
}

/** The steps from inside pods, or from a node's identity. Empty for positions that have rules instead. */
export function placeSteps(world: World, position: Position): PlaceStep[] {
  switch (position.kind) {
    case "node":
      return nodeSteps(world, position.name);
    case "pods": {
      const { namespace, names } = position;
      const wanted = names === null ? null : new Set(names);
      return podSteps(
        world,
        world.runningPods(namespace).filter(({ meta }) => wanted?.has(meta.name) !== false),
      );
    }
    case "node-pods": {
      const { name } = position;
      return podSteps(world, name === null ? world.runningPods("") : world.runningOn(name));
    }
    case "everything":
      return position.namespace === "" ? mastersReads() : [];
    case "tokens":
      return tokenSteps(world, position);
    case "subject":
      return cloudSteps(world, position.subject);
    case "accounts":
    case "users":
    case "identity":
    case "groups":
    case "nodes":
    case "role":
      return [];
    case "constrained":
      return borrowedNodeSteps(world, position);
  }
}

function cloudSteps(world: World, { kind, namespace, name }: SubjectRef): PlaceStep[] {
  const identity = kind === "ServiceAccount" ? world.serviceAccount(namespace ?? "", name)?.cloudIdentity : null;
  if (identity === null || identity === undefined) return [];
  return [
    { edge: cloudIdentity, links: [], reads: NO_SECRET, to: [], note: `its ${identity} leads out of the cluster` },
  ];
}

function mastersReads(): PlaceStep[] {
  const note = "the API server lets this group through before any rule is read";
  const links = [{ kind: "Group", namespace: null, name: MASTERS }];
  return SECRET_READS.map((edge) => ({ edge, links, reads: EVERY_SECRET, to: [], note }));
}

/** The edges by which a position goes on, whether or not it comes to anything. */
export function placeEdges(position: Position): Edge[] {
  switch (position.kind) {
    case "node":
    case "constrained":
      return [nodeAuthorizer, nodeToken];
    case "pods":
    case "node-pods":
      return [podToken, podNeighbours];
    case "subject":
    case "identity":
    case "accounts":
    case "users":
    case "groups":
    case "nodes":
    case "tokens":
    case "everything":
    case "role":
      return [];
  }
}

function tokenSteps(world: World, { namespace, names }: Extract<Position, { kind: "tokens" }>): PlaceStep[] {
  const wanted = names === null ? null : new Set(names);
  return world
    .tokenSecrets(namespace)
    .filter(({ name }) => wanted?.has(name) !== false)
    .map((secret): PlaceStep => {
      const links: ChainLink[] = [{ kind: "Secret", namespace: secret.namespace, name: secret.name }];
      const subject: SubjectRef = { kind: "ServiceAccount", namespace: secret.namespace, name: secret.account };
      return { edge: secretToken, links, reads: NO_SECRET, to: [{ kind: "subject", subject }], note: null };
    });
}

/** One step for each account, and for each node, that some pod leads to: the first such pod stands for all. */
function podSteps(world: World, pods: readonly Pod[]): PlaceStep[] {
  const steps = new Map<string, PlaceStep>();
  const automount = (namespace: string, name: string): boolean =>
    world.serviceAccount(namespace, name)?.automountServiceAccountToken ?? true;
  for (const pod of pods) {
    const links: ChainLink[] = [{ kind: "Pod", namespace: pod.meta.namespace, name: pod.meta.name }];
    const account = accountInside(pod, automount);
    if (account !== null) {
      const to: Position[] = [{ kind: "subject", subject: account }];
      const key = `account ${subjectText(account)}`;
      if (!steps.has(key)) steps.set(key, { edge: podToken, links, reads: NO_SECRET, to, note: null });
    }
    const { nodeName, nodeAccess } = pod.template;
    if (nodeName !== null && nodeAccess.length > 0) {
      const to: Position[] = [{ kind: "node", name: nodeName }];
      const key = `node ${nodeName}`;
      const note = nodeAccess.join(", ");
      if (!steps.has(key)) steps.set(key, { edge: podNeighbours, links, reads: NO_SECRET, to, note });
    }
  }
  return [...steps.values()];
}

/** What the Node authorizer gives; the pods say why. */
function nodeSteps(world: World, node: string): PlaceStep[] {
  const reach = world.nodeReach(node);
  if (reach === null) return [];
  const link: ChainLink = { kind: "Node", namespace: null, name: node };
  const secrets = [...reach.secrets.values()].map(({ namespace, name }) => ({ namespace, name }));
  const reads: Reach = secrets.length === 0 ? NO_SECRET : unite([{ ...NO_SECRET, secrets }]);
  return [
    { edge: nodeAuthorizer, links: [link], reads, to: [], note: null },
    ...[...reach.accounts.values()].map(({ namespace, name, pods }): PlaceStep => {
      const subject: SubjectRef = { kind: "ServiceAccount", namespace, name };
      const pod: ChainLink = { kind: "Pod", namespace, name: pods[0]!.meta.name };
      return { edge: nodeToken, links: [link, pod], reads: NO_SECRET, to: [{ kind: "subject", subject }], note: null };
    }),
  ];
}

const GET_SECRETS: Need = { verbs: ["get"], on: [core("secrets")], named: "always" };
const CREATE_TOKENS: Need = { verbs: ["create"], on: [core("serviceaccounts/token")], named: "always" };

/** What the Node authorizer gives to a node that is impersonated under constraint: what the impersonator may also do itself. */
function borrowedNodeSteps(world: World, position: Extract<Position, { kind: "constrained" }>): PlaceStep[] {
  const node = position.as.kind === "User" ? nodeOf(position.as.name) : null;
  const reach = node === null ? null : world.nodeReach(node);
  if (reach === null) return [];
  const own = rightsOfSubject(world.rbac, position.by);
  const allowed = (need: Need): readonly Held[] => own.held(impersonateOn(need, position.mode));
  const covered = (held: Held, { namespace, name }: { namespace: string; name: string }): boolean =>
    (held.where === "" || held.where === namespace) && coversName(held, name);
  const reads = allowed(GET_SECRETS).flatMap((held): PlaceStep[] => {
    const secrets = [...reach.secrets.values()].filter((secret) => covered(held, secret));
    const named = secrets.map(({ namespace, name }) => ({ namespace, name }));
    if (named.length === 0) return [];
    return [
      {
        edge: nodeAuthorizer,
        links: linksOf(held),
        reads: unite([{ ...NO_SECRET, secrets: named }]),
        to: [],
        note: null,
      },
    ];
  });
  const tokens = allowed(CREATE_TOKENS).flatMap((held) =>
    [...reach.accounts.values()]
      .filter((account) => covered(held, account))
      .map(({ namespace, name, pods }): PlaceStep => {
        const pod: ChainLink = { kind: "Pod", namespace, name: pods[0]!.meta.name };
        const to: Position[] = [{ kind: "subject", subject: { kind: "ServiceAccount", namespace, name } }];
        return { edge: nodeToken, links: [...linksOf(held), pod], reads: NO_SECRET, to, note: null };
      }),
  );
  return [...reads, ...tokens];
}
