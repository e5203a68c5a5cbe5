import type { ResourceRequest } from "../../../src/model/api.ts";
import type { Mask } from "../../../src/evidence/mask.ts";
import type { Answer, ControlPlane } from "../../control-plane/provider.ts";
import type { Stored } from "../../control-plane/story.ts";

const METHODS: Readonly<Record<string, string>> = { create: "POST", patch: "PATCH", update: "PUT", delete: "DELETE" };

/**
 * Sends what a step of a path says with this token, as whoever holds it would. What would write is a dry run, which is
 * authorized alike; `name` stands for one that the request leaves open.
 */
export function carryOut(plane: ControlPlane, token: string, request: ResourceRequest, name = "any"): Promise<Answer> {
  const { verb, group, resource, subresource, namespace } = request;
  const method = METHODS[verb] ?? "GET";
  const isNamed = request.name !== "" || subresource !== "";
  const parts = [
    group === "" ? "/api/v1" : `/apis/${group}/v1`,
    ...(namespace === "" ? [] : ["namespaces", namespace]),
    resource,
    ...(isNamed ? [request.name === "" ? name : request.name] : []),
    ...(subresource === "" ? [] : [subresource]),
  ];
  const isReview = resource === "selfsubjectrulesreviews";
  const dry = method === "GET" || isReview || subresource !== "" ? "" : "?dryRun=All";
  const contentType = method === "PATCH" ? "application/merge-patch+json" : "application/json";
  const body = method === "GET" ? undefined : bodyOf(resource, isNamed);
  return plane.request(method, `${parts.join("/")}${dry}`, body, { token, contentType });
}

function bodyOf(resource: string, isNamed: boolean): Stored {
  if (resource === "selfsubjectrulesreviews") return { spec: { namespace: "database" } };
  if (resource !== "pods" || isNamed) return {};
  const containers = [{ name: "main", image: "registry.example.com/any:1" }];
  return { metadata: { generateName: "replay-" }, spec: { containers } };
}

/** The fingerprints of all that an answer holds: of each text, and of what it falls apart into. */
export function fingerprintsIn(mask: Mask, value: unknown): Set<string> {
  const found = new Set<string>();
  for (const text of textsIn(value)) {
    for (const part of [text, ...text.split(/[\s="',:;{}[\]\\@/]+/)]) found.add(mask.fingerprint(part));
  }
  return found;
}

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  else if (typeof value === "object" && value !== null) for (const one of Object.values(value)) yield* textsIn(one);
}

/** What stands at a path as reports write it, `spec.containers[0].env[2].value`; undefined where nothing does. */
export function valueAt(object: unknown, path: string): unknown {
  const steps = path.match(/[^.[\]]+/g) ?? [];
  return steps.reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], object);
}

/** The objects of some answers, each once: those of lists, and those that were asked for by name. */
export function objectsOf(answers: readonly Answer[]): Stored[] {
  const objects = answers
    .filter(({ status }) => status === 200)
    .flatMap(({ body }): Stored[] => (Array.isArray(body.items) ? body.items : [body]))
    .filter((one) => one["metadata"]?.uid !== undefined);
  return [...new Map(objects.map((one) => [one["metadata"].uid as string, one])).values()];
}
