import type { AccessItem, AccessReport, TriageItem } from "../../model/report.ts";
import { quote } from "../steps.ts";
import { earlier } from "../windows.ts";
import { named, plural } from "./line.ts";

const BATCH: ReadonlySet<string> = new Set(["CronJob", "Job", "Pod"]);

/** Accounts that get a line of their own; the rest are counted in the last one. */
const LINES = 10;

/** One line for each account that batch work runs as and that reads every Secret of the cluster or of a namespace. */
export function accountLines(access: AccessReport): TriageItem[] {
  const wide = access.items.filter(
    ({ subject, reach, usedBy }) =>
      subject.kind === "ServiceAccount" &&
      (reach.cluster || reach.namespaces.length > 0) &&
      usedBy.some(({ kind }) => BATCH.has(kind)),
  );
  const lines = wide.slice(0, LINES).map(accountLine);
  const rest = wide.slice(LINES);
  if (rest.length === 0) return lines;
  const { severity } = accountLine(rest[0]!);
  return [
    ...lines,
    {
      id: "more-accounts",
      severity,
      what: `${plural(rest.length, "more ServiceAccount")} that read every Secret of namespaces`,
      ...named(rest.flatMap(({ usedBy }) => usedBy)),
      since: rest.flatMap(provedTimes).reduce(earlier, null),
      sinceIsBound: true,
      until: null,
      untilIsBound: false,
      untilAssumes: null,
      untilBecause: "grant-removal",
      untilWhy: "until the bindings go",
      readers: null,
      next: "access",
    },
  ];
}

function accountLine(item: AccessItem): TriageItem {
  const { subject, reach, direct, usedBy } = item;
  const [only] = reach.namespaces;
  const where = reach.namespaces.length === 1 ? ` of ${only!}` : ` of ${plural(reach.namespaces.length, "namespace")}`;
  const namespace = subject.namespace ?? "";
  const wide = reach.cluster ? direct.cluster : direct.namespaces.length > 0;
  const verb = item.exists === false ? ", which does not exist now, would read" : wide ? " reads" : " comes to";
  return {
    id: `account/${namespace}/${subject.name}`,
    severity: reach.cluster ? "critical" : "high",
    what: `Account ${namespace}/${subject.name}${verb} every Secret${reach.cluster ? "" : where}`,
    ...named(usedBy.filter(({ kind }) => BATCH.has(kind))),
    since: provedTimes(item).reduce(earlier, null),
    sinceIsBound: true,
    until: null,
    untilIsBound: false,
    untilAssumes: null,
    untilBecause: "grant-removal",
    untilWhy: "until the binding goes",
    readers: null,
    next: `access ${quote(`sa/${subject.name}`)} -n ${quote(namespace)}`,
  };
}

/** When the ways as wide as the reach were proved. */
function provedTimes({ reach, ways }: AccessItem): (string | null)[] {
  return ways
    .filter(({ scope }) => (reach.cluster ? scope.cluster : scope.namespaces.length > 0))
    .map(({ provedSince }) => provedSince);
}
