import type { Found } from "../../exposure/class.ts";
import type { Carried } from "../../exposure/identity.ts";
import { isClosed, type Judged } from "../../exposure/judged.ts";
import type { Judgement } from "../../exposure/judge.ts";
import { tokenAt } from "../../exposure/tokens.ts";
import type { ObjectRef } from "../../model/object.ts";

/** Names what a deletion takes away: by uid, and Secrets and ConfigMaps by their names. */
export interface Taken {
  byUid: ReadonlyMap<string, number>;
  /** `Secret/database/backup`. */
  byName: ReadonlyMap<string, number>;
}

/** The key of an object in Taken.byName. */
export function nameKey({ kind, namespace, name }: Pick<ObjectRef, "kind" | "namespace" | "name">): string {
  return `${kind}/${namespace ?? ""}/${name}`;
}

/** One way in which a credential still lies open, and which deletion ends it; null: none of the plan's does. */
export interface OpenWindow {
  at: number;
  carried: Carried;
  by: number | null;
}

/** The windows of one credential that are open at the moment of the evidence. */
export function openWindows(judged: Judged, { context }: Judgement, taken: Taken): OpenWindow[] {
  const open: OpenWindow[] = [];
  for (const [at, carried] of judged.carriers.entries()) {
    const { found } = carried;
    if (context.isEarlier(found.source) || isClosed(found, judged.windowAt(at), context)) continue;
    open.push({ at, carried, by: endedBy(carried, taken) });
  }
  return open;
}

/** Where the credential stands decides: a pod that only names a Secret takes nothing of it along. */
function endedBy({ rule, found }: Carried, { byUid, byName }: Taken): number | null {
  const bySource = byUid.get(found.source.meta.uid) ?? null;
  switch (rule.id) {
    case "literal-env":
    case "literal-args":
    case "literal-annotation":
    case "termination-message":
    case "log":
    case "node-grant":
      return bySource;
    case "token-bound":
      // Whoever judges a token for another audience does not ask whether the pod is there.
      return isForServer(found) ? bySource : null;
    case "configmap-env":
      return byUid.get(found.object?.uid ?? "") ?? null;
    case "secret-env":
    case "secret-volume":
    case "pull-secret":
    case "token-legacy": {
      const { ref } = found.identity;
      return ref === null ? null : (byName.get(nameKey({ kind: "Secret", ...ref })) ?? null);
    }
  }
}

/** True for a bound token that the API server itself judges. */
export function isForServer({ source, path }: Found): boolean {
  return source.kind === "Pod" && tokenAt(source, path).audience === null;
}
