import { pathOf } from "../../control-plane/act.ts";
import type { Stored } from "../../control-plane/story.ts";
import type { Sent } from "./answer.ts";
import { blindSpec, type CarrierKind } from "./carriers.ts";

/** The verbs of the API's own requests (requestinfo.go); others exist for the authorizer alone. */
export const VERBS = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"] as const;
export type Verb = (typeof VERBS)[number];

/** What a request is about. */
export interface Target {
  carrier: CarrierKind;
  /** "" for the object itself. */
  subresource: string;
  namespace: string;
  name: string;
  /** Of the time when the object was there, for what is asked once it is gone. */
  resourceVersion: string;
}

/** One way to send a verb. */
export interface Form {
  title: string;
  /** True where the object is deleted before the request is sent. */
  afterwards?: true;
  request(target: Target): Sent;
}

const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
const METADATA = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json";
const METADATA_LIST = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json";
const PROTOBUF = "application/vnd.kubernetes.protobuf,application/json";

function item({ carrier, namespace, name, subresource }: Target, query = ""): string {
  return `${pathOf(carrier.kind, namespace, name, subresource === "" ? undefined : subresource)}${query}`;
}

/** A subresource has no collection: the nearest that can be asked is itself. */
function collection(target: Target, query = ""): string {
  return target.subresource === "" ? `${pathOf(target.carrier.kind, target.namespace)}${query}` : item(target, query);
}

/** `/api/v1/watch/namespaces/…`, the old paths, which are still served. */
function oldWatch(path: string): string {
  return path.replace("/v1/namespaces/", "/v1/watch/namespaces/");
}

const byName = ({ name }: Target) => `fieldSelector=metadata.name%3D${name}`;

const get: Form[] = [
  { title: "plain", request: (at) => ({ method: "GET", path: item(at) }) },
  { title: "resourceVersion=0", request: (at) => ({ method: "GET", path: item(at, "?resourceVersion=0") }) },
  { title: "as a Table", request: (at) => ({ method: "GET", path: item(at), accept: TABLE }) },
  { title: "as metadata", request: (at) => ({ method: "GET", path: item(at), accept: METADATA }) },
  { title: "as protobuf", request: (at) => ({ method: "GET", path: item(at), accept: PROTOBUF }) },
];

const list: Form[] = [
  { title: "plain", request: (at) => ({ method: "GET", path: collection(at) }) },
  { title: "resourceVersion=0", request: (at) => ({ method: "GET", path: collection(at, "?resourceVersion=0") }) },
  { title: "by name", request: (at) => ({ method: "GET", path: collection(at, `?${byName(at)}`) }) },
  { title: "as a Table", request: (at) => ({ method: "GET", path: collection(at), accept: TABLE }) },
  {
    title: "as a Table of objects",
    request: (at) => ({ method: "GET", path: collection(at, "?includeObject=Object"), accept: TABLE }),
  },
  { title: "as metadata", request: (at) => ({ method: "GET", path: collection(at), accept: METADATA_LIST }) },
  {
    title: "as it was before the deletion",
    afterwards: true,
    request: (at) => ({
      method: "GET",
      path: collection(at, `?resourceVersion=${at.resourceVersion}&resourceVersionMatch=Exact`),
    }),
  },
];

const watch: Form[] = [
  { title: "plain", request: (at) => ({ method: "GET", path: collection(at, "?watch=true") }) },
  { title: "by name", request: (at) => ({ method: "GET", path: collection(at, `?watch=true&${byName(at)}`) }) },
  { title: "on the old path", request: (at) => ({ method: "GET", path: oldWatch(collection(at)) }) },
  { title: "on the old path of one object", request: (at) => ({ method: "GET", path: oldWatch(item(at)) }) },
  { title: "as a Table", request: (at) => ({ method: "GET", path: collection(at, "?watch=true"), accept: TABLE }) },
  {
    title: "with initial events",
    request: (at) => ({
      method: "GET",
      path: collection(
        at,
        "?watch=true&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan",
      ),
    }),
  },
  {
    title: "from before the deletion",
    afterwards: true,
    request: (at) => ({ method: "GET", path: collection(at, `?watch=true&resourceVersion=${at.resourceVersion}`) }),
  },
];

/** An object of the kind that its sender wrote without having seen one. */
function sent({ carrier: { apiVersion, kind } }: Target, metadata: Stored, more: Stored = {}): Stored {
  return { apiVersion, kind, metadata, ...more };
}

