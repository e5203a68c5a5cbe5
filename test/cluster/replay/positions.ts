import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createMask, type Mask } from "../../../src/evidence/mask.ts";
import type { ReplayReport } from "../../../src/model/replay-report.ts";
import type { SubjectRef } from "../../../src/model/report.ts";
import { actAs, allow, must, pathOf } from "../../control-plane/act.ts";
import { loadCast, loadDeveloperView, NAMESPACE, TEAM_NAMESPACE } from "../../control-plane/cast/index.ts";
import { formsOf } from "../../control-plane/cast/values.ts";
import type { ControlPlane } from "../../control-plane/provider.ts";
import type { Stored } from "../../control-plane/story.ts";
import type { StaticUserId } from "../../control-plane/users.ts";
import { schemaErrors } from "../../schema.ts";
import { cronaudit } from "../program.ts";

/** Who replays, and what they may do. */
export const POSITIONS = {
  /** What the threat model gives each adversary, as the administrator asks. */
  model: ["-A"],
  /** Gets and lists the pods of `database`, and nothing else. */
  alice: ["-A", "--as", "user:alice"],
  /** Lists its Jobs and pods. */
  bob: ["-A", "--as", "user:bob"],
  /** Views it, by her group. */
  carol: ["-A", "--as", "user:carol", "--as-group", "developers", "--as-group", "oncall"],
  /** Nothing. */
  mallory: ["-A", "--as", "user:mallory"],
  /** Lists the pods of `team`. */
  developer: ["-n", TEAM_NAMESPACE, "--as", "sa/developer"],
  /** Creates pods in `database`, and reads them as each of its accounts does. */
  deployer: ["-n", NAMESPACE, "--as", "sa/deployer"],
} as const;

export type Position = keyof typeof POSITIONS;

/** The loaded cast, with the answers of the program and ways to act. */
export interface Replayed {
  plane: ControlPlane;
  /** The key of all reports' fingerprints. */
  mask: Mask;
  /** From a position, with the server's word on each step; asked for once, with status 0. */
  report(position: Position): Promise<ReplayReport>;
  /** What any other run printed; throws for another status. */
  shown(kubeconfig: string, args: string[], status: number): Promise<string>;
  /** A real token of an identity of the cluster; of an account, as the kubelet asks for it for this pod where one is given. */
  tokenOf(subject: SubjectRef, pod?: string): Promise<string>;
  /** A kubeconfig with nothing but the developer's token. */
  developer: string;
  /** Fingerprints of those of the cast's values that stand in these objects, in whatever form. */
  valuesIn(objects: readonly Stored[]): Set<string>;
  /** Everything of this kind in the cluster. */
  all(kind: string): Promise<Stored[]>;
  /** uid of the CronJob, Job or pod at the top of its owner chain. */
  rootOf(object: Stored): string;
  /** Where a value of the cast stands in what the program printed so far. */
  leaks(): string[];
}

const KEY = "the key of the test's fingerprints";

/** Loads the cast and those who replay; once for a plane. */
export async function openReplayed(plane: ControlPlane): Promise<Replayed> {
  const cast = await loadCast(plane);
  const grant = (name: string, verbs: string[], resources: string[]) => {
    const subjects = [{ kind: "User" as const, name }];
    const apiGroups = ["", "batch"];
    return allow(plane, { name: `${name}-replays`, namespace: NAMESPACE, subjects, verbs, resources, apiGroups });
  };
  await Promise.all([grant("alice", ["get", "list"], ["pods"]), grant("bob", ["list"], ["pods", "jobs"])]);
  const team = await loadDeveloperView(plane);
  const canaries = [...cast.canaries, ...team.canaries];
  const keyFile = join(plane.directory, "fingerprint-key");
  await writeFile(keyFile, KEY, { mode: 0o600 });
  const mask = await createMask(KEY);

  const printed: { what: string; text: string }[] = [];
  const shown: Replayed["shown"] = async (kubeconfig, args, status) => {
    const run = await cronaudit(kubeconfig, args);
    printed.push({ what: args.join(" "), text: run.stdout + run.stderr });
    if (run.status !== status) throw new Error(`${args.join(" ")}: status ${String(run.status)}: ${run.stderr}`);
    return run.stdout;
  };
  const once = async (position: Position): Promise<ReplayReport> => {
    const args = ["replay", ...POSITIONS[position], "--verify", "--fingerprint-key", keyFile, "-o", "json"];
    const report = JSON.parse(await shown(plane.adminKubeconfig, args, 0)) as ReplayReport;
    const errors = schemaErrors(report);
    if (errors.length > 0) throw new Error(`the report does not keep to its schema: ${errors.join("; ")}`);
    return report;
  };
  const reports = new Map<Position, Promise<ReplayReport>>();
  const tokens = new Map<string, Promise<string>>();
  const all = async (kind: string): Promise<Stored[]> => (await must(plane, "GET", pathOf(kind, null)))["items"];
  const owners = new Map((await all("Job")).map((job) => [job["metadata"].uid as string, job]));
  return {
    plane,
    mask,
    shown,
    all,
    developer: team.kubeconfig,
    report: (position) => reports.getOrInsertComputed(position, () => once(position)),
    tokenOf: (subject, pod) =>
      tokens.getOrInsertComputed(JSON.stringify([subject, pod]), async () => {
        const token = await tokenOf(plane, subject, pod);
        if (subject.kind === "ServiceAccount") canaries.push(token);
        return token;
      }),
    valuesIn(objects) {
      const text = JSON.stringify(objects);
      const held = canaries.filter((value) => formsOf(value).some((form) => text.includes(form)));
      return new Set(held.map((value) => mask.fingerprint(value)));
    },
    rootOf(object) {
      const owner = controllerOf(object);
      const job = owner === null ? undefined : owners.get(owner);
      return (job === undefined ? owner : (controllerOf(job) ?? owner)) ?? object["metadata"].uid;
    },
    leaks: () =>
      printed.flatMap(({ what, text }) =>
        canaries.flatMap((value, at) =>
          formsOf(value).some((form) => text.includes(form)) ? [`value ${String(at)} in ${what}`] : [],
        ),
      ),
  };
}

/** Of an account by TokenRequest, of a user from the API server's own file of tokens. */
async function tokenOf(plane: ControlPlane, subject: SubjectRef, pod?: string): Promise<string> {
  const { kind, namespace, name } = subject;
  if (kind !== "ServiceAccount") return plane.users![name as StaticUserId];
  return (await actAs(plane, namespace ?? "", name, pod === undefined ? {} : { pod })).token;
}

function controllerOf({ metadata }: Stored): string | null {
  const owner = metadata.ownerReferences?.find(({ controller }: Stored) => controller === true);
  return owner?.uid ?? null;
}
