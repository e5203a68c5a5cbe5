import type { Discovered, Json, ServedResource } from "../model/api.ts";
import { ApiError } from "./errors.ts";
import type { Transport } from "./transport.ts";

/** Everything in two answers, since 1.27 (KEP-3352); older servers send what they have, and are then asked group by group. */
const AGGREGATED = [
  "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
  "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList",
  "application/json",
].join(",");

/** Every kind that the server serves, each at the version that its group prefers. Throws ApiError where no request can succeed. */
export async function discover(transport: Transport): Promise<Discovered> {
  const kinds = new Map<string, ServedResource>();
  const unseen = new Set<string>();
  for (const path of ["/api", "/apis"]) {
    const answer = await optional(transport.send({ method: "GET", path, accept: AGGREGATED }));
    if (answer === null) unseen.add(path);
    else if (answer["kind"] === "APIGroupDiscoveryList") aggregated(answer, kinds, unseen);
    else await oneByOne(transport, groupVersions(answer), kinds, unseen);
  }
  const resources = [...kinds.values()].sort((a, b) => compare(a.group, b.group) || compare(a.resource, b.resource));
  return { resources, unseen: [...unseen].sort() };
}

/** Versions come in the order of preference, so the first that has a kind gives it. */
function aggregated(answer: Json, kinds: Map<string, ServedResource>, unseen: Set<string>): void {
  for (const item of objects(answer["items"])) {
    const group = text((item["metadata"] as Json | undefined)?.["name"]);
    for (const of of objects(item["versions"])) {
      const version = text(of["version"]);
      if (of["freshness"] === "Stale") unseen.add(groupVersion(group, version));
      for (const one of objects(of["resources"])) {
        add(kinds, {
          group,
          version,
          resource: text(one["resource"]),
          kind: text((one["responseKind"] as Json | undefined)?.["kind"]),
          namespaced: one["scope"] === "Namespaced",
          verbs: texts(one["verbs"]),
        });
      }
    }
  }
}

/** The group versions that /api (APIVersions) or /apis (APIGroupList) names, the preferred one of each group first. */
function groupVersions(answer: Json): string[] {
  const core = texts(answer["versions"]);
  const groups = objects(answer["groups"]).flatMap((group) => {
    const preferred = text((group["preferredVersion"] as Json | undefined)?.["groupVersion"]);
    const all = objects(group["versions"]).map((one) => text(one["groupVersion"]));
    return [...all.filter((one) => one === preferred), ...all.filter((one) => one !== preferred)];
  });
  return [...core, ...groups];
}

async function oneByOne(
  transport: Transport,
  all: readonly string[],
  kinds: Map<string, ServedResource>,
  unseen: Set<string>,
): Promise<void> {
  const answers = await Promise.all(
    all.map((one) => {
      const path = one.includes("/") ? `/apis/${one}` : `/api/${one}`;
      return optional(transport.send({ method: "GET", path }));
    }),
  );
  for (const [index, answer] of answers.entries()) {
    const of = all[index]!;
    if (answer === null) unseen.add(of);
    const [group, version] = of.includes("/") ? (of.split("/") as [string, string]) : ["", of];
    for (const one of objects(answer?.["resources"])) {
      const resource = text(one["name"]);
      // `pods/log` and its like have no objects of their own.
      if (resource.includes("/")) continue;
      const [kind, namespaced] = [text(one["kind"]), one["namespaced"] === true];
      add(kinds, { group, version, resource, kind, namespaced, verbs: texts(one["verbs"]) });
    }
  }
}

function add(kinds: Map<string, ServedResource>, one: ServedResource): void {
  const key = `${one.group}/${one.resource}`;
  if (one.resource !== "" && !kinds.has(key)) kinds.set(key, one);
}

/** Null for a failure that concerns this request alone. */
async function optional(answer: Promise<Json>): Promise<Json | null> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof ApiError) || error.fatal) throw error;
    return null;
  }
}

function groupVersion(group: string, version: string): string {
  return group === "" ? version : `${group}/${version}`;
}

function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter((one): one is Json => typeof one === "object" && one !== null) : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
