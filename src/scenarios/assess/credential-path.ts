import type { Carried } from "../../exposure/identity.ts";
import type { Source } from "../../exposure/class.ts";
import { readablesOf } from "../../exposure/readable.ts";
import { plural } from "../../exposure/triage/line.ts";
import type { ResourceRequest } from "../../model/api.ts";
import type { ReplayStep } from "../../model/replay-report.ts";
import type { Named } from "../../rbac/edge.ts";
import { readEdges } from "../../rbac/index.ts";
import { compareTimes } from "../../exposure/windows.ts";
import type { AssessContext, ReplayWorkload } from "../context.ts";
import { may, otherStep, positionText, requestStep } from "../position.ts";
import { shortFingerprint } from "./credential-evidence.ts";
import { placeOf, type Read } from "./credential-texts.ts";

/** Whoever the threat model supposes to read a namespace's pods. */
export function supposedReader(namespace: string): string {
  return `whoever may get and list pods in ${namespace}`;
}

/** A request for a collection or an object of batch work; `subresource` as in rbac. */
export function requestFor(
  source: Pick<Source, "kind" | "meta">,
  verb: "get" | "list",
): ResourceRequest & { verb: typeof verb } {
  const group = source.kind === "Pod" ? "" : "batch";
  const resource = `${source.kind.toLowerCase()}s`;
  const name = verb === "list" ? "" : source.meta.name;
  return { verb, group, resource, subresource: "", namespace: source.meta.namespace ?? "", name };
}

/** Lists the pods, then one step for each object in which credentials are read; one pod where none are. */
export function pathOf(
  context: AssessContext,
  workload: ReplayWorkload,
  { reads, misses }: { reads: readonly Read[]; misses: readonly { name: string }[] },
): ReplayStep[] {
  if (reads.length === 0) return [...listPods(context, workload), ...vainStep(context, workload, misses)];
  const byObject = Map.groupBy(reads, ({ carriers: [{ found }] }) => found.source);
  const steps = [...byObject].map(([source, here]) => readStep(context, source, here));
  const inPods = [...byObject.keys()].some(({ kind }) => kind === "Pod");
  const isListed = steps.some(({ request }) => request?.verb === "list" && request.resource === "pods");
  // A path that leads somewhere holds only what is not refused.
  const list = listPods(context, workload).filter(({ allowed }) => allowed !== false);
  return [...(inPods && !isListed ? list : []), ...steps];
}

/** What the newest pod shows that holds no credential. */
function vainStep(context: AssessContext, { pods }: ReplayWorkload, misses: readonly { name: string }[]): ReplayStep[] {
  const pod = pods.toSorted((a, b) => compareTimes(b.meta.creationTimestamp ?? "", a.meta.creationTimestamp ?? ""))[0];
  if (pod === undefined) return [];
  const request = requestFor(pod, "get");
  if (may(context, request) === false) return [];
  const names = [...new Set(misses.map(({ name }) => name))].slice(0, 3).join(", ");
  const yields = names === "" ? "no credential" : `no value of ${names}`;
  return [requestStep(context, { supposed: supposedReader(request.namespace), request, yields })];
}

/** Whether the adversary may list a kind there; it may always what the threat model gives it. */
export function mayList(context: AssessContext, kind: Source["kind"], namespace: string): boolean | null {
  if (context.from.length === 0) return true;
  const list = requestFor({ kind, meta: { namespace } as Source["meta"] }, "list");
  const allowed = may(context, list);
  return allowed === true ? true : may(context, { ...list, verb: "watch" }) === true ? true : allowed;
}

/** Whether the adversary may read any pod there, once it knows its name. */
export function mayReadPods(context: AssessContext, namespace: string): boolean {
  if (mayList(context, "Pod", namespace) === true) return true;
  return may(context, requestFor({ kind: "Pod", meta: { namespace, name: "" } as Source["meta"] }, "get")) === true;
}

function listPods(context: AssessContext, { ref, pods }: ReplayWorkload): ReplayStep[] {
  const namespace = ref.namespace ?? "";
  const request = requestFor({ kind: "Pod", meta: { namespace } as Source["meta"] }, "list");
  const finished = pods.filter((pod) => placeOf(pod) === "finished pod").length;
  const yields = `${plural(pods.length, "pod")} of ${ref.kind.toLowerCase()}/${ref.name}, ${String(finished)} finished`;
  const step = requestStep(context, { supposed: supposedReader(namespace), request, yields });
  return [step.allowed === false ? { ...step, yields: "nothing: it is refused" } : step];
}

function readStep(context: AssessContext, source: Source, reads: readonly Read[]): ReplayStep {
  const yields = reads.map(yieldsOf).join("; ");
  const supposed = supposedReader(source.meta.namespace ?? "");
  const [{ carriers }] = reads as [Read];
  const request = context.from.length === 0 ? requestFor(source, "get") : allowedRequest(context, carriers[0]);
  if (request !== null) return requestStep(context, { supposed, request, yields });
  const act = `reads ${source.kind.toLowerCase()}/${source.meta.name} as its node, or through it`;
  return otherStep(positionText(context.from) ?? supposed, act, yields);
}

/** The names that a request carries: none for all objects, or the one's. */
const NAMES: Readonly<Record<Named, (name: string) => string[]>> = {
  always: (name) => [name],
  never: () => [""],
  "by-field-selector": (name) => ["", name],
  either: (name) => ["", name],
};

const FIRST = ["get", "list", "watch"];

/** The plainest request by which the position gets it; null where none of its own returns it. */
function allowedRequest(context: AssessContext, { found }: Carried): ResourceRequest | null {
  for (const object of readablesOf(found)) {
    if (object.resource === "nodes") continue;
    const edges = readEdges(context.judgement.world.rbac, object).toSorted((a, b) => rank(a.needs) - rank(b.needs));
    for (const { needs } of edges) {
      const { verb, group, resource, subresource } = needs;
      const request = { verb, group, resource, subresource, namespace: object.namespace };
      const allowed = NAMES[needs.named](object.name)
        .map((name) => ({ ...request, name }))
        .find((one) => may(context, one) === true);
      if (allowed !== undefined) return allowed;
    }
  }
  return null;
}

/** The object itself comes before its subresources, which return it as well. */
function rank({ verb, subresource }: { verb: string; subresource: string }): number {
  const at = FIRST.indexOf(verb);
  return (subresource === "" ? 0 : FIRST.length + 1) + (at === -1 ? FIRST.length : at);
}

/** `DB_PASSWORD (fingerprint 3f2a91c0…) in spec.containers[0].env[2].value, since 2026-11-01T02:00:00Z`. */
function yieldsOf({ carriers: [{ found }, ...others] }: Read): string {
  const { identity, path, opening, source } = found;
  const more = new Set(others.map((one) => one.found.source).filter((one) => one !== source)).size;
  const also = more === 0 ? "" : `, and in ${plural(more, "more object")}`;
  const bound = opening.isBound ? " at the latest" : "";
  return `${identity.name} (${shortFingerprint(identity.fingerprint)}) in ${path}, since ${opening.opens}${bound}${also}`;
}
