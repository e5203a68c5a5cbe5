import { describe, expect, it } from "vitest";
import { finish, newRun } from "../../../src/cleanup/carry-out.ts";
import type { Run } from "../../../src/cleanup/carry-out.ts";
import { resultOf, statusOf } from "../../../src/cleanup/result.ts";
import type { Work } from "../../../src/cleanup/work.ts";
import type { Json } from "../../../src/model/api.ts";
import type { ChosenItem } from "../../../src/model/journal.ts";
import { Failure } from "./bundle-fixture.ts";
import { rules } from "./objects.ts";
import { chosenItem, FakeServer, jobAndPod, keptOf, Memory, pathOf, planHead, workOver } from "./run-fixture.ts";

const PATIENCE = { milliseconds: 5000, firstPoll: 200, longestPoll: 1000 };

interface Stage {
  server: FakeServer;
  memory: Memory;
  run: Run;
  work: Work;
  names: string[];
  go(kept?: Map<string, string>): Promise<void>;
  outcome(name: string): string;
}

function setUp(
  names: string[],
  more: Partial<Work> = {},
  items: ChosenItem[] = names.map((name) => chosenItem(name)),
): Stage {
  const server = new FakeServer(...names.map((name) => jobAndPod(name)));
  const memory = new Memory();
  const run = newRun(items);
  const work = workOver(server, memory, more);
  return {
    server,
    memory,
    run,
    work,
    names,
    go: (kept = keptOf(...names)) => finish(run, kept, work, PATIENCE),
    outcome: (name) => (run.verified.get(`uid-${name}`) ?? run.done.get(`uid-${name}`))!.outcome,
  };
}

const many = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => `job-${String(at).padStart(3, "0")}`);
const metadata = (object: Json): Json => object["metadata"] as Json;
const jobOf = ({ server }: Stage, name: string): Json => server.objects.get(pathOf(jobAndPod(name).job))!;

describe("deletions", () => {
  it("carry uid, resourceVersion and a propagation of their own, at most five at once, each after its intent", async () => {
    const set = setUp(many(40));
    let unannounced = 0;
    set.server.before = ({ uid }) => {
      if (!set.memory.steps.some((line) => line.step === "intent" && line.uid === uid)) unannounced += 1;
    };
    await set.go();
    expect(set.server.names()).toEqual([]);
    expect(unannounced).toBe(0);
    expect(set.server.most).toBeLessThanOrEqual(5);
    expect(set.server.removals.length).toBe(40);
    expect(set.server.removals[0]).toMatchObject({
      uid: "uid-job-000",
      resourceVersion: "7",
      cascade: "background",
      dryRun: false,
    });
    const outcomes = set.memory.steps.filter(({ step }) => step === "outcome");
    expect(outcomes.length).toBe(40);
    expect(set.memory.steps.at(-1)).toMatchObject({ step: "end", byOutcome: { gone: 40 } });
  });

  it("take Jobs before pods, so that a pod that goes with its Job is not deleted twice", async () => {
    const pod = chosenItem("a", { dependents: [], ...podItem("a") });
    const set = setUp(["a", "b"], { rules: rules({ named: [{ kind: "Pod", namespace: "database", name: "a-x" }] }) }, [
      pod,
      chosenItem("a"),
      chosenItem("b"),
    ]);
    await set.go();
    expect(set.server.removals.map(({ uid }) => uid)).toEqual(["uid-a", "uid-b"]);
    expect(set.outcome("a-x")).toBe("already-gone");
  });

  it("look at few namespaces at a time where there is much, and each is judged by what was seen of its own", async () => {
    const jobs = many(1100).map((name, at) => ({
      name,
      namespace: `team-${at < 1000 ? "c" : at < 1040 ? "d" : at < 1080 ? "a" : "b"}`,
    }));
    const server = new FakeServer(
      ...jobs.map(({ name, namespace }) => {
        const { job, pod } = jobAndPod(name);
        Object.assign(metadata(job), { namespace });
        Object.assign(metadata(pod), { namespace });
        return { job, pod };
      }),
    );
    const items = jobs.map(({ name, namespace }) => {
      const item = chosenItem(name);
      const [pod] = item.dependents;
      const dependents = [{ ...pod!, object: { ...pod!.object, namespace } }];
      return { ...item, object: { ...item.object, namespace }, dependents };
    });
    const said: string[] = [];
    const memory = new Memory();
    const work = workOver(server, memory, { progress: (text) => said.push(text) });
    await finish(newRun(items), keptOf(...jobs.map(({ name }) => name)), work, PATIENCE);
    expect(server.names()).toEqual([]);
    expect(said.filter((text) => text.startsWith("looking"))).toEqual([
      "looking once more at 60 of 1100 objects",
      "looking once more at 1000 of 1100 objects",
      "looking once more at 40 of 1100 objects",
    ]);
    const order = server.removals.map(({ path }) => /team-./.exec(path)![0]);
    expect(order).toEqual(order.toSorted());
  });

  it("of a dry run change nothing, and write nothing", async () => {
    const server = new FakeServer(jobAndPod("a"));
    const run = newRun([chosenItem("a")]);
    await finish(run, null, workOver(server, null), PATIENCE);
    expect(server.removals).toMatchObject([{ dryRun: true }]);
    expect(server.names()).toEqual(["a", "a-x"]);
    expect(run.done.get("uid-a")?.outcome).toBe("dry-run");
  });

  it("never come without evidence", async () => {
    const set = setUp(["a", "b", "c"]);
    await expect(finish(set.run, null, set.work, PATIENCE)).rejects.toThrow("nothing is deleted without its evidence");
    const kept = keptOf("a", "b");
    kept.delete("uid-b-x");
    await set.go(kept);
    expect(set.server.names()).toEqual(["b", "b-x", "c", "c-x"]);
    expect(set.run.done.get("uid-b")).toMatchObject({
      outcome: "refused",
      because: expect.stringContaining("pod/b-x") as string,
    });
    expect(set.run.done.get("uid-c")).toMatchObject({
      outcome: "refused",
      because: "its evidence was not preserved as it was judged",
    });
  });
});

