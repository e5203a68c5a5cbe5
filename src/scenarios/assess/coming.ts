import { refOf } from "../../batch/owners.ts";
import type { Judgement } from "../../exposure/judge.ts";
import type { SubjectRef, Way } from "../../model/report.ts";
import type { Resource } from "../../model/snapshot.ts";
import type { Pod } from "../../model/workload.ts";
import type { Edge } from "../../rbac/edge.ts";
import { withMembers } from "../../rbac/closure.ts";
import { startOf } from "../../rbac/expand.ts";
import { worldOf, type World } from "../../rbac/index.ts";
import { movesFrom } from "../../rbac/moves.ts";
import { accountOf as accountOfPath, combine, onward, type Path } from "../../rbac/path.ts";
import { isRunning } from "../../rbac/pods.ts";
import type { Position } from "../../rbac/position.ts";
import { NO_SECRET } from "../../rbac/scopes.ts";
import { normalise, serviceAccountUsername } from "../../rbac/subjects.ts";
import { serviceAccountOf, templateOf } from "../../scope/match.ts";
import { isOver, isSuspended, type AssessContext, type ReplayWorkload } from "../context.ts";
import { accountOf } from "./account-reach.ts";
import { hiddenKinds } from "./evidence.ts";

/** How a position comes to act as a workload's account, or inside its containers. */
export interface Coming {
  /** Null: it is that account. */
  path: Path | null;
  /** `now`; or once a run is under way, where none is; or once somebody resumes what is suspended; or only with luck. */
  when: "now" | "next-run" | "resumed" | "luck";
}

/**
 * Shortest chains from the position to workloads' accounts; null where there is none by the grants that were seen. `inPods`:
 * whether its pods hold a token, so that being in one of them is enough.
 */
export function comings(context: AssessContext): (workload: ReplayWorkload, inPods: boolean) => Coming | null {
  return (workload, inPods) => {
    const pods = workload.pods.filter(isRunning);
    const now = { ...accountOf(workload), inPods, pods, next: null };
    const next = { ...now, next: nextRun(workload) };
    const awake = isAwake(workload) ? next : now;
    const searches: readonly [Coming["when"], World, Target, boolean][] = [
      ["now", context.judgement.world, now, false],
      ["next-run", worldWithRuns(context, false), awake, false],
      ["resumed", worldWithRuns(context, true), isOver(workload) ? now : next, false],
      ["luck", worldWithRuns(context, true), isOver(workload) ? now : next, true],
    ];
    for (const [when, world, target, luck] of searches) {
      const path = search(world, context.from, isAt(target), luck);
      if (path !== null) return { path: path.by === null ? null : path, when };
    }
    return null;
  };
}

/** What hides where the position's rights lead to, in words: kinds of objects that its edges look at. */
export function hiddenOnTheWay(context: AssessContext): string[] {
  const kinds = new Set<Resource>();
  const look = (asked: ReadonlySet<Edge>): void => {
    for (const { looksAt } of asked) for (const kind of looksAt) kinds.add(kind);
  };
  search(worldWithRuns(context, true), context.from, () => false, true, look);
  return hiddenKinds(context, kinds);
}

/** True where the chain ends inside a container, so that it takes the token there. */
export function endsInside({ path }: Coming): boolean {
  return path !== null && (path.position.kind === "pods" || path.position.kind === "node-pods");
}

/** The way that a path is, as reports tell it. */
export function wayTo(path: Path, account: SubjectRef): Way {
  const { chain, edges, since, notes } = accountOfPath(path.by!.path, path.by!.move);
  return {
    edge: edges[0]!.id,
    edges: edges.map(({ id }) => id),
    effect: path.effect ?? "act-as",
    scope: NO_SECRET,
    leadsTo: [account],
    chain,
    provedSince: since,
    verified: null,
    note: notes.length === 0 ? null : notes.join("; "),
  };
}

