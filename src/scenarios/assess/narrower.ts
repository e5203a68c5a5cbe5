import { line, quote, target } from "../../exposure/steps.ts";
import type { Control } from "../../model/replay-report.ts";
import type { ChainLink } from "../../model/report.ts";
import { isNamed, isNothing } from "../../rbac/scopes.ts";
import { isOver } from "../context.ts";
import { cleanUp, control, patch } from "../controls.ts";
import { inWords } from "../position.ts";
import { wayTo } from "./coming.ts";
import type { Intrusion } from "./intrusion.ts";

const BINDINGS: ReadonlySet<string> = new Set(["RoleBinding", "ClusterRoleBinding"]);
const NO_API =
  "its pods get no token (automountServiceAccountToken: false); only where they call no API of the cluster";
const KEPT = "its finished pods are deleted, and with each of them the tokens that were issued for it end";

/** What would keep an intruder from more than the workload needs, cheapest first. */
export function narrower(intrusion: Intrusion): Control[] {
  const { account, coming } = intrusion;
  const controls: Control[] = [];
  if (intrusion.kept.length > 0 && (isOver(intrusion.workload) || intrusion.token.has === false))
    controls.push(control("pod-deletion", cleanUp(intrusion.workload.object), KEPT));
  if (isOver(intrusion.workload)) return [...controls, ...lessRights(intrusion)];
  if (coming === "given" && intrusion.token.has !== false)
    controls.push(control("no-token", withoutToken(intrusion), NO_API));
  if (coming !== null && coming !== "given" && coming.path !== null)
    controls.push(control("rbac", unbind(wayTo(coming.path, account).chain, "the position", account.namespace)));
  return [...controls, ...lessRights(intrusion)];
}

function lessRights({ account, found, needs }: Intrusion): Control[] {
  const [way] = found.ways;
  const isMore = !isNothing(found.beyond) || !isNothing(found.perhaps);
  if (way === undefined || !isMore) return [];
  // An account that reads one more Secret by its name was meant to.
  const named = isNamed(found.beyond) ? found.beyond.secrets.map(({ name }) => name) : [];
  const remark =
    named.length === 0 ? "" : `unless its work is to read ${named.join(", ")} by the API, as a rotation does`;
  const id = needs.length === 0 ? "rbac" : "least-privilege";
  return [control(id, unbind(way.chain, inWords(account), account.namespace, remark))];
}

function withoutToken({ workload: { object }, token }: Intrusion): string {
  if (object.kind !== "CronJob") return "recreate it with spec.automountServiceAccountToken: false in its pod template";
  if (token.by === "runs") return "its template declines it already: it ends with the runs that have it";
  if (token.by === "secret")
    return line(`kubectl edit ${target(object)}`, [`${token.why}: take it out of the pod template`]);
  if (token.by === "template")
    return line(`kubectl edit ${target(object)}`, ["take the serviceAccountToken volume out of the pod template"]);
  return patch(object, {
    spec: { jobTemplate: { spec: { template: { spec: { automountServiceAccountToken: false } } } } },
  });
}

/** The binding that the way begins with. Where it begins with none, all ways are shown. */
function unbind(chain: readonly ChainLink[], whom: string, namespace: string, remark = ""): string {
  const binding = chain.find(({ kind }) => BINDINGS.has(kind));
  if (binding === undefined) return `kubectl cronaudit access -n ${quote(namespace)}`;
  const where = binding.namespace === null ? "" : ` -n ${quote(binding.namespace)}`;
  const command = `kubectl edit ${quote(`${binding.kind.toLowerCase()}/${binding.name}`)}${where}`;
  return line(command, [`take ${whom}, or the group that it is in, out of the subjects`, remark]);
}
