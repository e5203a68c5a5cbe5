import { having } from "../../cleanup/plan/shape.ts";
import { integer, list, nullable, oneOf, string } from "../../evidence/shape.ts";
import type { Json } from "../../model/api.ts";
import type { LabPlan, Placement } from "../../model/lab.ts";
import type { AdversaryId } from "../../model/replay-report.ts";
import { baseObjects } from "./base-objects.ts";
import type { ClusterFacts } from "./guard.ts";
import { nameOf, refTo } from "./kinds.ts";
import { namespacesOf, NO_RUN } from "./names.ts";
import { leftOut } from "./person.ts";
import type { Right } from "./rights.ts";
import type { Lab, Place, Twin } from "./stage.ts";

/** The lab of one adversary, with its number in the threat model. */
export interface LabEntry {
  number: number;
  id: AdversaryId;
  lab: Lab;
}

/** A plan may wait so long: rights and the cluster change. */
export const PLAN_SECONDS = 3600;

/** For the objects that every run makes, and for taking all of them down. */
const AROUND_SECONDS = 150;

/** What a run is made of; the plan and the run have it from the command line alike. */
export interface LabChoice {
  placement: Placement;
  image: string;
  node: string | null;
}

/** The place of a run. */
export function placeOf(run: string, { placement, image, node }: LabChoice): Place {
  return { run, ...namespacesOf(run), placement, image, node };
}

/** The two forms of each adversary's workload, in the order of the threat model. */
export function formsOf(
  entries: readonly LabEntry[],
): { entry: LabEntry; form: Twin["form"]; name: string; hardenings: string[] }[] {
  return entries.flatMap((entry) =>
    (["default", "hardened"] as const).map((form) => ({
      entry,
      form,
      name: `${String(entry.number)}-${form}`,
      hardenings: form === "default" ? [] : entry.lab.hardenings.map(({ id }) => id),
    })),
  );
}

/** The objects of a run before there is one, each with the adversary and the form that it is of. */
export function plannedObjects(
  entries: readonly LabEntry[],
  choice: LabChoice,
): { adversary: AdversaryId | null; twin: Twin["form"] | null; object: Json }[] {
  const place = placeOf(NO_RUN, choice);
  const taking = entries.filter((entry) => leftOut(entry, choice.image) === null);
  const canary: Twin["canary"] = { value: "", fingerprint: "", hashing: [], is: () => false };
  return [
    ...baseObjects(place, [], "baseline").map((object) => ({ adversary: null, twin: null, object })),
    ...formsOf(taking).flatMap(({ entry: { id, lab }, form, name, hardenings }) =>
      lab
        .objects(place, { adversary: id, form, name, hardenings, canary })
        .map((object) => ({ adversary: id, twin: form, object })),
    ),
  ];
}

/** The plan of a run on this cluster. Its uid and node count are known: without them no plan is made. */
export function labPlan(given: {
  cluster: ClusterFacts & { uid: string; nodes: number };
  entries: readonly LabEntry[];
  choice: LabChoice;
  rights: Right[];
  now: Date;
  toolVersion: string;
}): LabPlan {
  const { server, context, uid, nodes, version } = given.cluster;
  const isOut = (entry: LabEntry): boolean => leftOut(entry, given.choice.image) !== null;
  return {
    apiVersion: "cronaudit/v1",
    kind: "LabPlan",
    createdAt: given.now.toISOString(),
    tool: { version: given.toolVersion },
    cluster: { server, context, uid, nodes, version },
    adversaries: given.entries.map(({ id }) => id),
    ...given.choice,
    makes: plannedObjects(given.entries, given.choice).map(({ object, ...of }) => ({
      ...of,
      object: refTo(nameOf(object)),
    })),
    rights: given.rights,
    seconds: AROUND_SECONDS + Math.max(0, ...given.entries.map((one) => (isOut(one) ? 0 : one.lab.seconds))),
  };
}

/** Why a plan must not be carried out here and now; null where it may. */
export function whyNot(plan: LabPlan, { uid, server, context }: ClusterFacts, now: Date): string | null {
  const { cluster } = plan;
  if (cluster.uid !== uid)
    return `the plan is for the cluster ${cluster.uid}, and this is ${uid ?? "one whose uid cannot be read"}`;
  if (cluster.context !== context) return `the plan is for the context ${cluster.context}, and --context is ${context}`;
  if (cluster.server !== server)
    return `the plan is for the server ${cluster.server}, and the context now leads to ${server}`;
  const age = (now.getTime() - Date.parse(plan.createdAt)) / 1000;
  if (age > PLAN_SECONDS)
    return `the plan is ${String(Math.floor(age / 60))} minutes old, and after ${String(PLAN_SECONDS / 60)} it holds no more`;
  return age < -60 ? "the plan was made later than it is now: one of the two clocks is wrong" : null;
}

const isPlan = having({
  apiVersion: oneOf("cronaudit/v1"),
  kind: oneOf("LabPlan"),
  createdAt: (value) => typeof value === "string" && !Number.isNaN(Date.parse(value)),
  tool: having({ version: string }),
  cluster: having({ server: string, context: string, uid: string, nodes: integer }),
  adversaries: (value) => list(string)(value) && (value as string[]).length > 0,
  placement: oneOf("container", "driver"),
  image: string,
  node: nullable(string),
});

/** The plan in a text; null where it is none. */
export function parsePlan(text: string): LabPlan | null {
  try {
    const value: unknown = JSON.parse(text);
    return isPlan(value) ? (value as LabPlan) : null;
  } catch {
    return null;
  }
}