interface Target {
  namespace: string;
  name: string;
  inPods: boolean;
  pods: readonly Pod[];
  /** Name of the pod that stands for its next run; null where none is looked for. */
  next: string | null;
}

/** Breadth first over all positions, whether or not they open a Secret. `luck`: over moves that take some as well. */
function search(
  world: World,
  from: readonly SubjectRef[],
  isThere: (position: Position) => boolean,
  luck: boolean,
  look: (asked: ReadonlySet<Edge>) => void = () => undefined,
): Path | null {
  const seen = new Set<string>();
  let level = from.flatMap((one) =>
    startOf(normalise(one)).map((position): Path => ({ position, by: null, effect: null })),
  );
  while (level.length > 0) {
    const next: Path[] = [];
    for (const path of withMembers(world, level, seen)) {
      if (isThere(path.position)) return path;
      const { moves, asked } = movesFrom(world, path.position, false);
      look(asked);
      for (const move of moves) {
        if (!luck && combine(path.effect, move.effect) === "maybe") continue;
        for (const position of move.to) next.push(onward(path, move, position));
      }
    }
    level = next;
  }
  return null;
}

function isAt({ namespace, name, inPods, pods, next }: Target): (position: Position) => boolean {
  const names = [...pods.map(({ meta }) => meta.name), ...(next === null ? [] : [next])];
  const isHere = (place: string): boolean => place === "" || place === namespace;
  const isAccount = (one: SubjectRef): boolean =>
    one.kind === "ServiceAccount" && one.namespace === namespace && one.name === name;
  return (position) => {
    switch (position.kind) {
      case "subject":
        return isAccount(position.subject);
      case "constrained":
        return isAccount(position.as);
      case "identity":
        return position.name === serviceAccountUsername(namespace, name);
      case "users":
        return position.borrowed !== true;
      case "accounts":
      case "everything":
        return isHere(position.namespace);
      case "pods":
        if (!inPods || !isHere(position.namespace)) return false;
        return names.some((one) => position.names?.includes(one) !== false);
      case "node-pods":
        if (!inPods || position.name === null) return inPods && names.length > 0;
        return pods.some(({ template }) => template.nodeName === position.name);
      case "groups":
      case "node":
      case "nodes":
      case "tokens":
      case "role":
        return false;
    }
  };
}

/** No object has this name: it is no DNS label. */
function nextRun({ object }: Pick<ReplayWorkload, "object">): string {
  return `the next run of ${refOf(object).kind.toLowerCase()}/${object.meta.name}`;
}

/** A run of it is under way, or starts by itself. */
function isAwake(workload: ReplayWorkload): boolean {
  return !isOver(workload) && !isSuspended(workload);
}

const laterWorlds = new WeakMap<Judgement, Map<boolean, World>>();

/**
 * The world in which a run of every workload is under way, for rights that are of use only then, whatever is selected. Of what has
 * finished none comes; `resumed`: of what is suspended as well.
 */
export function worldWithRuns({ snapshot, judgement, all }: AssessContext, resumed: boolean): World {
  return laterWorlds
    .getOrInsertComputed(judgement, () => new Map<boolean, World>())
    .getOrInsertComputed(resumed, () => {
      const runs = all.filter((one) => (resumed ? !isOver(one) : isAwake(one))).map(runOf);
      return worldOf({ ...snapshot, pods: [...snapshot.pods, ...runs] }, judgement.world.rbac);
    });
}

function runOf({ object }: ReplayWorkload): Pod {
  return {
    kind: "Pod",
    meta: {
      ...object.meta,
      name: nextRun({ object }),
      uid: `${object.meta.uid}/next`,
      resourceVersion: "",
      creationTimestamp: null,
    },
    template: { ...templateOf(object), serviceAccountName: serviceAccountOf(object) },
    phase: "Running",
    reason: null,
    startTime: null,
    conditions: [],
    containers: [],
    annotationLiterals: [],
    messageLiterals: [],
    logLiterals: [],
  };
}
