import { randomInt } from "node:crypto";
import { afterAll, beforeEach, describe, expect, inject, test } from "vitest";
import { authorize } from "../../src/rbac/authorize.ts";
import type { Rbac } from "../../src/rbac/compile.ts";
import type { ResourceRequest } from "../../src/rbac/rules.ts";
import { MASTERS, type Identity } from "../../src/rbac/subjects.ts";
import "../control-plane/global-setup.ts";
import { Oracle } from "../control-plane/oracle.ts";
import { compare, differing, isTelling, summary } from "../oracle/compare.ts";
import { describeDisagreement, keptCases } from "../oracle/kept.ts";
import { ourJudge, type Authorize } from "../oracle/ours.ts";
import { VOLUME } from "./volume.ts";

const DECISIONS = 100_000 * VOLUME;
const FIXED = 20_261_122;
const FRESH = randomInt(0x7fff_ffff);

let started: Promise<{ oracle: Oracle; version: string }> | null = null;

/** The oracle of this file; building it takes minutes where nothing of Kubernetes has been compiled yet. */
async function theOracle(): Promise<Oracle> {
  started ??= Oracle.start((line) => process.stderr.write(`oracle: ${line}\n`));
  return (await started).oracle;
}

beforeEach((context) => {
  // No control plane is needed, but what it is built with; the run says once why it is not there.
  const provided = inject("controlPlane");
  if ("missing" in provided) context.skip(provided.missing);
});
afterAll(async () => {
  await (await started)?.oracle.stop();
});

test.each([
  ["a fixed seed", FIXED],
  ["a fresh seed", FRESH],
])(
  `${String(DECISIONS)} decisions agree with Kubernetes' authorizers, from %s: %i`,
  { timeout: 600_000 * VOLUME },
  async (_, seed) => {
    const comparison = await compare(await theOracle(), await ourJudge(), { seed, decisions: DECISIONS });
    process.stdout.write(`authorizers: ${summary(comparison, seed)}\n`);
    if (comparison.disagreement !== null) expect.fail(describeDisagreement(comparison.disagreement));
    expect(comparison.decisions).toBe(DECISIONS);
    expect(isTelling(comparison), summary(comparison, seed)).toBe(true);
    expect(comparison.allowedByNode).toBeGreaterThan(DECISIONS / 200);
  },
);

describe("kept cases", () => {
  test.each(keptCases())("$why", { timeout: 600_000 }, async ({ want, ...kept }) => {
    const [theirs, ours] = [await (await theOracle()).ask(kept), (await ourJudge())(kept)];
    expect(theirs, "Kubernetes").toBe(want);
    expect(differing(kept, ours, theirs), `ours is ${ours}, Kubernetes' ${theirs}`).toBeNull();
  });
});

const right: Authorize = (rbac, user, request) => authorize(rbac, user, request).allowed;
const onResources =
  (wrong: (rbac: Rbac, user: Identity, request: ResourceRequest) => boolean): Authorize =>
  (rbac, user, request) =>
    "path" in request ? right(rbac, user, request) : wrong(rbac, user, request);

/** Mistakes that others have made, each of which the random cases must show. */
const MISTAKES: [mistake: string, Authorize][] = [
  [
    "pods/* covers every subresource",
    onResources(
      (rbac, user, request) =>
        right(rbac, user, request) ||
        (request.subresource !== "" && right(rbac, user, { ...request, subresource: "*" })),
    ),
  ],
  [
    "a name * covers every name",
    onResources((rbac, user, request) => right(rbac, user, request) || right(rbac, user, { ...request, name: "*" })),
  ],
  [
    "names do not matter where none is asked for",
    onResources(
      (rbac, user, request) =>
        right(rbac, user, request) || (request.name === "" && right(rbac, user, { ...request, name: "db" })),
    ),
  ],
  [
    "RoleBindings count for the whole cluster",
    onResources(
      (rbac, user, request) =>
        right(rbac, user, request) || (request.namespace === "" && right(rbac, user, { ...request, namespace: "a" })),
    ),
  ],
  [
    "a ServiceAccount's name brings its groups",
    (rbac, user, request) =>
      right(rbac, user, request) ||
      (user.name.startsWith("system:serviceaccount:") &&
        right(rbac, { name: user.name, groups: [...user.groups, "system:serviceaccounts"] }, request)),
  ],
  [
    "verbs are compared in lower case",
    (rbac, user, request) => right(rbac, user, { ...request, verb: request.verb.toLowerCase() }),
  ],
  [
    "system:masters has no rights of its own",
    (rbac, user, request) =>
      right(rbac, { ...user, groups: user.groups.filter((group) => group !== MASTERS) }, request),
  ],
];

test.each(MISTAKES)(
  "the comparison finds it when %s, and makes the case small",
  { timeout: 600_000 },
  async (_, wrong) => {
    const { disagreement } = await compare(await theOracle(), await ourJudge(wrong), {
      seed: FIXED,
      decisions: 50_000,
    });
    expect(disagreement).not.toBeNull();
    const { minimal, ours, theirs } = disagreement!;
    expect(ours).not.toBe(theirs);
    expect((await ourJudge())(minimal), "without the mistake").toBe(theirs);
    // A role with a binding, or nothing at all.
    expect(minimal.objects.length).toBeLessThanOrEqual(2);
    expect(JSON.stringify(minimal).length).toBeLessThan(1500);
    expect(describeDisagreement(disagreement!)).toContain('"want"');
  },
);

test("a case that no authorizer can read is refused, and the next one is answered", { timeout: 600_000 }, async () => {
  const oracle = await theOracle();
  const users = [{ name: "alice", groups: [MASTERS] }];
  const requests = [{ user: 0, request: { verb: "get", path: "/healthz" } }];
  await expect(oracle.ask({ objects: [{ kind: "Secret" }], users, requests })).rejects.toThrow('kind "Secret" is none');
  expect(await oracle.ask({ objects: [], users, requests })).toBe("1");
});

test("an oracle that ended says so to everyone who waits", { timeout: 600_000 }, async () => {
  const { oracle } = await Oracle.start(() => undefined);
  await oracle.stop();
  await expect(oracle.ask({ objects: [], users: [], requests: [] })).rejects.toThrow("the oracle ended with status 0");
});