function podItem(name: string): Partial<ChosenItem> {
  return {
    object: { kind: "Pod", namespace: "database", name: `${name}-x`, uid: `uid-${name}-x` },
    resource: { group: "", version: "v1", resource: "pods" },
    resourceVersion: "8",
  };
}

describe("what changed since it was judged", () => {
  it.each<[string, (set: Stage) => void, string]>([
    [
      "a new resourceVersion",
      (set) => (metadata(jobOf(set, "a"))["resourceVersion"] = "70"),
      "changed since it was judged",
    ],
    [
      "a protect annotation",
      (set) => (metadata(jobOf(set, "a"))["annotations"] = { "cronaudit/protect": "" }),
      "judged again",
    ],
    ["a finalizer", (set) => (metadata(jobOf(set, "a"))["finalizers"] = ["rig.test/keep"]), "judged again"],
    ["a pod that runs", (set) => (podOf(set)["status"] = { phase: "Running" }), "judged again"],
    [
      "a pod that changed",
      (set) => (metadata(podOf(set))["resourceVersion"] = "80"),
      "pod/a-x, which would go along, changed",
    ],
    ["a Secret that the Job owns now", secretOf, "which was in no plan"],
  ])("%s refuses it", async (_, change, because) => {
    const set = setUp(["a", "b"]);
    change(set);
    await set.go();
    expect(set.server.names()).toEqual(["a", "a-x"]);
    expect(set.run.done.get("uid-a")?.outcome).toBe("refused");
    expect(set.run.done.get("uid-a")?.because).toContain(because);
    expect(set.outcome("b")).toBe("gone");
  });

  const podOf = ({ server }: Stage): Json => server.objects.get(pathOf(jobAndPod("a").pod))!;
  function secretOf({ server }: Stage): void {
    const ownerReferences = [{ apiVersion: "batch/v1", kind: "Job", name: "a", uid: "uid-a" }];
    server.extra.push({
      kind: {
        group: "",
        version: "v1",
        resource: "secrets",
        kind: "Secret",
        namespaced: true,
        verbs: ["list", "watch", "delete"],
      },
      items: [{ metadata: { name: "new", namespace: "database", uid: "uid-new", ownerReferences } }],
    });
  }

  it("is stated where it is another object, none, or one that somebody deletes", async () => {
    const set = setUp(["a", "b", "c", "d"]);
    metadata(jobOf(set, "a"))["uid"] = "uid-other";
    set.server.collect("uid-b");
    Object.assign(metadata(jobOf(set, "c")), { deletionTimestamp: "2026-11-22T05:41:00Z", resourceVersion: "9" });
    set.server.before = ({ uid }) => {
      if (uid === "uid-d") metadata(jobOf(set, "d"))["resourceVersion"] = "70";
    };
    await set.go();
    expect(["a", "b", "c", "d"].map((name) => set.outcome(name))).toEqual([
      "replaced",
      "already-gone",
      "going",
      "conflict",
    ]);
    expect(set.run.done.get("uid-c")?.because).toBe("somebody else deletes it, since 2026-11-22T05:41:00Z");
    expect(set.server.removals.map(({ uid }) => uid)).toEqual(["uid-d"]);
  });
});

