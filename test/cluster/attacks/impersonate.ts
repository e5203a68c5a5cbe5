import { canaryPath, valueIn, type Stage } from "./stage.ts";

/** Gets the canary with the attacker's own token, as somebody else. */
export async function getAs(stage: Stage, user: string, headers: Record<string, string> = {}): Promise<string> {
  const as = { "impersonate-user": user, ...headers };
  return valueIn(await stage.send("GET", canaryPath(stage), undefined, { headers: as }));
}

export function accountUser({ namespace }: Stage, name: string): string {
  return `system:serviceaccount:${namespace}:${name}`;
}
