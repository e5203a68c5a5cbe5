import type { Outcome, Site } from "./edge.ts";
import { coversName, namesOf, type Held } from "./held.ts";
import { isMirror } from "./pods.ts";
import type { Position } from "./position.ts";
import { CREATE_ACCOUNTS } from "./resources.ts";
import { unite } from "./scopes.ts";
import { isObjectName } from "./subjects.ts";
import type { World } from "./world.ts";

/** What every right in a namespace ("": in the cluster) comes to. */
export function everythingIn(world: World, namespace: string): Outcome {
  return { reads: world.secretsAt(namespace, null), to: [{ kind: "everything", namespace }] };
}

/**
 * What a new pod of a namespace comes to: it mounts any Secret there, and runs as any ServiceAccount. Accounts that do not
 * exist can be made first by whoever may create them. Neither Pod Security nor the annotation enforce-mountable-secrets
 * forbids it: the latter overlooks projected volumes.
 */
export function newPod({ world, may }: Pick<Site, "world" | "may">, where: string): Outcome {
  return {
    reads: world.secretsAt(where, null),
    to: [{ kind: "accounts", namespace: where, absent: may(CREATE_ACCOUNTS, where) }],
  };
}

/** The ServiceAccounts that a rule names, or all of the place. `absent`: also those that do not exist. */
export function accountsNamed(
  { world }: Pick<Site, "world">,
  { where, names }: Pick<Held, "where" | "names">,
  { absent = false, borrowed = false } = {},
): Position[] {
  const named = namesOf({ names });
  const lent = borrowed ? ({ borrowed: true } as const) : {};
  if (named === null) return [{ kind: "accounts", namespace: where, absent, ...lent }];
  const places = where === "" ? world.rbac.namespaces : [where];
  return places.flatMap((namespace) =>
    named
      .filter((name) => isObjectName(name) && (absent || world.accountExists(namespace, name) !== false))
      .map((name): Position => ({ kind: "subject", subject: { kind: "ServiceAccount", namespace, name }, ...lent })),
  );
}

/** What entering running pods comes to: the Secrets that stand in their containers, and their tokens. */
export function insidePods({ world }: Site, { where, names }: Pick<Held, "where" | "names">): Outcome {
  const named = namesOf({ names });
  const reads = world.insidePods(where, named);
  const to: Position[] = [{ kind: "pods", namespace: where, names: named }];
  if (world.anyRunning(where, named)) return { reads, to };
  if (world.isWhole("pods", where)) return { latent: "no pod runs that it could enter" };
  return { reads: world.secretsAt(where, null), effect: "maybe", note: "if a pod runs there: not all pods were seen" };
}

/** The same for running pods that can be changed: a mirror pod runs what its node's file says, and takes no new container. */
export function insideChangeablePods(site: Site): Outcome {
  const { world, where, held } = site;
  const pods = world.runningPods(where).filter((pod) => isMirror(pod) && coversName(held[0]!, pod.meta.name));
  if (pods.length === 0) return insidePods(site, { where, names: held[0]!.names });
  const mirrors = new Set(pods.map(({ meta }) => meta.name));
  const others = world
    .runningPods(where)
    .filter(({ meta }) => coversName(held[0]!, meta.name) && !mirrors.has(meta.name));
  if (others.length > 0) return insidePods(site, { where, names: others.map(({ meta }) => meta.name) });
  return { latent: "only mirror pods run there, which take no change" };
}

/** The union of what several places come to. */
export function together(outcomes: readonly Outcome[]): Outcome {
  const notes = new Set(outcomes.flatMap(({ note }) => note ?? []));
  return {
    reads: unite(outcomes.flatMap(({ reads }) => reads ?? [])),
    to: outcomes.flatMap(({ to }) => to ?? []),
    ...(notes.size === 0 ? {} : { note: [...notes].join("; ") }),
  };
}
