import type { Carrier, ExposureItem, ExposureReport } from "../../../src/model/report.ts";
import type { Cluster } from "../../control-plane/test.ts";
import { reportOf } from "../program.ts";

/** What the program says of one carrier of a credential. */
export interface Said extends Pick<
  Carrier,
  "path" | "opens" | "opensIsBound" | "closes" | "closesIsBound" | "closesWhy"
> {
  neededUntil: string | null;
}

/** What one run of `exposure --scan-logs` says of a pod, by class and by what the credential is called. */
export interface Exposures {
  /** The only carrier of this class, of a credential of this name (`login/password` for a key); null where there is none. */
  of(id: Carrier["class"], name?: string): Said | null;
  /** All of them, by path. */
  all(id: Carrier["class"], name?: string): Record<string, Said>;
  notes: string[];
}

function saidOf(item: ExposureItem, carrier: Carrier): Said {
  const { path, opens, opensIsBound, closes, closesIsBound, closesWhy } = carrier;
  return { path, opens, opensIsBound, closes, closesIsBound, closesWhy, neededUntil: item.neededUntil };
}

/** Runs the program on the test's namespace as cluster-admin. */
export async function exposuresOf({ plane, namespace }: Cluster, pod: string): Promise<Exposures> {
  const args = ["exposure", "-n", namespace, "--scan-logs"];
  const { items, notes } = await reportOf<ExposureReport>(plane.adminKubeconfig, args);
  const all = (id: Carrier["class"], name?: string): Said[] =>
    items
      .filter(({ credential }) => name === undefined || credential.name === name)
      .flatMap((item) =>
        item.carriers
          .filter((one) => one.class === id && one.object.kind === "Pod" && one.object.name === pod)
          .map((carrier) => saidOf(item, carrier)),
      );
  return {
    notes,
    all: (id, name) => Object.fromEntries(all(id, name).map((one) => [one.path, one])),
    of(id, name) {
      const [first = null, ...more] = all(id, name);
      if (more.length > 0) throw new Error(`${String(more.length + 1)} carriers are ${id}`);
      return first;
    },
  };
}
