import { limiter } from "../../../src/evidence/limit.ts";
import { list, must, pathOf, waitFor } from "../../control-plane/act.ts";
import { job } from "../../control-plane/cast/character.ts";
import { podAnnotations } from "../../control-plane/pod-annotations.ts";
import type { ControlPlane } from "../../control-plane/provider.ts";
import type { Stored } from "../../control-plane/story.ts";
import { finishedJob, podsInPhase, podsOf } from "../../control-plane/time.ts";
import { podSpec } from "./stage.ts";

const KINDS = ["Job", "Pod", "Secret", "ConfigMap", "ServiceAccount", "Role"];
const OWNED = ["Secret", "ConfigMap", "ServiceAccount", "Role"] as const;
const STEPS = [
  "journal",
  "begun",
  "bundle: objects",
  "evidence",
  "recheck",
  "read",
  "intent",
  "delete",
  "deleted",
  "outcome",
  "verify",
];

/** What somebody else does to a Job while it is cleaned up. */
const DEEDS = ["nothing", "nothing", "annotate", "suspend", "delete", "recreate", "expire", "own"] as const;

interface Planned {
  name: string;
  step: string;
  deed: (typeof DEEDS)[number];
}

/** Jobs with what they own, of several kinds and depths, drawn from a seed; and what others do to them meanwhile. */
export class Histories {
  readonly #plane: ControlPlane;
  readonly #namespace: string;
  readonly #label: string;
  #state: number;
  readonly #planned: Planned[] = [];
  readonly #made = new Map<string, Stored>();
  readonly #runs = new Set<string>();
  /** uids that went by somebody else's deed. */
  readonly byOthers = new Set<string>();

  constructor(plane: ControlPlane, namespace: string, seed: number, label: string) {
    this.#plane = plane;
    this.#namespace = namespace;
    this.#label = label;
    this.#state = seed >>> 0 || 1;
  }

