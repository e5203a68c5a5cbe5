import { isEveryone, readEdges, whoCan, type Rbac, type Readable } from "../rbac/index.ts";
import type { Carried } from "./identity.ts";
import { readablesOf } from "./readable.ts";
import { inNamespace } from "./steps.ts";

/** Bindings beyond this many are counted instead of written out. */
const BINDINGS_SHOWN = 3;

/** What takes from everyone the right to read a credential: `take system:authenticated out of clusterrolebinding/all-view`. */
export function withoutEveryone(rbac: Rbac, carriers: readonly Carried[]): string[] {
  const read = carriers.flatMap(({ found }) => readablesOf(found));
  const objects = new Map(read.map((object) => [JSON.stringify(object), object]));
  const all = [...new Set([...objects.values()].flatMap((object) => grantsToEveryone(rbac, object)))].sort();
  const left = all.length - BINDINGS_SHOWN;
  return left > 0 ? [...all.slice(0, BINDINGS_SHOWN), `and out of ${String(left)} more bindings`] : all;
}

function grantsToEveryone(rbac: Rbac, object: Readable): string[] {
  const { namespace, name } = object;
  const requests = readEdges(rbac, object).flatMap(({ needs }) =>
    // A list may carry the object's name or none; a get always does, a deletecollection never.
    (needs.named === "always" ? [name] : needs.named === "never" ? [""] : [name, ""]).map((asked) => ({
      ...needs,
      namespace,
      name: asked,
    })),
  );
  return requests
    .flatMap((request) => whoCan(rbac, request))
    .filter(({ subject }) => isEveryone(subject))
    .flatMap(({ subject, grants }) =>
      grants.map(({ binding: { source } }) => {
        const { kind, meta } = source;
        return `take ${subject.name} out of ${kind.toLowerCase()}/${meta.name}${inNamespace(meta.namespace)}`;
      }),
    );
}
