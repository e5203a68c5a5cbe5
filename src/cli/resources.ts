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

/** Other types that every cluster has, by plural, singular and short name (`kubectl api-resources`) */
const OTHER_TYPES = [
  "bindings binding",
  "certificatesigningrequests certificatesigningrequest csr",
  "clusterrolebindings clusterrolebinding",
  "clusterroles clusterrole",
  "componentstatuses componentstatus cs",
  "configmaps configmap cm",
  "controllerrevisions controllerrevision",
  "csidrivers csidriver",
  "csinodes csinode",
  "customresourcedefinitions customresourcedefinition crd crds",
  "daemonsets daemonset ds",
  "deployments deployment deploy",
  "endpoints endpoint ep",
  "endpointslices endpointslice",
  "events event ev",
  "flowschemas flowschema",
  "horizontalpodautoscalers horizontalpodautoscaler hpa",
  "ingressclasses ingressclass",
  "ingresses ingress ing",
  "leases lease",
  "limitranges limitrange limits",
  "mutatingwebhookconfigurations mutatingwebhookconfiguration",
  "namespaces namespace ns",
  "networkpolicies networkpolicy netpol",
  "nodes node no",
  "persistentvolumeclaims persistentvolumeclaim pvc",
  "persistentvolumes persistentvolume pv",
  "poddisruptionbudgets poddisruptionbudget pdb",
  "podtemplates podtemplate",
  "priorityclasses priorityclass pc",
  "replicasets replicaset rs",
  "replicationcontrollers replicationcontroller rc",
  "resourcequotas resourcequota quota",
  "rolebindings rolebinding",
  "roles role",
  "runtimeclasses runtimeclass",
  "secrets secret",
  "services service svc",
  "statefulsets statefulset sts",
  "storageclasses storageclass sc",
  "validatingadmissionpolicies validatingadmissionpolicy",
  "validatingwebhookconfigurations validatingwebhookconfiguration",
  "volumeattachments volumeattachment",
].map((line) => line.split(" "));

/** The plural of a type that clusters have and reports are not about; null for a word that is no such type. */
export function otherType(spelled: string): string | null {
  const [name = ""] = spelled.toLowerCase().split(".");
  return OTHER_TYPES.find((names) => names.includes(name))?.[0] ?? null;
}

/** `cronjobs.batch` or `pods`, as the API server writes a resource in an error. */
export function groupResource(type: Pick<ResourceType, "plural" | "group">): string {
  return type.group === "" ? type.plural : `${type.plural}.${type.group}`;
}