  #draw(below: number): number {
    // mulberry32
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#draw(from.length)]!;
  }

  /** Flags of the cleanup: which kinds may go along, and how. */
  flags(): string[] {
    const include = ["secrets", "configmaps", "serviceaccounts", "roles.rbac.authorization.k8s.io"].filter(
      () => this.#draw(2) === 0,
    );
    const cascade = this.#draw(3) === 0 ? ["--cascade", "foreground"] : [];
    return [...include.flatMap((kind) => ["--include", kind]), ...cascade];
  }

  async write(count: number): Promise<void> {
    const few = limiter(7);
    const histories = Array.from({ length: count }, (_, at) => ({
      name: `${this.#label}-${String(at)}`,
      life: this.#pick(["finished", "finished", "finished", "finished", "failed", "running", "orphaned", "protected"]),
      owned: Array.from({ length: this.#draw(4) }, () => ({
        kind: this.#pick(OWNED),
        by: this.#pick(["job", "pod", "last"]),
        shared: this.#draw(6) === 0,
      })),
      deed: this.#pick(DEEDS),
      step: this.#pick(STEPS),
    }));
    await Promise.all(histories.map(({ name, life }) => few(() => this.#live(name, life))));
    for (const { name, owned, deed, step } of histories) {
      const [pod] = await podsOf(this.#plane, this.#namespace, name);
      const job = this.#made.get(name)!;
      let last: Stored = job;
      for (const [at, { kind, by, shared }] of owned.entries()) {
        const owner =
          by === "pod" && pod !== undefined ? { ...pod, kind: "Pod", apiVersion: "v1" } : by === "last" ? last : job;
        const other = shared ? [this.#made.get(histories[0]!.name)!] : [];
        last = await this.#own(kind, `${name}-${String(at)}`, [owner, ...other.filter((one) => one !== owner)]);
      }
      this.#planned.push({ name, deed, step });
    }
    // What an orphaned pod's Job, gone by now, was to own goes by the garbage collector, whoever cleans up or not.
    await waitFor("what nobody owns any more to be collected", async () => {
      const all = await this.#objects();
      const there = new Set(all.map(({ uid }) => uid));
      return all.every(({ owners }) => owners.length === 0 || owners.some((owner) => there.has(owner)));
    });
  }

  async #live(name: string, life: string): Promise<void> {
    const [plane, namespace] = [this.#plane, this.#namespace];
    const annotations = {
      ...(life === "running" ? { [podAnnotations.runFor]: "forever" } : {}),
      ...(life === "failed" ? { [podAnnotations.exitCode]: "1" } : {}),
    };
    const manifest = job(namespace, name, podSpec, { annotations, ...(life === "failed" ? { backoffLimit: 0 } : {}) });
    const labels = { round: this.#label };
    const protect = life === "protected" ? { "cronaudit/protect": "" } : {};
    manifest["spec"].template.metadata = { ...manifest["spec"].template.metadata, labels };
    const metadata = { ...manifest["metadata"], labels, annotations: { ...protect } };
    const made = await must(plane, "POST", pathOf("Job", namespace), { ...manifest, metadata });
    this.#made.set(name, { ...made, kind: "Job", apiVersion: "batch/v1" });
    if (life === "running") this.#runs.add(name);
    if (life === "running") await podsInPhase(plane, namespace, name, "Running");
    else await finishedJob(plane, namespace, name);
    if (life !== "orphaned") return;
    await must(plane, "DELETE", pathOf("Job", namespace, name));
    await waitFor("the pod to be let go", async () =>
      (await podsOf(plane, namespace, name)).every((one) => one["metadata"].ownerReferences === undefined),
    );
  }

  async #own(kind: string, name: string, owners: Stored[]): Promise<Stored> {
    const ownerReferences = owners.map((owner) => ({
      apiVersion: owner["apiVersion"] as string,
      kind: owner["kind"] as string,
      name: owner["metadata"].name as string,
      uid: owner["metadata"].uid as string,
    }));
    const metadata = { name, namespace: this.#namespace, ownerReferences };
    const apiVersion = kind === "Role" ? "rbac.authorization.k8s.io/v1" : "v1";
    const body = { apiVersion, kind, metadata, ...(kind === "Role" ? { rules: [] } : {}) };
    return { ...(await must(this.#plane, "POST", pathOf(kind, this.#namespace), body)), apiVersion, kind };
  }

  /** Does what is planned for a step, once. */
  async act(step: string): Promise<void> {
    for (const one of this.#planned.filter((planned) => planned.step === step)) {
      this.#planned.splice(this.#planned.indexOf(one), 1);
      await this.#do(one.name, one.deed).catch(() => undefined);
    }
  }

  async #do(name: string, deed: Planned["deed"]): Promise<void> {
    const [plane, path] = [this.#plane, pathOf("Job", this.#namespace, name)];
    switch (deed) {
      case "nothing":
        return;
      case "annotate":
        return void (await must(plane, "PATCH", path, { metadata: { annotations: { note: "x" } } }));
      case "suspend":
        // The Job controller stops the pods of one that runs, and with them goes what they own.
        if (this.#runs.has(name)) await this.#othersTake(name, false);
        return void (await must(plane, "PATCH", path, { spec: { suspend: true } }));
      case "own":
        return void (await this.#own("Secret", `${name}-late`, [this.#made.get(name)!]));
      case "expire":
        await this.#othersTake(name);
        return void (await must(plane, "PATCH", path, { spec: { ttlSecondsAfterFinished: 0 } }));
      case "delete":
      case "recreate":
        await this.#othersTake(name);
        await must(plane, "DELETE", `${path}?propagationPolicy=Background`);
        if (deed === "recreate")
          await must(plane, "POST", pathOf("Job", this.#namespace), job(this.#namespace, name, podSpec));
    }
  }

  /** Notes what goes with a Job that somebody else deletes, or with its pods. */
  async #othersTake(name: string, withJob = true): Promise<void> {
    const all = await this.#objects();
    const job = this.#made.get(name)!["metadata"].uid as string;
    const take = (owner: string): void => {
      if (this.byOthers.has(owner)) return;
      this.byOthers.add(owner);
      for (const { uid, owners } of all) if (owners.includes(owner)) take(uid);
    };
    if (withJob) return take(job);
    for (const { uid, owners, name: called } of all) if (called.startsWith("Pod/") && owners.includes(job)) take(uid);
  }

  async #objects(): Promise<{ uid: string; name: string; owners: string[]; isGoing: boolean }[]> {
    const lists = await Promise.all(
      KINDS.map(async (kind) => ({ kind, items: await list(this.#plane, kind, this.#namespace) })),
    );
    return lists.flatMap(({ kind, items }) =>
      items.map(({ metadata }) => ({
        uid: metadata.uid as string,
        name: `${kind}/${String(metadata.name)}`,
        owners: ((metadata.ownerReferences ?? []) as { uid: string }[]).map(({ uid }) => uid),
        isGoing: metadata.deletionTimestamp !== undefined,
      })),
    );
  }

  /** Names by uid of all that is there. */
  async there(): Promise<Map<string, string>> {
    return new Map((await this.#objects()).filter(({ isGoing }) => !isGoing).map(({ uid, name }) => [uid, name]));
  }

  /** Waits until the garbage collector has nothing left to do. */
  async settled(): Promise<void> {
    let last = "";
    let same = 0;
    await waitFor(
      "the garbage collector to rest",
      async () => {
        const now = [...(await this.there()).keys()].sort().join();
        same = now === last ? same + 1 : 0;
        last = now;
        return same >= 6;
      },
      { everyMs: 200 },
    );
  }
}
