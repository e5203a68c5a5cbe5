import { expect, test } from "vitest";
import { parseArguments } from "../../../src/cli/arguments.ts";
import { resolve } from "../../../src/commands/resolve.ts";
import { narrow } from "../../../src/commands/narrow.ts";
import type { BlindSpot, Snapshot } from "../../../src/model/snapshot.ts";

const meta = (namespace: string, name: string) => ({ namespace, name, uid: `${namespace}-${name}` });
const template = { serviceAccountName: "runner" };

function snapshot(parts: Partial<Record<keyof Snapshot, unknown>> = {}): Snapshot {
  return {
    metadata: { scope: { namespaces: null } },
    source: "cluster",
    collected: ["cronjobs", "jobs", "pods", "serviceaccounts"],
    beyondScope: [],
    otherAuthorizers: null,
    blindSpots: [],
    notes: [],
    ...{ namespaces: [], cronjobs: [], serviceaccounts: [], roles: [], clusterroles: [], secrets: [] },
    ...{ rolebindings: [], clusterrolebindings: [], configmaps: [], nodes: [], earlier: null },
    jobs: [
      { meta: meta("a", "x"), spec: { template } },
      { meta: meta("b", "x"), spec: { template } },
    ],
    pods: [{ meta: meta("a", "p"), template }],
    ...parts,
  } as unknown as Snapshot;
}

const blind = (resource: string, namespace: string | null, reason = "Forbidden"): BlindSpot => ({
  ...{ verb: "list", group: "", resource, namespace, except: [], reason, message: "m", blinds: [] },
});
const find = (line: string, from = snapshot(), namespace: string | null = null) =>
  resolve(parseArguments(line.split(" ")), from, namespace);

test("without -n a name means the objects of that name in every namespace", () => {
  expect(find("job/x").objects.map(({ namespace }) => namespace)).toEqual(["a", "b"]);
  expect(find("job/x", snapshot(), "b").objects.map(({ namespace }) => namespace)).toEqual(["b"]);
});

test("an account is known by its object, by what runs as it, and by the bindings that name it", () => {
  expect(find("sa/runner").subjects.map(({ namespace }) => namespace)).toEqual(["a", "b"]);
  const bound = snapshot({
    rolebindings: [
      { meta: meta("a", "r"), subjects: [{ kind: "ServiceAccount", namespace: "c", name: "only-bound" }] },
    ],
    clusterrolebindings: [
      {
        meta: { namespace: null, name: "c" },
        subjects: [{ kind: "User", namespace: null, name: "system:serviceaccount:d:as-user" }],
      },
    ],
  });
  expect(find("sa/only-bound", bound).subjects).toEqual([
    { kind: "ServiceAccount", namespace: "c", name: "only-bound" },
  ]);
  expect(find("sa/as-user", bound).subjects).toEqual([{ kind: "ServiceAccount", namespace: "d", name: "as-user" }]);
});

test("a user that is a ServiceAccount's name is that account", () => {
  expect(find("user:system:serviceaccount:a:b").subjects).toEqual([
    { kind: "ServiceAccount", namespace: "a", name: "b" },
  ]);
  expect(find("user:alice group:ops").subjects).toEqual([
    { kind: "User", namespace: null, name: "alice" },
    { kind: "Group", namespace: null, name: "ops" },
  ]);
});

test.each([
  ["cronjob/y", snapshot(), null, 'Error from server (NotFound): cronjobs.batch "y" not found'],
  ["po y", snapshot(), "a", 'Error from server (NotFound): pods "y" not found in namespace "a"'],
  [
    "job/y",
    snapshot({ blindSpots: [blind("jobs", null)] }),
    null,
    'cannot tell whether jobs.batch "y" exists: jobs of the whole cluster could not be listed (Forbidden)',
  ],
  [
    "job/y",
    snapshot({ blindSpots: [blind("jobs", "b")] }),
    null,
    'cannot tell whether jobs.batch "y" exists: jobs of namespace "b" could not be listed (Forbidden)',
  ],
  [
    "job/y",
    snapshot({ blindSpots: [blind("jobs", "b")] }),
    "a",
    'Error from server (NotFound): jobs.batch "y" not found in namespace "a"',
  ],
  [
    "cj/y",
    snapshot({ collected: ["pods"] }),
    null,
    'cannot tell whether cronjobs.batch "y" exists: the evidence holds no cronjobs',
  ],
])("a name that is not there is told from one that could not be seen: %s", (line, from, namespace, message) => {
  expect(() => find(line, from, namespace)).toThrow(expect.objectContaining({ name: "CommandError", message }));
});

test("a type of which there is none is no error", () => {
  expect(find("cronjobs")).toEqual({ objects: [], subjects: [] });
});

test("narrowing to a namespace keeps what is in it and what is in none", () => {
  const narrowed = narrow(
    snapshot({ blindSpots: [blind("jobs", "a"), blind("jobs", "b"), blind("clusterroles", null)] }),
    "a",
  );
  expect(narrowed.jobs.map(({ meta: { namespace } }) => namespace)).toEqual(["a"]);
  expect(narrowed.blindSpots.map(({ resource, namespace }) => [resource, namespace])).toEqual([
    ["jobs", "a"],
    ["clusterroles", null],
  ]);
  expect(narrowed.metadata.scope.namespaces).toEqual(["a"]);
});

test("a namespace outside the evidence is refused, not empty", () => {
  const from = snapshot({ metadata: { scope: { namespaces: ["a"] } } });
  expect(() => narrow(from, "z")).toThrow('the evidence does not cover namespace "z"');
});
