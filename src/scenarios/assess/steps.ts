import type { ResourceRequest } from "../../model/api.ts";
import type { ReplayStep } from "../../model/replay-report.ts";
import type { Reach, SubjectRef } from "../../model/report.ts";
import type { Path } from "../../rbac/path.ts";
import type { Move } from "../../rbac/moves.ts";
import { requestsOf, type Claim } from "../../rbac/ways.ts";
import type { World } from "../../rbac/index.ts";
import type { AssessContext } from "../context.ts";
import { inWords, otherStep, requestStep } from "../position.ts";
import { chainText, reachText } from "./reach-words.ts";

const REVIEW: ResourceRequest = {
  verb: "create",
  group: "authorization.k8s.io",
  resource: "selfsubjectrulesreviews",
  subresource: "",
  namespace: "",
  name: "",
};

/** A request by an identity that is known, judged by RBAC as it was seen. */
export function stepAs(context: AssessContext, as: SubjectRef, request: ResourceRequest, yields: string): ReplayStep {
  return requestStep({ ...context, from: [as] }, { supposed: inWords(as), request, yields });
}

/** What an intruder asks first: what the account may do. */
export function reviewStep(context: AssessContext, account: SubjectRef): ReplayStep {
  return stepAs(context, account, REVIEW, `what ${inWords(account)} may do in a namespace`);
}

/** The first request of a way for what is not needed, with the chain that allows it; what follows from it in words. */
export function claimSteps(
  context: AssessContext,
  account: SubjectRef,
  { way, requests }: Claim,
  needs: Reach["secrets"],
): ReplayStep[] {
  const isNeeded = (one: ResourceRequest): boolean =>
    needs.some(({ namespace, name }) => one.namespace === namespace && one.name === name);
  const request = requests.find((one) => !isNeeded(one)) ?? requests[0];
  const through = `${way.chain.length === 0 ? "" : ` by ${chainText(way.chain)}`}${way.note === null ? "" : `; ${way.note}`}`;
  const opened = `${reachText(way.scope, context)}${through}`;
  if (request === undefined) return [otherStep(inWords(account), way.edges.join(", then "), opened)];
  return [stepAs(context, account, request, opened)];
}

/** How a position comes to an account, move by move: its own first request, then what follows in words. */
export function pathSteps(context: AssessContext, path: Path): ReplayStep[] {
  return movesOf(path).map(({ move, from }, at) => {
    const request = at === 0 ? firstRequest(context.judgement.world, move) : null;
    const yields = `${move.edge.grants}${move.links.length === 0 ? "" : `; by ${chainText(move.links)}`}`;
    if (request === null) return otherStep(actorAt(from), move.edge.name, yields);
    return requestStep(context, { supposed: "", request, yields });
  });
}

function movesOf(path: Path): { move: Move; from: Path }[] {
  return path.by === null ? [] : [...movesOf(path.by.path), { move: path.by.move, from: path.by.path }];
}

function firstRequest(world: World, { step }: Move): ResourceRequest | null {
  const held = step?.held[0];
  return held === undefined ? null : (requestsOf(world, held)[0] ?? null);
}

function actorAt({ position }: Path): string {
  return position.kind === "subject" ? inWords(position.subject) : "whoever is there";
}
