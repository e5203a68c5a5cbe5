/** A kind that can be named on the command line. */
export interface ResourceType {
  kind: "CronJob" | "Job" | "Pod" | "ServiceAccount";
  plural: string;
  singular: string;
  short: string | null;
  group: string;
}

/** The kinds that reports are about, as `kubectl api-resources` lists them. */
export const RESOURCE_TYPES: readonly ResourceType[] = [
  { kind: "CronJob", plural: "cronjobs", singular: "cronjob", short: "cj", group: "batch" },
  { kind: "Job", plural: "jobs", singular: "job", short: null, group: "batch" },
  { kind: "Pod", plural: "pods", singular: "pod", short: "po", group: "" },
  { kind: "ServiceAccount", plural: "serviceaccounts", singular: "serviceaccount", short: "sa", group: "" },
];

/** Finds a type by the spellings kubectl takes: `cj`, `cronjob`, `CronJobs`, `cronjobs.batch`, `cronjobs.v1.batch`. */
export function findResourceType(spelled: string): ResourceType | null {
  const [name = "", ...rest] = spelled.toLowerCase().split(".");
  const group = rest.join(".");
  for (const type of RESOURCE_TYPES) {
    if (![type.plural, type.singular, type.short].includes(name)) continue;
    if (group === "" || group === type.group || group === `v1.${type.group}` || (group === "v1" && type.group === "")) {
      return type;
    }
  }
  return null;
}

/** `cronjobs.batch` or `pods`, as the API server writes a resource in an error. */
export function groupResource(type: Pick<ResourceType, "plural" | "group">): string {
  return type.group === "" ? type.plural : `${type.plural}.${type.group}`;
}
