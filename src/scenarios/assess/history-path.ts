import type { CredentialHistory, ReplayStep } from "../../model/replay-report.ts";
import type { Job, Pod } from "../../model/workload.ts";
import type { AssessContext, ReplayWorkload } from "../context.ts";
import { may, otherStep, positionText, requestStep } from "../position.ts";
import { plural } from "../../exposure/triage/line.ts";
import { shortFingerprint } from "./credential-evidence.ts";
import { requestFor } from "./credential-path.ts";
import { retainedOf } from "./history-runs.ts";

/** Whoever the threat model supposes to read a namespace's Jobs and pods. */
const supposed = (namespace: string): string => `whoever may list jobs and pods in ${namespace}`;

/** Lists Jobs and pods as far as it may, then compares what they hold. */
export function historyPath(
  context: AssessContext,
  workload: ReplayWorkload,
  seen: { visible: readonly (Job | Pod)[]; runs: number; histories: readonly CredentialHistory[] },
): ReplayStep[] {
  const namespace = workload.ref.namespace ?? "";
  const lists = (["Job", "Pod"] as const).flatMap((kind) => kindStep(context, workload, seen.visible, kind));
  const actor = positionText(context.from) ?? supposed(namespace);
  const told = seen.histories.map(historyInWords).join("; ");
  const compare = otherStep(actor, `compares the values of ${plural(seen.runs, "run")} by their start`, told);
  return told === "" ? lists : [...lists, compare];
}

/** One list; or, where it may only get, the first object for all. */
function kindStep(
  context: AssessContext,
  workload: ReplayWorkload,
  visible: readonly (Job | Pod)[],
  kind: "Job" | "Pod",
): ReplayStep[] {
  const here = visible.filter((one) => one.kind === kind);
  const { ref } = workload;
  const namespace = ref.namespace ?? "";
  const list = requestFor({ kind, meta: { namespace } as Job["meta"] }, "list");
  const noun = kind.toLowerCase();
  const yields = `${plural(here.length, noun)} of ${ref.kind.toLowerCase()}/${ref.name}`;
  const step = requestStep(context, { supposed: supposed(namespace), request: list, yields });
  const watch = { ...list, verb: "watch" };
  if (step.allowed !== false) return [step];
  if (may(context, watch) === true) return [requestStep(context, { supposed: "", request: watch, yields })];
  const [first] = here;
  const count = retainedOf(workload).filter((one) => one.kind === kind).length;
  if (first === undefined) return count === 0 ? [] : [{ ...step, yields: `none of ${plural(count, noun)}` }];
  const more = here.length > 1 ? `, and so for ${plural(here.length - 1, `more ${noun}`)} by name` : "";
  return [
    requestStep(context, {
      supposed: "",
      request: requestFor(first, "get"),
      yields: `${noun}/${first.meta.name}${more}`,
    }),
  ];
}

/** `DB_PASSWORD: 3 values in 21 runs from … to …, 2 rotations (fingerprint 3f2a91c0… then …)`. */
function historyInWords({ name, values, runs, from, to, rotations }: CredentialHistory): string {
  const shown = values.slice(0, 4).map(({ fingerprint }) => shortFingerprint(fingerprint));
  const more = values.length > shown.length ? `, and ${String(values.length - shown.length)} more` : "";
  const count = `${plural(values.length, "value")} in ${plural(runs.length, "run")}`;
  return `${name}: ${count} from ${from} to ${to}, ${plural(rotations, "rotation")} (${shown.join(", ")}${more})`;
}
