import { describe, expect, test } from "vitest";
import type { ObjectMeta } from "../../../src/model/object.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import type { Pod, TokenProjection } from "../../../src/model/workload.ts";
import { ago, condition, DAY, forbidden, HOUR, pod, running, template } from "../batch/objects.ts";
import { account, report, run, TOKEN } from "./objects.ts";

/** Finished an hour ago, unless told otherwise. */
function finishedPod(more: { token?: Partial<typeof TOKEN>; meta?: Partial<Pod["meta"]>; ended?: number } = {}): Pod {
  const shape = { tokens: [{ ...TOKEN, ...more.token }], nodeName: "node-3" };
  const [, made] = run("r", more.ended ?? HOUR, null, [], { pod: shape });
  return { ...made, meta: { ...made.meta, ownerReferences: [], ...more.meta } };
}

function runningPod(token: Partial<TokenProjection> = {}): Pod {
  const shape = template({ tokens: [{ ...TOKEN, ...token }] });
  return pod("busy", { phase: "Running", containers: [running("main")], template: shape });
}

const only = (...args: Parameters<typeof report>) => report(...args).items[0]!;
const withAccount = (meta: Partial<ObjectMeta>): Partial<Snapshot> => {
  const one = account("default");
  return { serviceaccounts: [{ ...one, meta: { ...one.meta, ...meta } }] };
};

/** The leeway of 60 s with which an exp is read (Claims.Validate of go-jose). */
const LEEWAY = 60;

describe("a bound token ends at the earliest of", () => {
  test("its exp: a year after the last refresh for the token that admission asks for", () => {
    expect(only([finishedPod()])).toMatchObject({ closes: ago(HOUR - 365 * DAY - LEEWAY), severity: "medium" });
    expect(only([finishedPod()]).carriers[0]).toMatchObject({ closesBecause: "token-expiry", closesIsBound: true });
  });

  test("its exp: what was asked for otherwise, and then it is over", () => {
    expect(only([finishedPod({ token: { expirationSeconds: 600 } })])).toMatchObject({
      closes: ago(HOUR - 600 - LEEWAY),
      severity: "info",
    });
  });

  test("its exp, read with 60 s of leeway", () => {
    const token = { expirationSeconds: 600 };
    expect(only([finishedPod({ token, ended: 600 + LEEWAY - 1 })]).severity).toBe("medium");
    expect(only([finishedPod({ token, ended: 600 + LEEWAY + 1 })]).severity).toBe("info");
  });

  test("its exp: an hour where the volume does not say", () => {
    const closes = ago(HOUR - 3600 - LEEWAY);
    expect(only([finishedPod({ token: { expirationSeconds: null } })]).closes).toBe(closes);
  });

  test("its exp: no later than the longest lifetime that a server takes, whatever a file says", () => {
    const closes = ago(HOUR - 2 ** 32 - LEEWAY);
    expect(only([finishedPod({ token: { expirationSeconds: Number.MAX_SAFE_INTEGER } })]).closes).toBe(closes);
  });

  test("its exp, counted from when its end was written where no container says when it ended", () => {
    const written = (time: string) => ({
      manager: "kubelet",
      operation: "Update",
      subresource: "status",
      time,
      fields: [],
    });
    const evicted = (managedFields: ObjectMeta["managedFields"]): Pod => ({
      ...finishedPod({ token: { expirationSeconds: 7200 }, meta: { managedFields } }),
      phase: "Failed",
      containers: [],
      // Unready long before it ended.
      conditions: [condition("Ready", ago(5 * HOUR), "False")],
    });
    expect(only([evicted([written(ago(300))])]).closes).toBe(ago(300 - 7200 - LEEWAY));
    expect(only([evicted([])]).closes, "by now it had finished").toBe(ago(0 - 7200 - LEEWAY));
  });

  test("its pod: the TTL of the Job", () => {
    const [job, its] = run("r", HOUR, null, [], { spec: { ttlSecondsAfterFinished: DAY }, pod: { tokens: [TOKEN] } });
    expect(only([job, its]).carriers[0]).toMatchObject({ closesBecause: "ttl", closes: ago(HOUR - DAY) });
  });

  test("60 s after the deletionTimestamp, while a finalizer holds the pod", () => {
    const meta = { deletionTimestamp: ago(90), finalizers: ["example.com/keep"] };
    expect(only([finishedPod({ meta })])).toMatchObject({ closes: ago(30), severity: "info" });
    expect(only([finishedPod({ meta })]).carriers[0]!.closesBecause).toBe("deletion-in-progress");
  });

  test("its ServiceAccount: deleted", () => {
    expect(only([finishedPod()], { serviceaccounts: [] }).carriers[0]).toMatchObject({
      closes: ago(0),
      closesBecause: "owner-deletion",
      closesIsBound: true,
    });
  });

  test("60 s after the deletionTimestamp of its ServiceAccount", () => {
    const held = (seconds: number) => withAccount({ deletionTimestamp: ago(seconds) });
    expect(only([finishedPod()], held(90))).toMatchObject({ closes: ago(30), severity: "info" });
    expect(only([finishedPod()], held(10))).toMatchObject({ closes: ago(-50), severity: "medium" });
    expect(only([runningPod()], held(90)).closes).toBe(ago(30));
  });

  test("its ServiceAccount: recreated after the pod had finished", () => {
    expect(only([finishedPod()], withAccount({ creationTimestamp: ago(600) }))).toMatchObject({
      closes: ago(600),
      severity: "info",
    });
  });

  test("a ServiceAccount recreated before that ends nothing: the kubelet renewed the token", () => {
    const before = withAccount({ creationTimestamp: ago(HOUR + 600) });
    expect(only([finishedPod()], before).carriers[0]!.closesBecause).toBe("token-expiry");
    expect(only([runningPod()], withAccount({ creationTimestamp: ago(600) }))).toMatchObject({
      closes: null,
      severity: "low",
    });
  });

  test("an account that was not seen ends nothing", () => {
    const blind = { serviceaccounts: [], blindSpots: [forbidden("serviceaccounts", null)] };
    expect(only([finishedPod()], blind).carriers[0]!.closesBecause).toBe("token-expiry");
  });
});

