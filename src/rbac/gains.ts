import type { Outcome, Site } from "./edge.ts";
import { namesOf, type Held } from "./held.ts";
import type { Position } from "./position.ts";
import { CREATE_ACCOUNTS } from "./resources.ts";
import { unite } from "./scopes.ts";
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
  { world }: Site,
  { where, names }: Pick<Held, "where" | "names">,
  absent: boolean,
): Position[] {
  const named = namesOf({ names });
  if (named === null) return [{ kind: "accounts", namespace: where, absent }];
  const places = where === "" ? world.rbac.namespaces : [where];
  return places.flatMap((namespace) =>
    named
      .filter((name) => absent || world.accountExists(namespace, name) !== false)
      .map((name): Position => ({ kind: "subject", subject: { kind: "ServiceAccount", namespace, name } })),
  );
}

/** What entering running pods comes to: the Secrets that stand in their containers, and their tokens. */
export function insidePods({ world }: Site, { where, names }: Pick<Held, "where" | "names">): Outcome {
  const named = namesOf({ names });
  const reads = world.insidePods(where, named);
  const to: Position[] = [{ kind: "pods", namespace: where, names: named }];
  if (world.anyRunning(where, named)) return { reads, to };
  if (world.podsWhole(where)) return { latent: "no pod runs that it could enter" };
  return { reads: world.secretsAt(where, null), effect: "maybe", note: "if a pod runs there: not all pods were seen" };
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
