import { describe, expect, it } from "vitest";
import { applySteps, resolveOpen, type Again, type Effects } from "../../../src/hold/apply.ts";
import { changesTo } from "../../../src/hold/fields.ts";
import { foldEntries, type Entry } from "../../../src/hold/journal.ts";
import type { HoldStep } from "../../../src/hold/plan.ts";
import type { Json } from "../../../src/model/api.ts";
import { NOW } from "../batch/objects.ts";

/** A server that holds Jobs, and fails as it is told. */
class Server {
  readonly jobs = new Map<
    string,
    { uid: string; version: number; ttl: number | null; suspend?: boolean; manager?: string }
  >();
  readonly journal: Entry[] = [];
  readonly calls: string[] = [];
  /** Thrown by the next patch of the Job; `acted`: after it was made. */
  readonly fails = new Map<
    string,
    { status: number | null; acted?: boolean; fatal?: boolean; meanwhile?: () => void }
  >();
  readable = true;

  effects(): Effects {
    let ids = 0;
    return {
      api: { get: (path) => this.#get(path), patch: (...request) => this.#patch(...request) },
      write: async (entry) => void this.journal.push(entry),
      now: () => NOW,
      newId: () => String(++ids),
      user: "alice",
      server: "s",
      reached: () => Promise.resolve(),
      stopped: () => false,
    };
  }

  /** A CronJob to suspend: its managedFields tell who did. */
  addCronJob(name: string): HoldStep {
    this.jobs.set(name, { uid: name, version: 1, ttl: null, suspend: false });
    const object = { kind: "CronJob", namespace: "database", name, uid: name };
    const changes = [{ field: "suspend" as const, from: false, to: true }];
    return { object, resourceVersion: "1", changes, because: "why" };
  }

  add(name: string, ttl: number | null = 60): HoldStep {
    this.jobs.set(name, { uid: name, version: 1, ttl });
    const object = { kind: "Job", namespace: "database", name, uid: name };
    const changes = [{ field: "ttlSecondsAfterFinished" as const, from: ttl, to: null }];
    return { object, resourceVersion: "1", changes, because: "why" };
  }

  async #get(path: string): Promise<Json> {
    const job = this.jobs.get(path.split("/").at(-1)!);
    if (!this.readable) throw apiError(503);
    if (job === undefined) throw apiError(404);
    const { uid, version, ttl, suspend, manager } = job;
    const managedFields = [
      { manager: "kubectl-create", fieldsV1: {} },
      ...(manager === undefined ? [] : [{ manager, fieldsV1: { "f:spec": { "f:suspend": {} } } }]),
    ];
    return {
      metadata: { uid, resourceVersion: String(version), managedFields },
      spec: { ttlSecondsAfterFinished: ttl ?? undefined, suspend },
    };
  }

  async #patch(path: string, patch: Json, dryRun: boolean, fieldManager?: string): Promise<Json> {
    const name = path.split("/").at(-1)!;
    this.calls.push(name);
    const job = this.jobs.get(name);
    const failure = this.fails.get(name);
    this.fails.delete(name);
    failure?.meanwhile?.();
    if (failure !== undefined && failure.acted !== true) throw apiError(failure.status, failure.fatal);
    if (job === undefined) throw apiError(404);
    const { metadata, spec } = patch as {
      metadata: { resourceVersion: string };
      spec: { ttlSecondsAfterFinished?: number | null; suspend?: boolean };
    };
    if (metadata.resourceVersion !== String(job.version)) throw apiError(409);
    const { ttlSecondsAfterFinished: ttl = null, suspend } = spec;
    if (!dryRun) Object.assign(job, { version: job.version + 1, ttl, suspend, manager: fieldManager });
    if (failure !== undefined) throw apiError(failure.status, failure.fatal);
    return {};
  }
}

function apiError(status: number | null, fatal = false): Error {
  return Object.assign(new Error(`status ${String(status)}`), { name: "ApiError", status, reason: "", fatal });
}

const again: Again = ({ changes }, fields) => {
  const left = changesTo(Object.fromEntries(changes.map(({ field, to }) => [field, to])), fields);
  return left.length > 0 ? left : { state: "already", because: "so" };
};
const apply = async (server: Server, steps: HoldStep[], dryRun = false) => {
  const applied = await applySteps(steps, { action: "hold", again, readsFirst: false, dryRun }, server.effects());
  return Object.fromEntries(applied.map(({ step, state }) => [step.object.name, state]));
};