describe("tokens for another audience", () => {
  test("end by exp alone: whoever judges them sees neither pod nor account", () => {
    const meta = { deletionTimestamp: ago(3000), finalizers: ["example.com/keep"] };
    const token = { audience: "vault", expirationSeconds: 7200 };
    const closes = ago(HOUR - 7200 - LEEWAY);
    expect(only([finishedPod({ token, meta })]).closes).toBe(closes);
    expect(only([finishedPod({ token })], { serviceaccounts: [] }).closes).toBe(closes);
  });

  test("may be the API server's own by name, and then 3607 s are a year", () => {
    const item = only([finishedPod({ token: { audience: "https://kubernetes.default.svc" } })]);
    expect(item.closes).toBe(ago(HOUR - 365 * DAY - LEEWAY));
    expect(item.carriers[0]!.closesWhy).toContain("if https://kubernetes.default.svc means the API server too");
  });

  test("are renewed while the pod runs", () => {
    expect(only([runningPod({ audience: "vault" })]).carriers[0]).toMatchObject({
      closes: null,
      closesBecause: "token-expiry",
      closesIsBound: true,
    });
  });

  test("outlive a pod that is deleted; those for the API server do not", () => {
    const deleted = finishedPod();
    const tokens = [
      TOKEN,
      { audience: "vault", expirationSeconds: 7200, path: "spec.volumes[1].projected.sources[0]" },
    ];
    const pods = [{ ...deleted, template: { ...deleted.template, tokens } }];
    const earlier = { resourceVersion: "1", at: ago(300), cronjobs: [], jobs: [], pods };
    const { items } = report([], { earlier });
    expect(items.map(({ credential, closes }) => [credential.name, closes])).toEqual([
      ["token of serviceaccount/default for vault", ago(HOUR - 7200 - LEEWAY)],
    ]);
    expect(items[0]).toMatchObject({ readers: { items: [] }, token: { mintedByNode: null } });
  });
});

describe("tokens", () => {
  test("of a running pod are in use, without an end that is known", () => {
    expect(only([runningPod()])).toMatchObject({
      closes: null,
      severity: "low",
      atRestHours: { soFar: expect.any(Number) as number },
    });
  });

  test("of a pod that never started do not exist", () => {
    const waiting = pod("waiting", { phase: "Pending", startTime: null, template: template({ tokens: [TOKEN] }) });
    expect(report([waiting]).items).toEqual([]);
  });

  test("of a pod that took the name of another are others", () => {
    const one = finishedPod();
    const other = { ...one, meta: { ...one.meta, uid: "uid-again" } };
    expect(report([one, other]).items).toHaveLength(2);
  });

  test("are read by the pod's node, through the Node authorizer", () => {
    expect(only([finishedPod()]).readers).toMatchObject({
      count: 1,
      items: [{ subject: { kind: "User", namespace: null, name: "system:node:node-3" }, through: ["node-authorizer"] }],
    });
  });
});

describe("automount decides where admission has not spoken: pod over ServiceAccount over true", () => {
  const manifest = (own: boolean | null, accounts: boolean | null) => {
    const bare = pod("p", { template: template({ automountServiceAccountToken: own }), meta: { resourceVersion: "" } });
    const one = { ...account("default"), automountServiceAccountToken: accounts };
    return report([bare], { serviceaccounts: [one] }).items.length;
  };

  test.each([
    [null, null, 1],
    [null, false, 0],
    [null, true, 1],
    [false, true, 0],
    [true, false, 1],
  ])("pod %s, account %s: %i tokens", (own, accounts, tokens) => {
    expect(manifest(own, accounts)).toBe(tokens);
  });

  test("an admitted pod without the volume has no token, whatever the account says now", () => {
    expect(report([pod("p", { template: template({ automountServiceAccountToken: true }) })]).items).toEqual([]);
  });
});
