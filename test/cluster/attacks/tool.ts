import { RESOURCES } from "../../../src/evidence/kinds/index.ts";
import type { ExposureReport, Way } from "../../../src/model/report.ts";
import type { Selection } from "../../../src/model/selection.ts";
import { covers } from "../../../src/rbac/scopes.ts";
import { accessReport } from "../../../src/rbac/report.ts";
import { collected } from "../collected.ts";
import { reportOf } from "../program.ts";
import type { Attack } from "./attack.ts";
import { VICTIM } from "./real.ts";
import { SECRET, type Stage } from "./stage.ts";

/** What the tool says of one edge for the attacker. */
export interface Said {
  /** A way begins with the edge; or, where the edge belongs to a place, a way to the canary has it later on. */
  named: boolean;
  /** One of these ways ends at the canary. */
  reaches: boolean;
}

/** Asks the tool, from a capture of the whole cluster. */
export async function says({ edge: id, later, reads }: Attack, stage: Stage): Promise<Said> {
  if (reads === true) return { named: (await readsBy(stage)).has(id), reaches: false };
  const canary = { namespace: stage.namespace, name: SECRET };
  const ways = await waysOf(stage);
  // A place, such as a node, has ways to the Secrets of other stages as well.
  const about = later
    ? ways.filter(({ edges, scope }) => edges.slice(1).includes(id) && covers(scope, canary))
    : ways.filter(({ edge }) => edge === id);
  return { named: about.length > 0, reaches: about.some(({ scope }) => covers(scope, canary)) };
}

/** The edges by which the attacker is said to read what stands in the victim, or what that printed; asked of the program itself. */
async function readsBy({ plane, namespace, account }: Stage): Promise<Set<string>> {
  const args = ["exposure", `pod/${VICTIM}`, "-n", namespace, "--all", "--all-readers", "--scan-logs"];
  const { items } = await reportOf<ExposureReport>(plane.adminKubeconfig, args);
  if (items.length === 0) throw new Error("the program finds nothing in the victim");
  const readers = items.flatMap((item) => item.readers.items);
  const own = readers.filter(({ subject }) => subject.namespace === namespace && subject.name === account);
  return new Set(own.flatMap(({ through }) => through));
}

/** Every way that the tool says the attacker has. */
export async function waysOf({ plane, namespace, account }: Stage): Promise<Way[]> {
  const snapshot = await collected(plane.adminKubeconfig, RESOURCES);
  const selection: Selection = {
    objects: [],
    subjects: [{ kind: "ServiceAccount", namespace, name: account }],
    labels: [],
    fields: [],
    all: false,
    showIgnored: false,
    allReaders: false,
    severityAtLeast: null,
  };
  return accessReport(snapshot, selection).items.flatMap(({ ways }) => ways);
}
