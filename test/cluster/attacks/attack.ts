import type { Stage } from "./stage.ts";

/** One right that an edge needs, as the rule of a role of its own, so that it can be taken away alone. */
export interface Right {
  verb: string;
  /** As kubectl writes it: `pods/exec`, `deployments.apps`, `certificatesigningrequests.certificates.k8s.io/approval`. */
  resource: string;
  /** Null: by a ClusterRoleBinding. */
  namespace: string | null;
  names: string[];
  /** Without it the attack is refused, and yet the tool names the edge: what the others would then take is not looked at. */
  stillNamed?: true;
}

/** An edge carried out on a real API server by an account that has the rights of the edge and nothing else. */
export interface Attack {
  /** The id of the edge in src/rbac/edges. */
  edge: string;
  /** Another edge that the same request is, where access does not name it: those who read workloads are named by exposure. */
  also?: string;
  /** How, in words: an edge with alternatives has an attack for each. */
  how: string;
  /** All are needed: without any one of them the attack is refused. */
  rights(stage: Stage): Right[];
  /** Prepares the victim's side as cluster-admin. Runs before each attempt, so it also undoes the last one. */
  arrange?(stage: Stage): Promise<void>;
  /** Returns the canary it obtained. Throws Forbidden where the API server refuses the attacker. */
  attack(stage: Stage): Promise<string>;
  /** The edge's own right lets the account get the Secret by name, so that it cannot be shown that it may not. */
  mayGet?: true;
  /** The API server goes on granting the attack for some seconds after a right is gone; it can be tried again until then. */
  remembered?: true;
  /** Nothing here runs what the attack makes: it returns ACCEPTED instead of the canary once the API server let it through. */
  accepted?: true;
  /** The edge belongs to a place, not to a rule: it is a later step of the way that the rights open. */
  later?: true;
  /** The value is obtained from something else than the Secret, such as a log: the way that the tool names ends at no Secret. */
  elsewhere?: true;
  /** It reads an object, the pod `victim`, and not a Secret: exposure names the attacker among its readers, and access nobody. */
  reads?: true;
  /** Besides taking away a right: what on the victim's side ends the way, for the attack and the tool alike. */
  ends?: { how: string; by(stage: Stage): Promise<void> };
  /** Why the tool must not name the edge for this attack. */
  unnamed?: string;
  /** It takes containers that run: the stage has a real node. */
  onRealNode?: true;
  /** Feature gates by which the API server of this version refuses it; the tool must not name it here. */
  gone?: string[];
}

/** What an attack returns that ends with the API server accepting something. */
export const ACCEPTED = "accepted";

/** The API server refused the attacker with 403; never carries a body. */
export class Forbidden extends Error {
  override readonly name = "Forbidden";
}

/** One attempt's outcome: what was obtained, or null where the API server answered 403. */
export async function attempt({ attack }: Attack, stage: Stage): Promise<string | null> {
  try {
    return await attack(stage);
  } catch (error) {
    if (error instanceof Forbidden) return null;
    throw error;
  }
}