function eviction({ name }: Target): Stored {
  return { apiVersion: "policy/v1", kind: "Eviction", metadata: { name } };
}

function binding({ name }: Target): Stored {
  return { apiVersion: "v1", kind: "Binding", metadata: { name }, target: { kind: "Node", name: "somewhere" } };
}

/** Both as it is and without storing anything. */
function alsoDry({ title, ...form }: Form): Form[] {
  const dryRun = (path: string) => `${path}${path.includes("?") ? "&" : "?"}dryRun=All`;
  const request = (at: Target): Sent => {
    const asked = form.request(at);
    return { ...asked, path: dryRun(asked.path) };
  };
  return [
    { title, ...form },
    { title: `${title}, dry run`, ...form, request },
  ];
}

function post(title: string, body: (at: Target) => Stored): Form[] {
  return alsoDry({ title, request: (at) => ({ method: "POST", path: collection(at), body: body(at) }) });
}

const create: Form[] = [
  ...post("another", (at) => sent(at, { name: `${at.name}-2` }, blindSpec(at.carrier.kind, "main"))),
  ...post("the same name", (at) => sent(at, { name: at.name }, blindSpec(at.carrier.kind, "main"))),
  ...post("a name that is made up", (at) => sent(at, { generateName: at.name }, blindSpec(at.carrier.kind, "main"))),
  ...post("an eviction", eviction),
  ...post("a binding", binding),
  { title: "nothing", request: (at) => ({ method: "POST", path: collection(at) }) },
];

function put(title: string, more: (kind: string) => Stored): Form[] {
  return alsoDry({
    title,
    request: (at) => ({ method: "PUT", path: item(at), body: sent(at, { name: at.name }, more(at.carrier.kind)) }),
  });
}

const update: Form[] = [
  ...put("the name alone", () => ({})),
  ...put("a spec of its own", (kind) => blindSpec(kind, "main")),
  ...put("a spec with another container", (kind) => blindSpec(kind, "other")),
  ...put("a status of its own", () => ({ status: { phase: "Succeeded", succeeded: 1 } })),
];

function change(title: string, type: string, body: (at: Target) => unknown, query = ""): Form[] {
  return alsoDry({
    title,
    request: (at) => ({ method: "PATCH", path: item(at, query), body: body(at), contentType: `application/${type}` }),
  });
}

const patch: Form[] = [
  ...change("empty merge patch", "merge-patch+json", () => ({})),
  ...change("empty JSON patch", "json-patch+json", () => []),
  ...change("empty strategic patch", "strategic-merge-patch+json", () => ({})),
  ...change("apply", "apply-patch+yaml", (at) => sent(at, { name: at.name }), "?fieldManager=somebody"),
  ...change("change that is refused", "merge-patch+json", () => ({
    spec: { nodeName: "elsewhere", template: { spec: { nodeName: "elsewhere" } }, schedule: "?" },
    type: "other",
    data: { "not/a/key": "x" },
  })),
];

const POLICIES = ["Foreground", "Background", "Orphan"];

function remove(path: (at: Target, query?: string) => string): Form[] {
  return [
    ...alsoDry({ title: "plain", request: (at) => ({ method: "DELETE", path: path(at) }) }),
    ...alsoDry({ title: "no grace", request: (at) => ({ method: "DELETE", path: path(at, "?gracePeriodSeconds=0") }) }),
    ...POLICIES.flatMap((policy) =>
      alsoDry({
        title: policy,
        request: (at) => ({ method: "DELETE", path: path(at, `?propagationPolicy=${policy}`) }),
      }),
    ),
  ];
}

const preconditions = { apiVersion: "v1", kind: "DeleteOptions", preconditions: { uid: "another" } };

/** Every form in which a verb is tried. */
export const forms: Readonly<Record<Verb, readonly Form[]>> = {
  get,
  list,
  watch,
  create,
  update,
  patch,
  delete: [
    ...remove(item),
    { title: "another uid", request: (at) => ({ method: "DELETE", path: item(at), body: preconditions }) },
  ],
  deletecollection: [
    ...remove(collection),
    ...alsoDry({ title: "by name", request: (at) => ({ method: "DELETE", path: collection(at, `?${byName(at)}`) }) }),
    ...alsoDry({
      title: "by label",
      request: (at) => ({ method: "DELETE", path: collection(at, `?labelSelector=carrier%3D${at.name}`) }),
    }),
  ],
};
