import { createContext, type ProjectionContext } from "../../src/evidence/context.ts";
import { KINDS, RESOURCES } from "../../src/evidence/kinds/index.ts";
import type { Json } from "../../src/model/api.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import type { Pod } from "../../src/model/workload.ts";
import { authorize } from "../../src/rbac/authorize.ts";
import { compileRbac, type Rbac } from "../../src/rbac/compile.ts";
import { nodeAllows, nodeBehind, nodeReach } from "../../src/rbac/node-authorizer.ts";
import type { Request } from "../../src/rbac/rules.ts";
import type { Identity } from "../../src/rbac/subjects.ts";
import type { Digit, OracleCase } from "../control-plane/oracle.ts";
import { snapshot } from "../unit/rbac/fixture.ts";

/** Gives one digit a request, as the oracle does. */
export type Judge = (asked: OracleCase) => string;

/** Whether RBAC allows a request; injected where a test wants a wrong answer. */
export type Authorize = (rbac: Rbac, user: Identity, request: Request) => boolean;

/** The program's own answers: raw objects through the projection that collect uses, then its authorizers. */
export async function ourJudge(
  allows: Authorize = (rbac, user, request) => authorize(rbac, user, request).allowed,
): Promise<Judge> {
  const { context } = await createContext(null);
  // A run over many cases would only remember their templates.
  const fresh: ProjectionContext = { ...context, intern: (value) => value };
  return (asked) => {
    const seen = snapshotOf(asked, fresh);
    const rbac = compileRbac(seen);
    const index = nodeReach(seen.pods);
    return asked.requests
      .map(({ user, request }): Digit => {
        const identity = asked.users[user]!;
        const byNode = !("path" in request) && nodeAllows(index, identity, request);
        return `${(allows(rbac, identity, request) ? 1 : 0) + (byNode ? 2 : 0)}` as Digit;
      })
      .join("");
  };
}

function snapshotOf({ objects, deleted = [] }: OracleCase, context: ProjectionContext): Snapshot {
  const seen = snapshot();
  for (const raw of objects as Json[]) {
    const resource = RESOURCES.find((candidate) => KINDS[candidate].kind === raw["kind"])!;
    (seen[resource] as unknown[]).push(KINDS[resource].project(raw, context));
  }
  const isDeleted = ({ meta }: Pod) =>
    deleted.some(([namespace, name]) => meta.namespace === namespace && meta.name === name);
  return { ...seen, pods: seen.pods.filter((pod) => !isDeleted(pod)) };
}

/** Whether our model of the Node authorizer claims to know the answer: what kubelets may do beyond that concerns no Secret. */
export function isModelled(user: Identity, request: Request): boolean {
  if (nodeBehind(user) === null) return true;
  return !("path" in request) && (request.resource === "secrets" || request.resource === "serviceaccounts");
}
