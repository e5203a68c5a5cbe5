import { stringify } from "yaml";
import type { Json, ResourceRequest } from "../../src/model/api.ts";
import { NO_RUN } from "../../src/scenarios/lab/names.ts";
import { placeOf, plannedObjects, type LabEntry } from "../../src/scenarios/lab/plan.ts";
import { requestsOf } from "../../src/scenarios/lab/rights.ts";
import { labs } from "../../src/scenarios/labs/index.ts";
import { ADVERSARIES } from "../../src/scenarios/needs.ts";

const COMMENT = `\
# kubectl cronaudit replay --lab and replay cleanup, for all adversaries and --variants: what their rights check asks for.
# The lab's namespaces are not there beforehand, so it has to hold in every namespace. It allows to run pods anywhere, as any account,
# and to read and delete every Secret: bind it for the time of a lab, on a cluster made for tests.
`;

/** Everything that a lab may make: both forms and all others, with the workload's own process and with the driver acting. */
function allObjects(): Json[] {
  const entries: LabEntry[] = ADVERSARIES.map((id, index) => ({ number: index + 1, id, lab: labs[id] }));
  return (["driver", "container"] as const).flatMap((placement) => {
    const choice = { placement, image: "lab", node: null };
    const canary = { value: "", fingerprint: "", hashing: [], is: () => false };
    const others = entries.flatMap(({ id, lab }) =>
      lab.variants.flatMap((variant) => {
        const form = variant.hardenings.length === 0 ? ("default" as const) : ("hardened" as const);
        const { hardenings } = variant;
        return lab.objects(placeOf(NO_RUN, choice), { adversary: id, form, name: variant.id, hardenings, canary });
      }),
    );
    return [...plannedObjects(entries, choice).map(({ object }) => object), ...others];
  });
}

interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
  resourceNames?: string[];
}

/** One rule for each API group and set of verbs. */
function rulesOf(requests: readonly ResourceRequest[]): Rule[] {
  const resourceOf = ({ resource, subresource }: ResourceRequest): string =>
    subresource === "" ? resource : `${resource}/${subresource}`;
  const byResource = Map.groupBy(requests, (one) => JSON.stringify([one.group, resourceOf(one), one.name]));
  const single = [...byResource.values()].map((same): Rule => {
    const [{ group, name }, resource] = [same[0]!, resourceOf(same[0]!)];
    const verbs = [...new Set(same.map(({ verb }) => verb))].sort();
    return { apiGroups: [group], resources: [resource], verbs, ...(name === "" ? {} : { resourceNames: [name] }) };
  });
  const alike = Map.groupBy(single, (rule) => JSON.stringify({ ...rule, resources: [] }));
  return [...alike.values()].map((rules) => ({
    ...rules[0]!,
    resources: rules.flatMap(({ resources }) => resources).sort(),
  }));
}

/** The ClusterRole of whoever runs a lab. */
export function replayRbac(): string {
  const metadata = { name: "cronaudit-replay-lab" };
  const rules = rulesOf(requestsOf(allObjects()));
  const role = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata, rules };
  return `${COMMENT}${stringify(role, { lineWidth: 0, indentSeq: false })}`;
}
