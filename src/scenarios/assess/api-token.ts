import { podFinished } from "../../batch/finish.ts";
import { isAdmitted } from "../../exposure/context.ts";
import type { Pod } from "../../model/workload.ts";
import { serviceAccountOf, templateOf } from "../../scope/match.ts";
import type { AssessContext, ReplayWorkload } from "../context.ts";
import { hiddenRuns } from "./evidence.ts";

/** Whether a process in a workload's containers finds a token of its account for the API server; null where that was not seen. */
export interface ApiToken {
  has: boolean | null;
  /** Where it comes from, or why there is none. */
  why: string;
  /**
   * What gives it, or would: the template's own volume; admission, which automountServiceAccountToken: false ends; a Secret that
   * it gets; or runs alone, whatever the template says by now.
   */
  by: "template" | "admission" | "secret" | "runs";
  /** What was not seen; empty unless `has` is null. */
  missing: string[];
}

/**
 * Judges the template: automount of the pod over that of its ServiceAccount over true (plugin/pkg/admission/serviceaccount).
 * A run under way counts as well, and a run whose pod has a token although its own template declines it.
 */
export function apiToken(workload: ReplayWorkload, context: AssessContext): ApiToken {
  const { object, pods } = workload;
  const name = serviceAccountOf(object);
  const own = pods.filter((pod) => serviceAccountOf(pod) === name);
  if (holdsToken(templateOf(object).tokens)) return found("its template mounts the token", "template");
  const shown = shownBy(own);
  const mounted = automount(workload, context);
  if (shown !== null) return found(shown, mounted === false ? "runs" : "admission");
  if (mounted === true) return found("admission mounts a token into its pods", "admission");
  const legacy = legacyTokenIn(workload, context);
  if (legacy !== null) return found(`Secret ${legacy}, which it gets, holds a token of the account`, "secret");
  if (mounted === null) {
    const newest = own.filter(isAdmitted).at(-1);
    if (newest !== undefined && holdsToken(newest.template.tokens))
      return found("its pods show the token", "admission");
    const missing = context.judgement.context.whole("serviceaccounts", object.meta.namespace);
    const why = "its ServiceAccount was not seen, which may decline the token";
    return none(why, "admission", missing === null ? [] : [missing]);
  }
  return none("its pods get no token", "runs", hiddenRuns(context, object.meta.namespace));
}

function found(why: string, by: ApiToken["by"]): ApiToken {
  return { has: true, why, by, missing: [] };
}

function none(why: string, by: ApiToken["by"], missing: string[]): ApiToken {
  return { has: missing.length === 0 ? false : null, why, by, missing };
}

/** True where one of these projections is for the API server. */
export function holdsToken(tokens: readonly { audience: string | null }[]): boolean {
  return tokens.some(({ audience }) => audience === null);
}

function shownBy(pods: readonly Pod[]): string | null {
  const holding = pods.filter(({ template }) => holdsToken(template.tokens));
  const running = holding.find((pod) => !podFinished(pod));
  if (running !== undefined) return `pod/${running.meta.name}, which runs, holds a token`;
  const given = holding.find(({ template }) => template.automountServiceAccountToken === false);
  return given === undefined ? null : `pod/${given.meta.name} shows one although its template declines it`;
}

/** An admitted pod shows what it got; null where the ServiceAccount decides and was not seen. */
function automount({ object }: ReplayWorkload, { judgement: { context } }: AssessContext): boolean | null {
  if (object.kind === "Pod" && isAdmitted(object)) return false;
  const own = templateOf(object).automountServiceAccountToken;
  if (own !== null) return own;
  const namespace = object.meta.namespace ?? "";
  const account = context.serviceAccount(namespace, serviceAccountOf(object));
  if (account === null) return context.whole("serviceaccounts", namespace) === null ? true : null;
  return account.automountServiceAccountToken ?? true;
}

function legacyTokenIn({ object }: ReplayWorkload, { judgement: { context } }: AssessContext): string | null {
  const namespace = object.meta.namespace ?? "";
  const name = serviceAccountOf(object);
  const secrets = templateOf(object).secretReferences.filter(({ containers }) => containers.length > 0);
  const holding = secrets.find(({ secret }) => context.legacyToken(namespace, secret)?.serviceAccount?.name === name);
  return holding?.secret ?? null;
}
