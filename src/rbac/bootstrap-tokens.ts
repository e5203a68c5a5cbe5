import type { Outcome } from "./edge.ts";
import type { World } from "./world.ts";

/** The namespace in which the authenticator looks for bootstrap tokens; it looks in no other. */
export const BOOTSTRAP_NAMESPACE = "kube-system";

const TYPE = "bootstrap.kubernetes.io/token";
const GROUP = "system:bootstrappers";

/** True for a name that a bootstrap token's Secret can have (cluster-bootstrap/util/secrets/secrets.go: secretNameRe). */
export function isBootstrapTokenName(name: string): boolean {
  return /^bootstrap-token-[a-z0-9]{6}$/.test(name);
}

const namesOfWorld = new WeakMap<World, readonly string[]>();

/** The names of the Secrets that are bootstrap tokens, as far as Secrets were listed; those whose type is not known too. */
export function bootstrapTokens(world: World): readonly string[] {
  return namesOfWorld.getOrInsertComputed(world, () =>
    world.snapshot.secrets
      .filter(({ type, meta }) => meta.namespace === BOOTSTRAP_NAMESPACE && (type === TYPE || type === null))
      .map(({ meta }) => meta.name)
      .filter(isBootstrapTokenName),
  );
}

/** What a bootstrap token comes to whose fields the holder chooses: any group below system:bootstrappers, and a node's identity. */
export function byBootstrapToken(world: World): Outcome & { note: string } {
  const groups = world.groupsWithRights.filter(({ name }) => name === GROUP || name.startsWith(`${GROUP}:`));
  return {
    to: [
      ...groups.map(({ name }) => ({ kind: "identity" as const, name: "", group: name })),
      { kind: "nodes" as const },
    ],
    note: "if the API server accepts bootstrap tokens, and signs what a joining node asks for",
  };
}
