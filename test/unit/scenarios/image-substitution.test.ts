import { describe, expect, test } from "vitest";
import type { SubjectRef } from "../../../src/model/report.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import type { Container, CronJob, Job, JobTemplate, Pod } from "../../../src/model/workload.ts";
import { pullPolicy } from "../../../src/scenarios/assess/mutable-images.ts";
import { imageSubstitution } from "../../../src/scenarios/image-substitution.ts";
import {
  ago,
  controlledBy,
  cronJob,
  finished,
  forbidden,
  HOUR,
  job,
  node,
  pod,
  template,
  terminated,
} from "../batch/objects.ts";
import { reference, run as finishedRun, seen } from "../exposure/objects.ts";
import { everywhere, granted, within, type Grant } from "../rbac/grants.ts";
import { rule, user } from "../rbac/fixture.ts";
import { factsOf, replayOf } from "./assess.ts";

const sha = (letter: string): string => `sha256:${letter.repeat(64)}`;
const [A, B] = [sha("a"), sha("b")];
const alice: SubjectRef = { kind: "User", namespace: null, name: "alice" };

function container(image: string, more: Partial<Container> = {}): Container {
  return { name: "main", kind: "container", image, imagePullPolicy: null, ...more };
}

function worker(...containers: Container[]): CronJob {
  const { job: its } = cronJob("x");
  const shape = template({ containers, secretReferences: [reference("db")] });
  return cronJob("worker", { job: { ...its, template: shape } });
}

/** A run that started so many hours ago on a node, and what its container ran. */
function run(of: CronJob, hours: number, imageID: string, nodeName = "n-1"): [Job, Pod] {
  const its = finished(`worker-${String(hours)}`, (hours - 1) * HOUR, of);
  const containers = [{ ...terminated("main", ago((hours - 1) * HOUR)), startedAt: ago(hours * HOUR), imageID }];
  const meta = { ownerReferences: controlledBy(its) };
  return [its, pod(`${its.meta.name}-pod`, { meta, containers, template: { ...of.job.template, nodeName } })];
}

interface Case {
  images?: Container[];
  runs?: (of: CronJob) => [Job, Pod][];
  nodes?: string[];
  grants?: Grant[];
  more?: Partial<Snapshot>;
  from?: SubjectRef[];
}

function replay({ images = [], runs = () => [], nodes = ["n-1", "n-2"], grants = [], more = {}, from = [] }: Case) {
  const of = worker(...images);
  const { roles, rolebindings, clusterroles, clusterrolebindings } = granted(grants);
  const rights = { roles, rolebindings, clusterroles, clusterrolebindings };
  const evidence = seen([of, ...runs(of).flat()], { ...rights, nodes: nodes.map((name) => node(name)), ...more });
  return replayOf(imageSubstitution, evidence, "worker", from);
}

test.each([
  ["worker", null, "Always"],
  ["worker:latest", null, "Always"],
  ["worker:1", null, "IfNotPresent"],
  ["registry:5000/worker", null, "Always"],
  ["registry:5000/worker:2", null, "IfNotPresent"],
  [`worker@${A}`, null, "IfNotPresent"],
  [`worker:latest@${A}`, null, "Always"],
  ["worker:latest", "Never", "Never"],
])("the policy of %s with %s is %s", (image, imagePullPolicy, policy) => {
  expect(pullPolicy({ image, imagePullPolicy })).toBe(policy);
});

