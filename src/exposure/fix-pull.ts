import type { FixRequest } from "./class.ts";
import { inNamespace, line, quote } from "./steps.ts";

/** A node needs the pull Secret for what it pulls next, so first the images come without it. */
export function pullSecretFix({ found, name, everyoneBy }: FixRequest): string {
  const ref = found[0]!.identity.ref;
  const command = `kubectl delete secret ${quote(ref?.name ?? name)}${inNamespace(ref?.namespace ?? null)}`;
  const [first, ...others] = new Set(
    found.map(({ object, source }) => nameOf(object ?? { kind: source.kind, name: source.meta.name })),
  );
  const rest = others.length === 0 ? "" : ` and ${String(others.length)} more`;
  const before = `after the node pulls the images by its own credential provider, and imagePullSecrets of ${first!}${rest} no longer names it`;
  return line(command, [before, ...everyoneBy]);
}

function nameOf({ kind, name }: { kind: string; name: string }): string {
  return `${kind.toLowerCase()}/${name}`;
}
