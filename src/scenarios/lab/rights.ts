import type { Explorer, Json, ResourceRequest } from "../../model/api.ts";
import type { LabPlan } from "../../model/lab.ts";
import { LAB_KINDS } from "./kinds.ts";

/** A right that a run needs, and whether the server says that it is there. */
export type Right = LabPlan["rights"][number];

/** What happens to every kind that a lab makes; without `delete` and `list` it could not be cleaned up. */
const VERBS = ["create", "get", "list", "delete"] as const;

function request(verb: string, group: string, resource: string, more: Partial<ResourceRequest> = {}): ResourceRequest {
  return { verb, group, resource, subresource: "", namespace: "", name: "", ...more };
}

const AROUND: readonly ResourceRequest[] = [
  request("create", "", "serviceaccounts", { subresource: "token" }),
  request("get", "discovery.k8s.io", "endpointslices", { namespace: "default", name: "kubernetes" }),
  request("list", "", "nodes"),
  request("list", "", "events"),
];

/**
 * The requests that a run makes as the operator, each asked of all namespaces, since its own are not there yet; and what its Roles
 * grant, because RBAC lets nobody grant what they do not hold (or may not escalate).
 */
export function requestsOf(objects: readonly Json[]): ResourceRequest[] {
  const made = LAB_KINDS.flatMap(({ group, resource }) => VERBS.map((verb) => request(verb, group, resource)));
  const all = [...made, ...AROUND, ...objects.flatMap(granted)];
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

interface Rule {
  verbs?: string[];
  apiGroups?: string[];
  resources?: string[];
}

function granted(object: Json): ResourceRequest[] {
  if (object["kind"] !== "Role") return [];
  return ((object["rules"] as Rule[] | undefined) ?? []).flatMap(({ verbs = [], apiGroups = [], resources = [] }) =>
    verbs.flatMap((verb) =>
      apiGroups.flatMap((group) =>
        resources.map((text) => {
          const [resource, subresource = ""] = text.split("/") as [string, string?];
          return request(verb, group, resource, { subresource });
        }),
      ),
    ),
  );
}

/** Asks for each right by SelfSubjectAccessReview. Where the server gives no answer, the right counts as missing. Throws ApiError. */
export async function askRights(api: Pick<Explorer, "mayI">, requests: readonly ResourceRequest[]): Promise<Right[]> {
  return Promise.all(
    requests.map(async (one) => {
      const { verb, group, resource, subresource } = one;
      return { verb, group, resource, subresource, allowed: (await api.mayI(one)) === true };
    }),
  );
}

/** The missing rights in words, as `kubectl auth can-i` takes them: `create pods`, `create serviceaccounts/token`. */
export function missingRights(rights: readonly Right[]): string[] {
  return rights
    .filter(({ allowed }) => !allowed)
    .map(({ verb, group, resource, subresource }) => {
      const what = `${resource}${group === "" ? "" : `.${group}`}`;
      return `${verb} ${what}${subresource === "" ? "" : `/${subresource}`}`;
    });
}