describe("patches", () => {
  it("are made with an intent before and an outcome after each", async () => {
    const server = new Server();
    const steps = ["a", "b", "c", "d", "e", "f", "g"].map((name) => server.add(name));
    expect(new Set(Object.values(await apply(server, steps)))).toEqual(new Set(["held"]));
    expect([...server.jobs.values()].every(({ ttl }) => ttl === null)).toBe(true);
    expect(foldEntries(server.journal)).toMatchObject({ open: [] });
    expect(foldEntries(server.journal).held.size).toBe(7);
    for (const { id } of server.journal) {
      expect(server.journal.filter((one) => one.id === id).map(({ entry }) => entry)).toEqual(["intent", "outcome"]);
    }
  });

  it.each([
    [403, "forbidden"],
    [404, "gone"],
    [422, "failed"],
  ])("that fail with %d stop no other", async (status, state) => {
    const server = new Server();
    const steps = [server.add("a"), server.add("b"), server.add("c")];
    server.fails.set("b", { status });
    expect(await apply(server, steps)).toEqual({ a: "held", b: state, c: "held" });
    expect([...foldEntries(server.journal).held.keys()]).toEqual(["a", "c"]);
  });

  it("are made anew on an object that has changed, from what it holds then", async () => {
    const server = new Server();
    const step = server.add("a");
    server.fails.set("a", {
      status: 409,
      meanwhile: () => Object.assign(server.jobs.get("a")!, { version: 5, ttl: 90 }),
    });
    expect(await apply(server, [step])).toEqual({ a: "held" });
    expect(foldEntries(server.journal).held.get("a")!.before).toEqual({ ttlSecondsAfterFinished: 90 });
  });

  it("are not made on another object of that name, nor twice", async () => {
    const server = new Server();
    const [a, b] = [server.add("a"), server.add("b")];
    server.fails.set("a", { status: 409, meanwhile: () => server.jobs.set("a", { uid: "new", version: 9, ttl: 60 }) });
    server.fails.set("b", {
      status: 409,
      meanwhile: () => Object.assign(server.jobs.get("b")!, { version: 9, ttl: null }),
    });
    expect(await apply(server, [a, b])).toEqual({ a: "gone", b: "already" });
    expect(server.calls).toEqual(["a", "b"]);
    expect(server.jobs.get("a")!.ttl).toBe(60);
    expect(foldEntries(server.journal).held.size).toBe(0);
  });

  it.each([
    [true, "held", 1],
    [false, "failed", 0],
  ])("without an answer are told by reading the object: acted %s", async (acted, state, held) => {
    const server = new Server();
    const step = server.addCronJob("a");
    server.fails.set("a", { status: null, acted });
    expect(await apply(server, [step])).toEqual({ a: state });
    expect(server.calls).toEqual(["a"]);
    expect(foldEntries(server.journal).held.size).toBe(held);
  });

  it.each([
    ["somebody else made the same change", "addCronJob", "failed", []],
    ["nobody can tell who took the field away", "add", "unknown", ["ttlSecondsAfterFinished"]],
  ] as const)("without an answer are not taken for ours where %s", async (_, add, state, unclear) => {
    const server = new Server();
    const step = server[add]("a");
    const meanwhile = () => Object.assign(server.jobs.get("a")!, { version: 2, suspend: true, ttl: null });
    server.fails.set("a", { status: null, meanwhile });
    expect(await apply(server, [step])).toEqual({ a: state });
    expect(foldEntries(server.journal).held.get("a")?.unclear ?? []).toEqual(unclear);
  });

  it("of a release are judged by a read that is newer than what was asked", async () => {
    const server = new Server();
    const steps = ["a", "b", "c"].map((name) => server.add(name));
    server.jobs.delete("b");
    Object.assign(server.jobs.get("c")!, { version: 4, ttl: null });
    const how = { action: "release", again, readsFirst: true, dryRun: false } as const;
    const applied = await applySteps(steps, how, server.effects());
    expect(applied.map(({ state, isOver }) => [state, isOver])).toEqual([
      ["released", false],
      ["gone", true],
      ["already", false],
    ]);
    expect(server.calls).toEqual(["a"]);
  });

  it("stay open where that cannot be read either, until a later run can", async () => {
    const server = new Server();
    const step = server.addCronJob("a");
    server.fails.set("a", { status: null, acted: true });
    server.readable = false;
    expect(await apply(server, [step])).toEqual({ a: "unknown" });
    const { open } = foldEntries(server.journal);
    expect(open.length).toBe(1);
    expect((await resolveOpen(open, server.effects())).left.length).toBe(1);
    server.readable = true;
    expect((await resolveOpen(open, server.effects())).left).toEqual([]);
    expect(foldEntries(server.journal)).toMatchObject({ open: [] });
    expect(foldEntries(server.journal).held.size).toBe(1);
  });

  it("end where no other can succeed", async () => {
    const server = new Server();
    const steps = Array.from({ length: 20 }, (_, at) => server.add(`j${String(at)}`));
    server.fails.set("j0", { status: 401, fatal: true });
    const states = Object.values(await apply(server, steps));
    expect(states.length).toBe(20);
    expect(server.calls.length).toBeLessThan(20);
    expect(states.filter((state) => state === "failed").length).toBe(21 - server.calls.length);
  });

  it("of a dry run write nothing", async () => {
    const server = new Server();
    expect(await apply(server, [server.add("a")], true)).toEqual({ a: "would-hold" });
    expect([server.journal, server.jobs.get("a")!.ttl]).toEqual([[], 60]);
  });

  it("are not sent where the intent cannot be written", async () => {
    const server = new Server();
    const steps = [server.add("a"), server.add("b")];
    const effects = { ...server.effects(), write: () => Promise.reject(new Error("full")) };
    await expect(
      applySteps(steps, { action: "hold", again, readsFirst: false, dryRun: false }, effects),
    ).rejects.toThrow("full");
    expect(server.calls).toEqual([]);
  });
});