describe("a request that deletes", () => {
  it("is not sent again where the server acted and the answer was lost", async () => {
    const set = setUp(many(10));
    set.server.after = () => {
      throw new Failure(null, "ConnectionClosed");
    };
    await set.go();
    expect(set.server.names()).toEqual([]);
    expect(set.server.removals.length).toBe(10);
    expect(set.names.map((name) => set.outcome(name))).toEqual(set.names.map(() => "gone"));
  });

  it("is sent again only after a read has shown that it did nothing", async () => {
    const set = setUp(["a"]);
    let times = 0;
    set.server.before = () => {
      if ((times += 1) <= 2) throw new Failure(times === 1 ? null : 500, "InternalError");
    };
    await set.go();
    expect(set.outcome("a")).toBe("gone");
    const steps = set.memory.steps.map(({ step }) => step);
    expect(steps.filter((step) => step === "intent" || step === "unchanged")).toEqual([
      "intent",
      "unchanged",
      "intent",
      "unchanged",
      "intent",
    ]);
  });

  it("that is refused leaves the others be; what failed to the end is failed", async () => {
    const set = setUp(["a", "b", "c"]);
    set.server.before = ({ uid }) => {
      if (uid === "uid-a") throw new Failure(403, "Forbidden");
      if (uid === "uid-b") throw new Failure(500, "InternalError");
    };
    await set.go();
    expect(["a", "b", "c"].map((name) => set.outcome(name))).toEqual(["failed", "failed", "gone"]);
    expect(set.server.removals.filter(({ uid }) => uid === "uid-b").length).toBe(3);
    expect(set.server.names()).toEqual(["a", "a-x", "b", "b-x"]);
  });

  it("that ends every other leaves its intent open, and begins nothing more", async () => {
    const set = setUp(many(30));
    let sent = 0;
    set.server.before = () => {
      if ((sent += 1) > 7) throw new Failure(401, "Unauthorized", true);
    };
    await expect(set.go()).rejects.toThrow("Unauthorized");
    expect(set.server.removals.length).toBeLessThan(14);
    expect(set.run.done.size).toBe(7);
    const asked = set.memory.steps.filter(({ step }) => step === "intent").length;
    expect(asked).toBe(set.server.removals.length);
  });
});

describe("where the journal cannot be written", () => {
  it.each([1, 2, 9, 20, 33])("at its write %i nothing more is deleted than it announces", async (nth) => {
    const set = setUp(many(30));
    let writes = 0;
    set.memory.before = () => {
      if ((writes += 1) >= nth) throw new Error("no space left on device");
    };
    await expect(set.go()).rejects.toThrow("no space left on device");
    const announced = new Set(set.memory.steps.flatMap((line) => (line.step === "intent" ? [line.uid] : [])));
    expect(set.server.removals.filter(({ uid }) => !announced.has(uid))).toEqual([]);
  });
});

describe("an interruption", () => {
  it("lets what was begun end, and begins nothing more", async () => {
    const abort = new AbortController();
    const set = setUp(many(30), { signal: abort.signal });
    set.server.after = () => {
      if (set.server.removals.length >= 8) abort.abort();
    };
    await expect(set.go()).rejects.toThrow("interrupted");
    const steps = set.memory.steps;
    const count = (step: string): number => steps.filter((line) => line.step === step).length;
    expect(count("intent")).toBe(count("outcome"));
    expect(set.run.done.size).toBe(set.server.removals.length);
    expect(set.server.removals.length).toBeLessThan(14);
  });
});

describe("verification", () => {
  it("reports what a finalizer keeps, and what goes along and does not go", async () => {
    const set = setUp(["a", "b"]);
    set.server.collect = (uid) => {
      const job = jobOf(set, uid.slice(4));
      Object.assign(metadata(job), { deletionTimestamp: "2026-11-22T05:41:10Z", finalizers: ["rig.test/keep"] });
      if (uid === "uid-b") set.server.objects.delete(pathOf(job));
    };
    await set.go();
    expect(set.run.verified.get("uid-a")).toMatchObject({
      outcome: "going",
      because: "finalizer rig.test/keep holds it",
      dependentsGone: 0,
    });
    expect(set.run.verified.get("uid-b")).toMatchObject({ outcome: "gone", dependentsLeft: [{ name: "b-x" }] });
    const given = { ...set.run, evidence: null, journal: "j", token: null, notes: [], at: "2026-11-22T05:41:09Z" };
    const result = resultOf(planHead(), given);
    expect(statusOf(result, set.run.chosen)).toBe(2);
    expect(result.summary).toMatchObject({ dependentsGone: 0, dependentsLeft: 2, byOutcome: { gone: 1, going: 1 } });
    expect(result.summary.notEnded[0]).toBe(
      "What 2 of 2 chosen objects expose goes on: they, or pods of theirs, were not seen to go.",
    );
  });

  it("says 0 only where all is gone, 3 where the plan did not see all, and counts no thing that others own", async () => {
    const [pod] = chosenItem("a").dependents;
    const shared = { ...pod!, object: { ...pod!.object, uid: "uid-shared", name: "shared" }, shared: true };
    const set = setUp(["a"], {}, [chosenItem("a", { dependents: [pod!, shared] })]);
    const more = jobAndPod("shared").pod;
    Object.assign(metadata(more), { uid: "uid-shared", name: "shared", ownerReferences: [] });
    set.server.objects.set(pathOf(more), more);
    await set.go();
    const given = { ...set.run, evidence: null, journal: "j", token: null, notes: [], at: "2026-11-22T05:41:09Z" };
    expect(set.run.verified.get("uid-a")?.dependentsLeft.length).toBe(1);
    expect(statusOf(resultOf(planHead(), given), set.run.chosen)).toBe(0);
    expect(statusOf(resultOf(planHead({ complete: false }), given), set.run.chosen)).toBe(3);
    const accepted = { ...given, token: { user: "alice", refusedAfterSeconds: null, unknownBecause: null } };
    expect(statusOf(resultOf(planHead(), accepted), set.run.chosen)).toBe(2);
  });
});