const changed = (of: CronJob): [Job, Pod][] => [run(of, 3, `worker@${A}`), run(of, 2, `worker@${B}`)];
const same = (of: CronJob): [Job, Pod][] => [run(of, 3, `worker@${A}`)];
const everywhereRan = (of: CronJob): [Job, Pod][] => [run(of, 3, `worker@${A}`), run(of, 2, `worker@${A}`, "n-2")];
const LATEST = [container("worker:latest")];
const TAGGED = [container("worker:1")];
const PINNED = [container(`worker@${A}`)];
const NO_SCHEDULE = { key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" };
const NEVER = [container("worker:1", { imagePullPolicy: "Never" })];

describe("outcome", () => {
  test.each<[string, Case, string, string]>([
    [
      "two digests",
      { images: TAGGED, runs: changed },
      "succeeds",
      `happened: worker:1 meant 2 digests, since ${ago(2 * HOUR)}`,
    ],
    [
      "two digests on two nodes",
      { images: TAGGED, runs: (of) => [run(of, 3, `worker@${A}`), run(of, 2, `worker@${B}`, "n-2")] },
      "succeeds",
      `happened: worker:1 meant 2 digests, since ${ago(2 * HOUR)}; on 2 nodes: other architectures or stores of their own explain it too`,
    ],
    ["latest", { images: LATEST }, "succeeds", "worker:latest is asked for anew by every run"],
    [
      "no tag, in a sidecar",
      { images: [...PINNED, container("proxy", { kind: "sidecar", name: "proxy" })] },
      "succeeds",
      "proxy is asked for anew by every run",
    ],
    [
      "a tag on a node without it",
      { images: TAGGED, runs: same },
      "succeeds",
      "worker:1 on 1 of 2 nodes, which no retained run shows to have it",
    ],
    [
      "a tag on nodes that all have it",
      { images: TAGGED, runs: everywhereRan },
      "inconclusive",
      "worker:1, only after a node's image cache is cleared",
    ],
    [
      "a tag, nodes unseen",
      { images: TAGGED, more: { blindSpots: [forbidden("nodes", null)] } },
      "inconclusive",
      "worker:1, on nodes that have not run it",
    ],
    ["digests", { images: PINNED }, "blocked", "its image is named by digest"],
    [
      "digests now",
      { images: PINNED, runs: () => changed(worker(...TAGGED)) },
      "blocked",
      "its image is named by digest; before, worker:1 meant 2 digests",
    ],
    ["Never", { images: NEVER }, "blocked", "no node asks a registry for it (imagePullPolicy: Never)"],
    [
      "Never, and runs unseen",
      { images: NEVER, more: { blindSpots: [forbidden("pods", null)] } },
      "inconclusive",
      "no node asks a registry for it, but not all runs were seen",
    ],
    ["no container", {}, "not-applicable", "its template names no image"],
  ])("%s", (_, given, outcome, because) => {
    const found = replay(given);
    expect([found.outcome, found.because]).toEqual([outcome, because]);
    expect(found.blockedBy.length > 0).toBe(outcome === "blocked");
    expect(found.missing.length > 0).toBe(outcome === "inconclusive");
  });

  test("of what has finished and is nobody's does not apply", () => {
    const lone = pod("worker", { template: template({ containers: LATEST }) });
    expect(replayOf(imageSubstitution, seen([lone]), "worker").outcome).toBe("not-applicable");
  });

  test("of what has finished is open where what may run it again was not seen", () => {
    const [, owned] = finishedRun("worker", 60, cronJob("worker"), [], { pod: { containers: LATEST } });
    const at = (more: Partial<Snapshot>) => replayOf(imageSubstitution, seen([owned], more), "worker-x");
    expect(at({}).outcome).toBe("not-applicable");
    expect(at({ blindSpots: [forbidden("jobs", "database")] })).toMatchObject({
      outcome: "inconclusive",
      missing: ["what started it: jobs could not be listed: Forbidden"],
    });
  });

  test("names each control", () => {
    expect(replay({ images: [...NEVER, ...PINNED] }).blockedBy.map(({ id }) => id)).toEqual(["pull-policy", "digest"]);
  });
});

describe("of a Job that runs", () => {
  const lone = (more: Partial<JobTemplate> = {}) =>
    job("worker", { active: 1, spec: { template: template({ containers: LATEST }), ...more } });
  const at = (one: Job) => replayOf(imageSubstitution, seen([one]), "worker");

  test("an image is asked for again only by a retry or restart", () => {
    expect(at(lone())).toMatchObject({
      outcome: "inconclusive",
      missing: ["whether it is retried or restarted: until then worker:latest stays what it is"],
    });
  });

  test("an image is asked for by pods that are still to start", () => {
    expect(at(lone({ completions: 3 })).outcome).toBe("succeeds");
    expect(at({ ...lone({ suspend: true }), active: 0 }).because).toBe(
      "worker:latest is asked for anew by every run; it is suspended: only once somebody resumes it",
    );
  });
});

test("nodes that no run lands on are left out, and that is said", () => {
  const nodes = [node("n-1"), node("control", { unschedulable: true }), node("gpu", { taints: [NO_SCHEDULE] })];
  const found = replay({ images: TAGGED, runs: same, more: { nodes } });
  expect(found).toMatchObject({
    outcome: "inconclusive",
    missing: [
      expect.stringContaining("whether nodes keep worker:1"),
      "2 nodes left out, cordoned or tainted: tolerations are not in the evidence",
    ],
  });
  const more = { nodes: [...nodes, node("n-2", { taints: [{ key: "spot", effect: "PreferNoSchedule" }] })] };
  expect(replay({ images: TAGGED, runs: same, more }).because).toBe(
    "worker:1 on 1 of 2 nodes, which no retained run shows to have it; 2 nodes left out, cordoned or tainted: tolerations are not in the evidence",
  );
});

test("what is suspended asks only once somebody resumes it", () => {
  const found = replayOf(imageSubstitution, seen([{ ...worker(...LATEST), suspend: true }]), "worker");
  expect(found.because).toBe(
    "worker:latest is asked for anew by every run; it is suspended: only once somebody resumes it",
  );
  expect(found.path[1]?.act).toContain("once somebody resumes it");
});

describe("facts", () => {
  test("tell which nodes have it and which would ask", () => {
    expect(factsOf(replay({ images: TAGGED, runs: same }), "image-substitution").mutable).toEqual([
      { container: "main", image: "worker:1", imagePullPolicy: "IfNotPresent", cachedOn: ["n-1"], pulledOn: ["n-2"] },
    ]);
    expect(factsOf(replay({ images: LATEST, runs: same }), "image-substitution").mutable).toMatchObject([
      { imagePullPolicy: "Always", pulledOn: ["n-1", "n-2"] },
    ]);
  });

  test("hold null where nodes were not listed", () => {
    const more = { blindSpots: [forbidden("nodes", null)] };
    expect(factsOf(replay({ images: TAGGED, more }), "image-substitution").mutable[0]?.pulledOn).toBeNull();
  });

  test("leave out containers that somebody only debugs with", () => {
    const images = [...PINNED, container("busybox", { kind: "ephemeral", name: "debug" })];
    expect(factsOf(replay({ images }), "image-substitution")).toMatchObject({ mutable: [], pinned: [`worker@${A}`] });
  });
});

describe("what would block it", () => {
  test("is the digest that ran last, as a command", () => {
    const found = replay({ images: LATEST, runs: same });
    expect(found.wouldBlock).toMatchObject([
      {
        id: "digest",
        how: `kubectl set image cronjob/worker -n database main=worker:latest@${A}  # as pod/worker-3-pod ran it`,
      },
    ]);
  });

  test("is to be checked where the digest has changed", () => {
    const [control] = replay({ images: TAGGED, runs: changed }).wouldBlock;
    expect(control?.how).toContain(`main=worker:1@${B}  # make sure first`);
  });

  test("is said in words where no run has reported any, or only that of a node's own store", () => {
    for (const runs of [() => [], (of: CronJob) => [run(of, 3, A)]])
      expect(replay({ images: LATEST, runs }).wouldBlock[0]?.how).toMatch(
        /^kubectl edit cronjob\/worker -n database {2}#/,
      );
  });
});

test("the path is a push and a run that gets it", () => {
  expect(replay({ images: TAGGED, runs: changed }).path.map(({ actor, act, yields }) => [actor, act, yields])).toEqual([
    [
      "whoever may push to the registry",
      "pushes another image under worker:1",
      "it meant sha256:aaaaaaaa…, then sha256:bbbbbbbb…",
    ],
    [
      "the kubelet",
      "started pod/worker-2-pod with it",
      "the other image runs as serviceaccount/default (database) with Secret db",
    ],
  ]);
});

describe("from a position", () => {
  const from = [alice];
  const may = (verbs: string, resource: string, group: string, names: string[] = []): Grant =>
    within("database", user("alice"), rule(verbs, resource, names, [group]));

  test.each([
    ["change it", may("patch", "cronjobs", "batch", ["worker"]), "patch cronjob/worker"],
    ["create Jobs", may("create", "jobs", "batch"), "create jobs beside it"],
    ["create pods", may("create", "pods", ""), "create pods beside it"],
  ])("that may %s it succeeds without the registry, digest or not", (_, grant, what) => {
    for (const images of [LATEST, PINNED]) {
      const found = replay({ images, grants: [grant], from });
      expect(found).toMatchObject({
        outcome: "succeeds",
        because: `user alice may ${what}: any image, without the registry`,
      });
      expect(found.path[0]).toMatchObject({ actor: "user alice", allowed: true });
    }
  });

  test.each([
    ["all", [], "patch the pods of its runs, while one is under way", "patch pod/worker-1-pod"],
    ["one by name", ["worker-1-pod"], null, "patch pod/worker-1-pod"],
  ])("that may patch pods, %s, brings its image into a run", (_, names, later, now) => {
    const grants = [may("patch", "pods", "", names)];
    const [its, ended] = run(worker(...PINNED), 1, `worker@${A}`);
    const runs = (): [Job, Pod][] => [
      [
        { ...its, conditions: [] },
        { ...ended, phase: "Running" },
      ],
    ];
    const found = replay({ images: PINNED, grants, from, runs });
    expect(found).toMatchObject({
      outcome: "succeeds",
      because: `user alice may ${now}: any image, without the registry`,
    });
    expect(found.path[1]?.act).toContain("restarts the changed container");
    const { outcome, because } = replay({ images: PINNED, grants, from });
    if (later === null) expect(outcome).toBe("blocked");
    else expect(because).toBe(`user alice may ${later}: any image, without the registry`);
  });

  test.each([
    ["impersonate", rule("impersonate", "users", ["bob"]), "impersonate users"],
    ["enter pods", rule("create", "pods/exec"), "create pods/exec"],
  ])("that may %s is not blocked by RBAC", (_, right, way) => {
    const found = replay({ images: PINNED, grants: [everywhere(user("alice"), right)], from });
    expect(found).toMatchObject({ outcome: "inconclusive", missing: [expect.stringContaining(way)] });
  });

  test("that may not is blocked by a digest, and else may yet push", () => {
    expect(replay({ images: PINNED, from })).toMatchObject({
      outcome: "blocked",
      blockedBy: [{ id: "digest" }, { id: "rbac" }],
    });
    expect(replay({ images: LATEST, from })).toMatchObject({
      outcome: "inconclusive",
      missing: ["who may push to the registry of worker:latest"],
    });
  });

  test("is inconclusive where its grants were not all seen", () => {
    const more = { blindSpots: [forbidden("roles", null)] };
    expect(replay({ images: PINNED, more, from })).toMatchObject({
      outcome: "inconclusive",
      missing: ["roles could not be listed: Forbidden"],
    });
  });
});

test("in the table what has happened comes first", () => {
  const found = [replay({ images: LATEST }), replay({ images: TAGGED, runs: changed })];
  expect(imageSubstitution.summarise(found)).toContain("happened: worker:1 meant 2 digests");
  expect(imageSubstitution.summarise([])).toBe("no workload");
});
