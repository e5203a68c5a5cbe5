import type { Json, ResourceRequest } from "../model/api.ts";
import { NO_RUN } from "../scenarios/lab/names.ts";
import { placeOf, plannedObjects, type LabEntry } from "../scenarios/lab/plan.ts";
import { requestsOf } from "../scenarios/lab/rights.ts";
import { labs } from "../scenarios/labs/index.ts";
import { ADVERSARIES } from "../scenarios/needs.ts";
import type { Role, RoleRule } from "./roles.ts";

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

/** One rule for each API group and set of verbs. */
function rulesFrom(requests: readonly ResourceRequest[]): RoleRule[] {
  const resourceOf = ({ resource, subresource }: ResourceRequest): string =>
    subresource === "" ? resource : `${resource}/${subresource}`;
  const byResource = Map.groupBy(requests, (one) => JSON.stringify([one.group, resourceOf(one), one.name]));
  const single = [...byResource.values()].map((same): RoleRule => {
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
export function labRole(): Role {
  return {
    name: "cronaudit-replay-lab",
    about: [
      "kubectl cronaudit replay --lab and replay cleanup, for all adversaries and --variants: what their rights check asks for.",
      "The lab's namespaces are not there beforehand, so it has to hold in every namespace. It allows to run pods anywhere, as any account,",
      "and to read and delete every Secret: bind it for the time of a lab, on a cluster made for tests.",
    ],
    rules: rulesFrom(requestsOf(allObjects())),
  };
}
